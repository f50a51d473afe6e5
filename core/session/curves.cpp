// Curves of sessions, laid over one another.

#include <algorithm>
#include <cmath>

#include "session/comparison.h"

namespace frostline {

namespace {

double between(double position, double lower, double upper, double atLower, double atUpper)
{
    return lower < upper ? atLower + (position - lower) / (upper - lower) * (atUpper - atLower) : atLower;
}

/// Where a step lies on the axis.
class Axis {
public:
    Axis(const Session& session, Alignment alignment)
        : m_session(session),
          m_alignment(alignment),
          m_origin(session.parent && alignment == Alignment::RelativeSteps ? session.parent->step : 0),
          m_stepsPerEpoch(stepsPerEpoch(session))
    {
    }

    double of(const MetricPoint& point) const
    {
        return m_alignment == Alignment::Seconds ? point.seconds : of(point.step);
    }
    double of(Step step) const
    {
        switch (m_alignment) {
        case Alignment::Epochs:
            return epochsDone(step);
        case Alignment::Seconds:
            return secondsAt(step);
        case Alignment::Steps:
        case Alignment::RelativeSteps:
            break;
        }
        return static_cast<double>(step - m_origin);
    }

private:
    /// Of the epochs after the last one that was finished. Where none was, what was done counts as one.
    static double stepsPerEpoch(const Session& session)
    {
        const auto& epochs = session.epochs;
        if (epochs.empty())
            return session.steps.empty() ? 0.0 : static_cast<double>(session.steps.back().step + 1);
        const auto& last = epochs.back();
        const Step before = epochs.size() > 1 ? epochs[epochs.size() - 2].step : 0;
        const int count = epochs.size() > 1 ? last.epoch - epochs[epochs.size() - 2].epoch : last.epoch;
        return static_cast<double>(last.step - before) / std::max(count, 1);
    }
    double epochsDone(Step step) const
    {
        const auto& epochs = m_session.epochs;
        const auto next = std::ranges::upper_bound(epochs, step, {}, &EpochRecord::step);
        const bool isFirst = next == epochs.begin();
        const double lower = isFirst ? 0.0 : static_cast<double>(std::prev(next)->step);
        const double done = isFirst ? 0.0 : static_cast<double>(std::prev(next)->epoch);
        const auto position = static_cast<double>(step);
        if (next != epochs.end())
            return between(position, lower, static_cast<double>(next->step), done, next->epoch);
        return m_stepsPerEpoch > 0.0 ? done + (position - lower) / m_stepsPerEpoch : done;
    }
    double secondsAt(Step step) const
    {
        const auto& steps = m_session.steps;
        if (steps.empty())
            return std::nan("");
        const auto next = std::ranges::lower_bound(steps, step, {}, &MetricPoint::step);
        return next == steps.end() ? steps.back().seconds : next->seconds;
    }

    const Session& m_session;
    Alignment m_alignment;
    Step m_origin;
    double m_stepsPerEpoch;
};

double MetricPoint::*fieldOf(Curve curve)
{
    switch (curve) {
    case Curve::TrainAccuracy:
        return &MetricPoint::accuracy;
    case Curve::LearningRate:
        return &MetricPoint::learningRate;
    case Curve::Sparsity:
        return &MetricPoint::sparsity;
    default:
        return &MetricPoint::loss;
    }
}

void add(std::vector<CurvePoint>& points, double x, double y)
{
    if (std::isfinite(x) && std::isfinite(y))
        points.push_back({x, y});
}

/// Gives a curve's height at places that ascend.
class Interpolation {
public:
    explicit Interpolation(const std::vector<CurvePoint>& curve) : m_curve(curve) {}

    double at(double x)
    {
        while (m_next + 1 < m_curve.size() && m_curve[m_next].x < x)
            ++m_next;
        const auto& upper = m_curve[m_next];
        if (m_next == 0 || upper.x == x)
            return upper.y;
        const auto& lower = m_curve[m_next - 1];
        return between(x, lower.x, upper.x, lower.y, upper.y);
    }

private:
    const std::vector<CurvePoint>& m_curve;
    std::size_t m_next = 0;
};

BandPoint bandAt(double x, std::vector<Interpolation>& curves)
{
    // Welford (1962): no difference of large sums.
    double mean = 0.0;
    double squares = 0.0;
    double count = 0.0;
    for (auto& curve : curves) {
        const double y = curve.at(x);
        const double off = y - mean;
        count += 1.0;
        mean += off / count;
        squares += off * (y - mean);
    }
    return {x, mean, count > 1.0 ? std::sqrt(squares / (count - 1.0)) : 0.0};
}

} // namespace

std::vector<CurvePoint> curveOf(const Session& session, Curve curve, Alignment alignment)
{
    const Axis axis(session, alignment);
    std::vector<CurvePoint> points;
    if (curve == Curve::ValidationLoss || curve == Curve::ValidationAccuracy) {
        const auto field = curve == Curve::ValidationLoss ? &Scores::loss : &Scores::accuracy;
        for (const auto& epoch : session.epochs) {
            if (epoch.validation)
                add(points, axis.of(epoch.step), *epoch.validation.*field);
        }
    } else {
        const auto field = fieldOf(curve);
        points.reserve(session.steps.size());
        for (const auto& point : session.steps)
            add(points, axis.of(point), point.*field);
    }
    if (!std::ranges::is_sorted(points, {}, &CurvePoint::x))
        std::ranges::stable_sort(points, {}, &CurvePoint::x);
    return points;
}

std::vector<BandPoint> meanAndBand(std::span<const std::vector<CurvePoint>> curves)
{
    if (curves.empty() || std::ranges::any_of(curves, [](const auto& curve) { return curve.empty(); }))
        return {};
    double from = curves.front().front().x;
    double to = curves.front().back().x;
    std::vector<Interpolation> heights;
    for (const auto& curve : curves) {
        from = std::max(from, curve.front().x);
        to = std::min(to, curve.back().x);
        heights.emplace_back(curve);
    }
    std::vector<BandPoint> band;
    for (const auto& place : curves.front()) {
        if (place.x >= from && place.x <= to)
            band.push_back(bandAt(place.x, heights));
    }
    return band;
}

} // namespace frostline
