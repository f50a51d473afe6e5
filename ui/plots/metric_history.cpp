#include "plots/metric_history.h"

#include <algorithm>
#include <cmath>

namespace frostline {

namespace {

double between(double position, double lower, double upper, double atLower, double atUpper)
{
    return atLower + (position - lower) / (upper - lower) * (atUpper - atLower);
}

} // namespace

void MetricHistory::clear()
{
    *this = {};
}

bool MetricHistory::append(std::span<const MetricPoint> points)
{
    bool onlyAtEnd = true;
    for (const auto& point : points) {
        if (m_points.empty() || m_points.back().step < point.step) {
            m_points.push_back(point);
            continue;
        }
        onlyAtEnd = false;
        const auto place = std::ranges::lower_bound(m_points, point.step, {}, &MetricPoint::step);
        if (place->step == point.step)
            *place = point;
        else
            m_points.insert(place, point);
    }
    return onlyAtEnd;
}

void MetricHistory::addEpoch(const EpochRecord& record)
{
    const auto place = std::ranges::lower_bound(m_epochs, record.epoch, {}, &EpochRecord::epoch);
    if (place != m_epochs.end() && place->epoch == record.epoch)
        *place = record;
    else
        m_epochs.insert(place, record);
}

double MetricHistory::xOf(Step step, XAxis axis) const
{
    switch (axis) {
    case XAxis::Epochs:
        return epochsDone(step);
    case XAxis::Time:
        return secondsAt(step);
    case XAxis::Steps:
        break;
    }
    return static_cast<double>(step);
}

Step MetricHistory::stepAt(double x, XAxis axis) const
{
    Step lower = 0;
    Step upper = stepsDone();
    while (upper - lower > 1) {
        const Step middle = lower + (upper - lower) / 2;
        (xOf(middle, axis) <= x ? lower : upper) = middle;
    }
    return x - xOf(lower, axis) <= xOf(upper, axis) - x ? lower : upper;
}

Step MetricHistory::stepsDone() const
{
    const Step byPoints = m_points.empty() ? 0 : m_points.back().step + 1;
    const Step byEpochs = m_epochs.empty() ? 0 : m_epochs.back().step;
    return std::max(byPoints, byEpochs);
}

std::optional<std::size_t> MetricHistory::bestEpoch() const
{
    std::optional<std::size_t> best;
    double highest = 0.0;
    for (std::size_t i = 0; i < m_epochs.size(); ++i) {
        const auto& scores = m_epochs[i].validation;
        if (!scores)
            continue;
        const double quality = std::isfinite(scores->mae) ? -scores->loss : scores->accuracy;
        if (!std::isfinite(quality) || (best && quality <= highest))
            continue;
        best = i;
        highest = quality;
    }
    return best;
}

double MetricHistory::epochsDone(Step step) const
{
    const auto next = std::ranges::upper_bound(m_epochs, step, {}, &EpochRecord::step);
    const bool isFirst = next == m_epochs.begin();
    const double lower = isFirst ? 0.0 : static_cast<double>(std::prev(next)->step);
    const double done = isFirst ? 0.0 : static_cast<double>(std::prev(next)->epoch);
    const auto position = static_cast<double>(step);
    if (next != m_epochs.end())
        return between(position, lower, static_cast<double>(next->step), done, next->epoch);
    const double length = stepsPerEpoch();
    return length > 0.0 ? done + (position - lower) / length : done;
}

double MetricHistory::secondsAt(Step step) const
{
    if (m_points.empty())
        return 0.0;
    const auto next = std::ranges::lower_bound(m_points, step, {}, &MetricPoint::step);
    if (next == m_points.end())
        return m_points.back().seconds;
    if (next->step == step || next == m_points.begin())
        return next->seconds;
    const auto& before = *std::prev(next);
    return between(static_cast<double>(step), static_cast<double>(before.step),
                   static_cast<double>(next->step), before.seconds, next->seconds);
}

double MetricHistory::stepsPerEpoch() const
{
    if (m_stepsPerEpoch > 0 || m_epochs.empty())
        return static_cast<double>(m_stepsPerEpoch);
    const auto& last = m_epochs.back();
    if (m_epochs.size() == 1)
        return static_cast<double>(last.step) / last.epoch;
    const auto& before = m_epochs[m_epochs.size() - 2];
    return static_cast<double>(last.step - before.step) / (last.epoch - before.epoch);
}

} // namespace frostline
