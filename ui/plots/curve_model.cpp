#include "plots/curve_model.h"

#include <algorithm>
#include <limits>

namespace frostline {

double valueOf(const MetricPoint& point, Metric metric)
{
    switch (metric) {
    case Metric::Accuracy:
        return point.accuracy;
    case Metric::LearningRate:
        return point.learningRate;
    case Metric::Sparsity:
        return point.sparsity;
    case Metric::Error:
        return point.mae;
    case Metric::Loss:
        break;
    }
    return point.loss;
}

bool isSmoothable(Metric metric)
{
    return metric == Metric::Loss || metric == Metric::Accuracy || metric == Metric::Error;
}

double validationOf(const EpochRecord& record, Metric metric)
{
    if (!record.validation || !isSmoothable(metric))
        return std::numeric_limits<double>::quiet_NaN();
    return metric == Metric::Loss    ? record.validation->loss
           : metric == Metric::Error ? record.validation->mae
                                     : record.validation->accuracy;
}

void CurveModel::clear()
{
    m_history.clear();
    rebuild();
}

void CurveModel::setStepsPerEpoch(Step steps)
{
    m_history.setStepsPerEpoch(steps);
    if (m_axis == XAxis::Epochs)
        moveAllPoints();
}

void CurveModel::append(std::span<const MetricPoint> points)
{
    const std::size_t before = m_history.points().size();
    if (m_history.append(points))
        extend(before);
    else
        rebuild();
}

void CurveModel::addEpoch(const EpochRecord& record)
{
    m_history.addEpoch(record);
    const auto& points = m_history.points();
    const bool moved =
        m_axis == XAxis::Epochs && !points.empty() && m_history.xOf(points.back().step, m_axis) != m_x.back();
    if (moved)
        moveAllPoints();
}

void CurveModel::addIntervention(const Intervention& intervention)
{
    m_history.addIntervention(intervention);
}

void CurveModel::setAxis(XAxis axis)
{
    m_axis = axis;
    moveAllPoints();
}

void CurveModel::setSmoothing(double weight)
{
    if (weight == m_weight)
        return;
    m_weight = weight;
    rebuild();
}

std::optional<Interval> CurveModel::extent() const
{
    std::optional<Interval> result;
    if (!m_x.empty()) {
        include(result, m_x.front());
        include(result, m_x.back());
    }
    for (const auto& record : m_history.epochs())
        include(result, m_history.xOf(record.step, m_axis));
    for (const auto& intervention : m_history.interventions())
        include(result, m_history.xOf(intervention.step, m_axis));
    return result;
}

std::size_t CurveModel::nearest(double x) const
{
    const auto next = std::ranges::lower_bound(m_x, x);
    if (next == m_x.end())
        return m_x.size() - 1;
    const auto index = static_cast<std::size_t>(next - m_x.begin());
    return index > 0 && x - m_x[index - 1] < *next - x ? index - 1 : index;
}

void CurveModel::extend(std::size_t from)
{
    const auto added = std::span(m_history.points()).subspan(from);
    placePoints(added);
    for (const Metric metric : kCurves) {
        const std::size_t index = indexOf(metric);
        const bool smooths = m_weight > 0.0 && isSmoothable(metric);
        for (const auto& point : added) {
            m_raw[index].append(valueOf(point, metric));
            if (smooths)
                m_smooth[index].append(m_smoothers[index].next(valueOf(point, metric)));
        }
    }
}

void CurveModel::rebuild()
{
    ++m_revision;
    m_x.clear();
    for (const Metric metric : kCurves) {
        m_raw[indexOf(metric)].clear();
        m_smooth[indexOf(metric)].clear();
        m_smoothers[indexOf(metric)] = Smoother(m_weight);
    }
    extend(0);
}

void CurveModel::moveAllPoints()
{
    ++m_revision;
    m_x.clear();
    placePoints(m_history.points());
}

void CurveModel::placePoints(std::span<const MetricPoint> points)
{
    for (const auto& point : points) {
        const double x = m_axis == XAxis::Time ? point.seconds : m_history.xOf(point.step, m_axis);
        m_x.push_back(m_x.empty() ? x : std::max(x, m_x.back()));
    }
}

} // namespace frostline
