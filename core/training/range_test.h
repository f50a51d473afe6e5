#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "training/rate_suggestions.h"

namespace frostline {

/// A learning-rate range test (Smith 2017): steps at rates that rise exponentially from `start` to `end`.
struct RangeTestOptions {
    static constexpr int kFewestSteps = 10;
    static constexpr int kMostSteps = 100'000;
    static constexpr double kHighestRate = 1000.0;

    double start = 1e-7;
    double end = 10.0;
    int steps = 100;

    bool operator==(const RangeTestOptions&) const = default;
};

/// An error says which of them cannot be.
Status check(const RangeTestOptions& options);

enum class RangeEnd {
    Completed, ///< All steps were made.
    Diverged,  ///< The smoothed loss rose above kDivergence times its least.
    NotFinite, ///< Loss, gradient or statistics were no numbers any more.
    Stopped,   ///< By the user.
};

struct RangeTest {
    static constexpr double kDivergence = 4.0;

    RangeTestOptions options;
    std::vector<RangePoint> points; ///< Of steps whose loss was finite.
    RangeEnd end = RangeEnd::Completed;
    double endRate = 0.0; ///< Of the last step, made in full or not; 0 where there was none.
    std::string problem;  ///< NotFinite: what was no number.
    std::vector<RateSuggestion> suggestions;
};

/// Hears of each step; must not block.
using RangeProgress = std::function<void(const RangePoint&)>;

/// The course of a range test: which rate comes next, smoothing, when to end. Losses are smoothed as by
/// fastai's AvgSmoothLoss: exponentially weighted, beta 0.98, with the start's bias taken out. Torch-free.
class RangeCourse {
public:
    explicit RangeCourse(const RangeTestOptions& options);

    bool isOver() const;
    int steps() const { return static_cast<int>(m_test.points.size()); } ///< Done.
    double rate() const;                                                 ///< Of the next step.
    const RangePoint& add(double loss);
    /// The step gave no loss that counts.
    void fail(const std::string& problem);
    void stop();
    /// With what the curve suggests.
    RangeTest finish() &&;

private:
    RangeTest m_test;
    double m_average = 0.0;
    double m_best = 0.0;
    bool m_isOver = false;
};

std::string_view nameOf(RangeEnd end);
/// Why it ended and at which rate: `stopped at a rate of 0.43: the smoothed loss rose above 4 times its
/// least`.
std::string describeEnd(const RangeTest& test);
/// `learning_rate,loss,smoothed_loss`, a row for each step; numbers read back to the same bits.
std::string csvOf(const RangeTest& test);

} // namespace frostline
