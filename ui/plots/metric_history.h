#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "training/metrics.h"

namespace frostline {

/// What runs along the shared axis of the plots.
enum class XAxis { Steps, Epochs, Time };

/// Everything one run has shown of itself so far, exact and sorted by step. Plain data, one thread.
class MetricHistory {
public:
    void clear();
    /// 0 learns it from the epoch records.
    void setStepsPerEpoch(Step steps) { m_stepsPerEpoch = steps; }

    /// A step that comes again replaces the earlier one. False if anything but the end has changed.
    bool append(std::span<const MetricPoint> points);
    /// Kept sorted; an epoch that comes again replaces the earlier one.
    void addEpoch(const EpochRecord& record);
    /// Kept in the order given: their index is their name outside.
    void addIntervention(const Intervention& intervention) { m_interventions.push_back(intervention); }

    const std::vector<MetricPoint>& points() const { return m_points; }
    const std::vector<EpochRecord>& epochs() const { return m_epochs; }
    const std::vector<Intervention>& interventions() const { return m_interventions; }

    /// Where a step stands: the step itself, epochs done with a fraction, or seconds.
    double xOf(Step step, XAxis axis) const;
    /// The step that stands nearest to `x`, from 0 to all that were done.
    Step stepAt(double x, XAxis axis) const;
    /// As far as points and epochs tell.
    Step stepsDone() const;
    /// Index of the epoch with the highest validation accuracy, or with the least loss where the task has no
    /// accuracy; the first of equals.
    std::optional<std::size_t> bestEpoch() const;

private:
    double epochsDone(Step step) const;
    double secondsAt(Step step) const;
    double stepsPerEpoch() const;

    std::vector<MetricPoint> m_points;
    std::vector<EpochRecord> m_epochs;
    std::vector<Intervention> m_interventions;
    Step m_stepsPerEpoch = 0;
};

} // namespace frostline
