#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace frostline {

/// A marker as far as its label is concerned, in pixels.
struct MarkerPlace {
    double x = 0.0;
    double width = 0.0; ///< Of its text.
};

/// One label, standing for one marker or for several that are too close.
struct MarkerLabel {
    std::size_t first = 0; ///< Index of the marker whose text it shows.
    std::size_t count = 1;
    std::size_t row = 0; ///< 0 is the row next to the plots.
    double left = 0.0;
    double width = 0.0;
};

inline constexpr std::size_t kMarkerRows = 2;

/// Labels between `left` and `right`: each begins at its marker, in the first row where it touches no other.
/// One that no row has room for is counted in the label before it, where `countWidth` makes room for the
/// number. `places` ascend.
std::vector<MarkerLabel> layOutMarkers(std::span<const MarkerPlace> places, double left, double right,
                                       double countWidth);

} // namespace frostline
