#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace frostline {

/// A step of a range test: the rate that it was made at, its batch's loss, and the losses up to it smoothed.
struct RangePoint {
    double rate = 0.0;
    double loss = 0.0;
    double smoothed = 0.0;

    bool operator==(const RangePoint&) const = default;
};

enum class RateMethod { Valley, Slide, Minimum, Steep };

/// A learning rate that the curve of a range test suggests.
struct RateSuggestion {
    RateMethod method = RateMethod::Valley;
    std::optional<double> rate;
    std::string absence; ///< Why there is none; empty where there is one.
};

/// fastai's four suggestions (fastai 2.7, fastai/callback/schedule.py) over the smoothed losses. Like its
/// lr_find they look at neither the first tenth of the `steps` that the test was meant to have nor its last
/// five points.
/// - valley: the middle of the longest fall, which is the longest decreasing subsequence;
/// - slide: from the right, the left end of the first stretch of 15 steps over which the slope hardly
/// changes;
/// - minimum: a tenth of the rate of the least loss;
/// - steep: where the loss falls fastest over the rate's logarithm.
/// A curve that falls nowhere suggests nothing; fastai would give its first rate.
std::vector<RateSuggestion> suggestRates(std::span<const RangePoint> points, int steps);

std::string_view nameOf(RateMethod method);

} // namespace frostline
