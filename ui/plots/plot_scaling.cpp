#include "plots/plot_scaling.h"

#include <algorithm>
#include <cmath>

namespace frostline {

namespace {

constexpr double kAir = 0.06;
constexpr double kLogarithmicAir = 0.1;
constexpr double kSmallestShare = 1e-4; ///< Of the largest value, where a logarithmic axis meets a zero.

Interval paddedLogarithmic(Interval interval)
{
    if (interval.upper <= 0.0)
        return {0.1, 1.0};
    if (interval.lower <= 0.0)
        interval.lower = interval.upper * kSmallestShare;
    const double ratio = interval.upper / interval.lower;
    const double air = ratio > 1.0 + 1e-9 ? std::pow(ratio, kLogarithmicAir) : 3.0;
    return {interval.lower / air, interval.upper * air};
}

} // namespace

void include(std::optional<Interval>& interval, double value)
{
    if (!std::isfinite(value))
        return;
    if (!interval)
        interval = Interval{value, value};
    interval->lower = std::min(interval->lower, value);
    interval->upper = std::max(interval->upper, value);
}

std::optional<Interval> withoutOutliers(std::vector<double> values)
{
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    if (values.empty())
        return std::nullopt;
    std::ranges::sort(values);
    const auto at = [&values](double share) {
        return values[static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
    };
    return Interval{at(0.01), at(0.99)};
}

Interval padded(Interval interval, Scale scale)
{
    if (scale == Scale::Logarithmic)
        return paddedLogarithmic(interval);
    const double magnitude = std::max(std::abs(interval.lower), std::abs(interval.upper));
    const bool isPoint = interval.size() <= magnitude * 1e-9;
    const double room = magnitude > 0.0 ? magnitude * 0.1 : 1.0;
    const double air = isPoint ? room : interval.size() * kAir;
    return {interval.lower - air, interval.upper + air};
}

} // namespace frostline
