#include "plots/marker_layout.h"

#include <algorithm>

namespace frostline {

namespace {

constexpr double kGap = 4.0;

double leftOf(const MarkerPlace& place, double width, double left, double right)
{
    return std::max(left, std::min(place.x, right - width));
}

} // namespace

std::vector<MarkerLabel> layOutMarkers(std::span<const MarkerPlace> places, double left, double right,
                                       double countWidth)
{
    std::vector<MarkerLabel> labels;
    for (std::size_t i = 0; i < places.size(); ++i) {
        const double begin = leftOf(places[i], places[i].width, left, right);
        if (labels.empty() || begin >= labels.back().left + labels.back().width + kGap) {
            labels.push_back({i, 1, begin, places[i].width});
            continue;
        }
        MarkerLabel& label = labels.back();
        if (++label.count == 2) {
            label.width += countWidth;
            label.left = leftOf(places[label.first], label.width, left, right);
        }
    }
    return labels;
}

} // namespace frostline
