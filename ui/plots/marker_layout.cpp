#include "plots/marker_layout.h"

#include <algorithm>
#include <array>

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
    std::array<double, kMarkerRows> taken;
    taken.fill(left - kGap);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const double begin = leftOf(places[i], places[i].width, left, right);
        const auto free = std::ranges::find_if(taken, [=](double end) { return begin >= end + kGap; });
        if (free != taken.end() || labels.empty()) {
            const auto row = free != taken.end() ? free - taken.begin() : 0;
            labels.push_back({i, 1, static_cast<std::size_t>(row), begin, places[i].width});
            taken[labels.back().row] = begin + places[i].width;
            continue;
        }
        MarkerLabel& label = labels.back();
        if (++label.count == 2) {
            label.width += countWidth;
            label.left = leftOf(places[label.first], label.width, left, right);
            taken[label.row] = label.left + label.width;
        }
    }
    return labels;
}

} // namespace frostline
