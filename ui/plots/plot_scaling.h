#pragma once

#include <optional>
#include <vector>

namespace frostline {

/// From here to there, on an axis.
struct Interval {
    double lower = 0.0;
    double upper = 0.0;

    double size() const { return upper - lower; }
    bool operator==(const Interval&) const = default;
};

enum class Scale { Linear, Logarithmic };

/// Grows `interval`, if there is one yet, to hold `value`; what is not finite changes nothing.
void include(std::optional<Interval>& interval, double value);

/// From the 1st to the 99th percentile of the finite ones; nothing if there is none.
std::optional<Interval> withoutOutliers(std::vector<double> values);

/// With some air on both sides; one value alone gets room around it. A logarithmic result is positive.
Interval padded(Interval interval, Scale scale);

} // namespace frostline
