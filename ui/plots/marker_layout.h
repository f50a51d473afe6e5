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
    double left = 0.0;
    double width = 0.0;
};

/// Labels in one row between `left` and `right`: each begins at its marker, and one that would touch the
/// label before it is counted there instead, where `countWidth` makes room for the number. `places` ascend.
std::vector<MarkerLabel> layOutMarkers(std::span<const MarkerPlace> places, double left, double right,
                                       double countWidth);

} // namespace frostline
