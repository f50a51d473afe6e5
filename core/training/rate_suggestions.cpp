#include "training/rate_suggestions.h"

#include <algorithm>
#include <cmath>

namespace frostline {

namespace {

constexpr std::size_t kLeftOutAtEnd = 5;
constexpr std::size_t kFewest = 3;
constexpr std::size_t kSlideSteps = 15;
constexpr double kSlideThreshold = 0.005;
constexpr double kMinimumDivisor = 10.0;

using Points = std::span<const RangePoint>;

Points judged(Points points, int steps)
{
    const auto first = static_cast<std::size_t>(steps) / 10;
    return points.size() <= first + kLeftOutAtEnd
               ? Points()
               : points.subspan(first, points.size() - first - kLeftOutAtEnd);
}

bool fallsAnywhere(Points points)
{
    return std::ranges::adjacent_find(points, std::ranges::greater{}, &RangePoint::smoothed) != points.end();
}

double valley(Points points)
{
    std::vector<std::size_t> lengths(points.size(), 1); // Of the longest fall that ends there.
    for (std::size_t i = 1; i < points.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (points[i].smoothed < points[j].smoothed)
                lengths[i] = std::max(lengths[i], lengths[j] + 1);
        }
    }
    const auto longest = std::ranges::max_element(lengths);
    const auto end = longest - lengths.begin();
    // As many points before its end as it has, whether they belong to it or not.
    const auto length = static_cast<std::ptrdiff_t>(*longest);
    const auto index = end - length + length / 3 + length / 6;
    return points[static_cast<std::size_t>(std::max<std::ptrdiff_t>(index, 0))].rate;
}

/// As numpy.gradient: central differences, one-sided ones at the ends.
std::vector<double> slopesOf(Points points)
{
    std::vector<double> slopes;
    const auto last = points.size() - 1;
    for (std::size_t i = 0; i <= last; ++i) {
        const auto before = i == 0 ? 0 : i - 1;
        const auto after = std::min(i + 1, last);
        slopes.push_back((points[after].smoothed - points[before].smoothed) /
                         static_cast<double>(after - before));
    }
    return slopes;
}

double slide(Points points)
{
    const auto slopes = slopesOf(points);
    auto right = points.size() - 1;
    auto left = right - kSlideSteps;
    auto found = left;
    while (std::abs(slopes[right] - slopes[left]) > kSlideThreshold) {
        found = left;
        if (left == 0)
            break;
        --right;
        --left;
    }
    return points[found].rate;
}

double minimum(Points points)
{
    return std::ranges::min_element(points, {}, &RangePoint::smoothed)->rate / kMinimumDivisor;
}

double steep(Points points)
{
    std::vector<double> slopes;
    for (std::size_t i = 0; i + 1 < points.size(); ++i)
        slopes.push_back((points[i + 1].smoothed - points[i].smoothed) /
                         (std::log(points[i + 1].rate) - std::log(points[i].rate)));
    return points[static_cast<std::size_t>(std::ranges::min_element(slopes) - slopes.begin())].rate;
}

double rateBy(RateMethod method, Points points)
{
    switch (method) {
    case RateMethod::Slide:
        return slide(points);
    case RateMethod::Minimum:
        return minimum(points);
    case RateMethod::Steep:
        return steep(points);
    case RateMethod::Valley:
        break;
    }
    return valley(points);
}

std::string absenceOf(RateMethod method, Points points)
{
    const auto needed = method == RateMethod::Slide ? kSlideSteps + 1 : kFewest;
    if (points.size() < needed)
        return "the curve is too short: of its steps between the first tenth and the last five " +
               std::to_string(needed) + " are needed, and there are " + std::to_string(points.size());
    if (!fallsAnywhere(points))
        return "the loss falls nowhere between the first tenth and the last five steps";
    return {};
}

} // namespace

std::vector<RateSuggestion> suggestRates(std::span<const RangePoint> points, int steps)
{
    const auto looked = judged(points, steps);
    std::vector<RateSuggestion> suggestions;
    for (const auto method :
         {RateMethod::Valley, RateMethod::Slide, RateMethod::Minimum, RateMethod::Steep}) {
        RateSuggestion suggestion;
        suggestion.method = method;
        suggestion.absence = absenceOf(method, looked);
        if (suggestion.absence.empty())
            suggestion.rate = rateBy(method, looked);
        suggestions.push_back(std::move(suggestion));
    }
    return suggestions;
}

std::string_view nameOf(RateMethod method)
{
    switch (method) {
    case RateMethod::Slide:
        return "slide";
    case RateMethod::Minimum:
        return "minimum";
    case RateMethod::Steep:
        return "steep";
    case RateMethod::Valley:
        break;
    }
    return "valley";
}

} // namespace frostline
