#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "plots/envelope.h"
#include "plots/metric_history.h"
#include "plots/plot_scaling.h"
#include "plots/smoothing.h"

namespace frostline {

/// The error stands in the place of the accuracy where a task has none.
enum class Metric { Loss, Accuracy, LearningRate, Sparsity, Error };
/// Of the panels, from top to bottom.
inline constexpr std::array kMetrics{Metric::Loss, Metric::Accuracy, Metric::LearningRate, Metric::Sparsity};
inline constexpr std::array kCurves{Metric::Loss, Metric::Accuracy, Metric::LearningRate, Metric::Sparsity,
                                    Metric::Error};

double valueOf(const MetricPoint& point, Metric metric);
/// Loss, accuracy and error; a rate is what it was set to, so smoothing it would lie.
bool isSmoothable(Metric metric);
/// NaN where the epoch was not validated.
double validationOf(const EpochRecord& record, Metric metric);

/// A run's history as curves over the chosen axis, raw and smoothed. Plain data, one thread.
class CurveModel {
public:
    void clear();
    void setStepsPerEpoch(Step steps);
    void append(std::span<const MetricPoint> points);
    void addEpoch(const EpochRecord& record);
    void addIntervention(const Intervention& intervention);
    void setAxis(XAxis axis);
    void setSmoothing(double weight);

    const MetricHistory& history() const { return m_history; }
    XAxis axis() const { return m_axis; }
    double smoothing() const { return m_weight; }
    bool isEmpty() const { return m_history.points().empty() && m_history.epochs().empty(); }

    /// Where each point stands; never descending.
    std::span<const double> x() const { return m_x; }
    const CurveData& raw(Metric metric) const { return m_raw[indexOf(metric)]; }
    /// Empty while smoothing is off and for what is never smoothed.
    const CurveData& smooth(Metric metric) const { return m_smooth[indexOf(metric)]; }

    /// All there is along the axis: points, epoch ends, interventions.
    std::optional<Interval> extent() const;
    /// Index of the point nearest to `x`; there must be one.
    std::size_t nearest(double x) const;
    /// Another number when points handed out before have changed, rather than been added to.
    int revision() const { return m_revision; }

private:
    static std::size_t indexOf(Metric metric) { return static_cast<std::size_t>(metric); }
    void extend(std::size_t from);
    void rebuild();
    void moveAllPoints();
    void placePoints(std::span<const MetricPoint> points);

    MetricHistory m_history;
    XAxis m_axis = XAxis::Steps;
    double m_weight = 0.0;
    int m_revision = 0;
    std::vector<double> m_x;
    std::array<CurveData, kCurves.size()> m_raw;
    std::array<CurveData, kCurves.size()> m_smooth;
    std::array<Smoother, kCurves.size()> m_smoothers;
};

} // namespace frostline
