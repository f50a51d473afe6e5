#pragma once

#include <string>

#include "training/range_test.h"

namespace frostline {

/// A range test as an SVG file of its own: loss over the learning rate's logarithm, each step's faint,
/// smoothed strong, the suggested rates marked. Empty where there is nothing to draw.
std::string svgOf(const RangeTest& test);

} // namespace frostline
