#pragma once

#include <vector>

#include "plan/plan_rows.h"
#include "session/session.h"

namespace frostline {

/// The learning rate of one step, before multipliers of layers.
struct PlannedRate {
    Step step = 0;
    double rate = 0.0;
    bool dependsOnRun = false; ///< Drops of a plateau schedule are not known before.

    bool operator==(const PlannedRate&) const = default;
};

/// A plan laid out on one axis of steps, each phase at its longest. Plain data.
struct PlannedCourse {
    bool hasSteps = false;    ///< Else the steps of an epoch are unknown, and only epochs mean something.
    Step stepsPerEpoch = 1;   ///< Something even so.
    std::vector<Step> begins; ///< Of each phase; one more for the end.
    std::vector<PlannedRate> rates; ///< All steps, or of a long run as many as can be told apart.

    Step steps() const { return begins.empty() ? 0 : begins.back(); }
    bool dependsOnRun() const;
};

/// `stepsPerEpoch` is 0 while unknown.
PlannedCourse plannedCourse(const std::vector<PlanReport>& reports, Step stepsPerEpoch);

/// As its epochs tell; 0 where none was finished.
Step stepsPerEpochOf(const Session& session);

} // namespace frostline
