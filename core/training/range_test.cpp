#include "training/range_test.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/number.h"

namespace frostline {

namespace {

constexpr double kBeta = 0.98;

std::string shortText(double number)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2g", number);
    return text;
}

} // namespace

Status check(const RangeTestOptions& options)
{
    const auto highest = formatNumber(RangeTestOptions::kHighestRate);
    if (!(options.start > 0.0) || !(options.end <= RangeTestOptions::kHighestRate))
        return badInput("range test: rates go from above 0 to " + highest + ", not from " +
                        formatNumber(options.start) + " to " + formatNumber(options.end));
    if (options.start >= options.end)
        return badInput("range test: it starts at " + formatNumber(options.start) +
                        ", which has to be below its end at " + formatNumber(options.end));
    if (options.steps < RangeTestOptions::kFewestSteps || options.steps > RangeTestOptions::kMostSteps)
        return badInput("range test: " + std::to_string(options.steps) + " steps; it takes " +
                        std::to_string(RangeTestOptions::kFewestSteps) + " to " +
                        std::to_string(RangeTestOptions::kMostSteps));
    return {};
}

RangeCourse::RangeCourse(const RangeTestOptions& options)
{
    m_test.options = options;
}

bool RangeCourse::isOver() const
{
    return m_isOver || steps() >= m_test.options.steps;
}

double RangeCourse::rate() const
{
    const auto& [start, end, all] = m_test.options;
    const double share = static_cast<double>(steps()) / (all - 1);
    return std::min(end, start * std::pow(end / start, share));
}

const RangePoint& RangeCourse::add(double loss)
{
    const double now = rate();
    m_average = kBeta * m_average + (1.0 - kBeta) * loss;
    const double smoothed = m_average / (1.0 - std::pow(kBeta, steps() + 1));
    m_best = steps() == 0 ? smoothed : std::min(m_best, smoothed);
    m_test.endRate = now;
    m_test.points.push_back({now, loss, smoothed});
    if (smoothed > RangeTest::kDivergence * m_best) {
        m_test.end = RangeEnd::Diverged;
        m_isOver = true;
    }
    return m_test.points.back();
}

void RangeCourse::fail(const std::string& problem)
{
    m_test.endRate = rate();
    m_test.end = RangeEnd::NotFinite;
    m_test.problem = problem;
    m_isOver = true;
}

void RangeCourse::stop()
{
    m_test.end = RangeEnd::Stopped;
    m_isOver = true;
}

RangeTest RangeCourse::finish() &&
{
    m_test.suggestions = suggestRates(m_test.points, m_test.options.steps);
    return std::move(m_test);
}

std::string_view nameOf(RangeEnd end)
{
    switch (end) {
    case RangeEnd::Diverged:
        return "diverged";
    case RangeEnd::NotFinite:
        return "not_finite";
    case RangeEnd::Stopped:
        return "stopped";
    case RangeEnd::Completed:
        break;
    }
    return "completed";
}

std::string describeEnd(const RangeTest& test)
{
    const auto at = " at a rate of " + shortText(test.endRate);
    switch (test.end) {
    case RangeEnd::Diverged:
        return "ended" + at + ": the smoothed loss rose above " + shortText(RangeTest::kDivergence) +
               " times its least";
    case RangeEnd::NotFinite:
        return "ended" + at + ": " + test.problem;
    case RangeEnd::Stopped:
        return test.points.empty() ? "stopped before its first step" : "stopped" + at;
    case RangeEnd::Completed:
        break;
    }
    return "made all " + std::to_string(test.options.steps) + " steps, up to a rate of " +
           shortText(test.endRate);
}

std::string csvOf(const RangeTest& test)
{
    std::string csv = "learning_rate,loss,smoothed_loss\n";
    for (const auto& point : test.points)
        csv += formatNumber(point.rate) + ',' + formatNumber(point.loss) + ',' +
               formatNumber(point.smoothed) + '\n';
    return csv;
}

} // namespace frostline
