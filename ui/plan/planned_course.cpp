#include "plan/planned_course.h"

#include <algorithm>
#include <set>

#include "training/schedule.h"

namespace frostline {

namespace {

constexpr Step kNominalSteps = 100; ///< Of an epoch, while unknown.
constexpr Step kMostPoints = 4000;
constexpr int kMostEpochs = 400; ///< Whose both ends are kept, for there a rate drops.

/// Steps of a phase to be looked at.
std::set<Step> stepsToShow(Step steps, Step stride, Step stepsPerEpoch)
{
    std::set<Step> shown{steps - 1};
    for (Step step = 0; step < steps; step += stride)
        shown.insert(step);
    if (stride == 1 || steps / stepsPerEpoch > kMostEpochs)
        return shown;
    for (Step step = stepsPerEpoch; step < steps; step += stepsPerEpoch)
        shown.insert({step - 1, step});
    return shown;
}

} // namespace

bool PlannedCourse::dependsOnRun() const
{
    return std::ranges::any_of(rates, &PlannedRate::dependsOnRun);
}

Step stepsPerEpochOf(const Session& session)
{
    if (session.epochs.empty())
        return 0;
    const auto& first = session.epochs.front();
    return first.step / std::max(1, first.epoch);
}

PlannedCourse plannedCourse(const std::vector<PlanReport>& reports, Step stepsPerEpoch)
{
    PlannedCourse course;
    course.hasSteps = stepsPerEpoch > 0;
    course.stepsPerEpoch = course.hasSteps ? stepsPerEpoch : kNominalSteps;
    for (const auto& report : reports)
        course.begins.push_back(report.epochsBefore * course.stepsPerEpoch);
    if (!reports.empty())
        course.begins.push_back((reports.back().epochsBefore + reports.back().epochs) * course.stepsPerEpoch);
    const Step stride = std::max<Step>(1, course.steps() / kMostPoints);
    for (std::size_t i = 0; i < reports.size(); ++i) {
        const auto& report = reports[i];
        const bool isGuess = report.schedule.kind == ScheduleKind::Plateau;
        const Step steps = report.epochs * course.stepsPerEpoch;
        for (const Step step : stepsToShow(steps, stride, course.stepsPerEpoch)) {
            const double rate =
                scheduledRate(report.schedule, {step, course.stepsPerEpoch, report.epochs, 0}, report.rate);
            course.rates.push_back({course.begins[i] + step, rate, isGuess});
        }
    }
    return course;
}

} // namespace frostline
