#include "training/range_tester.h"

#include "training/run_loop.h"
#include "training/trainer_guard.h"

namespace frostline {

Result<RangeTest> RangeTester::test(const RangeTestOptions& options, const RangeProgress& tell,
                                    const std::stop_token& stop)
{
    const auto ready = check(options).and_then([&] { return goBack(stop); });
    if (!ready)
        return tl::unexpected(ready.error());
    auto& trainer = m_loop.trainer();
    const TrainerGuard guard(trainer);
    if (const auto applied = applyDue(); !applied)
        return tl::unexpected(applied.error());
    if (!trainer.hasTrainable())
        return badInput(m_loop.recipe().source +
                        "nothing is trainable: every layer is frozen; make at least one trainable");
    trainer.setScheduleFactor(1.0);
    RangeCourse course(options);
    while (!course.isOver()) {
        if (stop.stop_requested()) {
            course.stop();
        } else if (const auto made = step(course, tell); !made) {
            return tl::unexpected(made.error());
        }
    }
    return std::move(course).finish();
}

/// To where a run that goes on from a session begins.
Status RangeTester::goBack(const std::stop_token& stop)
{
    RunObserver nobody;
    m_loop.m_observer = &nobody;
    m_loop.m_stop = stop;
    const auto back = m_loop.goBack();
    m_loop.m_observer = nullptr;
    return back;
}

/// What the run would change before its next step, without a word of it in the record.
Status RangeTester::applyDue()
{
    auto& trainer = m_loop.trainer();
    const auto& course = m_loop.m_course;
    if (const auto best = course.goesBackTo(); best && m_loop.epochEndedHere()) {
        const auto made = m_loop.isRecordedHere({ChangeKind::Restore, "", static_cast<double>(*best)});
        if (const auto gone = made ? Status() : m_loop.goBackTo(*best); !gone)
            return gone;
    }
    auto changes = m_loop.changesOfPhase();
    if (!changes)
        return tl::unexpected(changes.error());
    for (auto next = m_loop.m_nextDue; next < m_loop.m_start.due.size(); ++next) {
        const auto& [step, change, origin, at] = m_loop.m_start.due[next].intervention;
        if (step == m_loop.progress().step)
            changes->push_back(change);
    }
    for (const auto& change : *changes) {
        if (const auto applied = trainer.apply(change); !applied)
            return badInput(toText(change) + ": " + applied.error().message);
    }
    return {};
}

Status RangeTester::step(RangeCourse& course, const RangeProgress& tell)
{
    auto& trainer = m_loop.trainer();
    const Step step = course.steps();
    if (const auto set = trainer.apply({ChangeKind::LearningRate, "", course.rate()}); !set)
        return set;
    const auto outcome = trainer.step(step, m_loop.samplesFrom(step), m_loop.batchSizeOf(step));
    if (outcome.isOutOfMemory)
        return failure(ErrorCode::RunFailed,
                       "range test, step " + std::to_string(step) + ": " + outcome.problem);
    if (!outcome.problem.empty()) {
        course.fail(outcome.problem);
        return {};
    }
    const auto& point = course.add(outcome.loss);
    if (tell)
        tell(point);
    return {};
}

} // namespace frostline
