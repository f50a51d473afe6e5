// RunLoop: what is kept on disk, and what happens when it cannot be.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>
#include <utility>

#include "training/run_loop.h"
#include "training/torch_errors.h"

namespace frostline {

namespace {

const std::string kCannotSave = "the session cannot be saved: ";

} // namespace

SessionRecorder::Checkpoint RunLoop::snapshot(const Marks& marks)
{
    const auto interventions = m_recorder.session().interventions.size();
    const auto state =
        std::make_shared<const Checkpoint>(m_trainer->checkpoint(m_progress.step, interventions));
    return asWritten(state, m_progress.epoch, marks);
}

SessionRecorder::Checkpoint RunLoop::asWritten(std::shared_ptr<const Checkpoint> state, int epoch,
                                               const Marks& marks)
{
    const auto& settings = state->settings;
    return {settings.step,
            epoch,
            settings.interventions,
            marks.best,
            marks.periodic,
            marks.restore,
            [state](const std::filesystem::path& file) {
                return caught([&] { return saveCheckpoint(*state, file); });
            }};
}

/// Whether the last epoch is better than all before it (as `save_best_only` of Keras and Lightning).
bool RunLoop::isBest() const
{
    const auto& policy = m_start.recipe.checkpoints;
    const auto& epochs = m_recorder.session().epochs;
    const double last = policy.watched.valueOf(epochs.back());
    return policy.best && std::isfinite(last) &&
           std::all_of(epochs.begin(), epochs.end() - 1, [&](const EpochRecord& epoch) {
               return policy.watched.isBetter(last, policy.watched.valueOf(epoch));
           });
}

/// Periodic ones are always written. The best and the last are where the disk has time for them, the best
/// always before a later one: a run that goes on from the last must find what was best before it.
void RunLoop::keepCheckpoints(int epoch)
{
    if (isReplay())
        return;
    const auto& policy = m_start.recipe.checkpoints;
    const bool isPeriodic = (policy.everyEpochs > 0 && epoch % policy.everyEpochs == 0) ||
                            (policy.everySteps > 0 && m_progress.step % policy.everySteps == 0);
    const auto wanted = m_course.mayGoBackTo();
    m_recorder.keepRestorable(wanted);
    const Marks marks{isBest(), isPeriodic, std::ranges::find(wanted, m_progress.step) != wanted.end()};
    const bool isHeld = marks.best || marks.restore;
    if (marks.restore)
        hold(asWritten(m_bestStates.at(m_progress.step), epoch, marks));
    else if (isHeld)
        hold(snapshot(marks));
    if (!isPeriodic && !m_recorder.isTimeForCheckpoint())
        return;
    writeHeld();
    if (!isHeld)
        m_recorder.addCheckpoint(snapshot(marks));
}

/// Takes the place of those that are neither the best any more nor may be gone back to.
void RunLoop::hold(SessionRecorder::Checkpoint checkpoint)
{
    const auto wanted = m_course.mayGoBackTo();
    for (auto& each : m_held) {
        each.best = each.best && !checkpoint.best;
        each.restore = std::ranges::find(wanted, each.step) != wanted.end();
    }
    std::erase_if(m_held, [](const auto& each) { return !each.best && !each.restore; });
    m_held.push_back(std::move(checkpoint));
}

void RunLoop::writeHeld()
{
    for (auto& each : std::exchange(m_held, {}))
        m_recorder.addCheckpoint(std::move(each));
}

/// The state now, whatever the disk has time for.
void RunLoop::keepLast()
{
    if (isReplay() || m_recorder.problem())
        return;
    writeHeld();
    m_recorder.addCheckpoint(snapshot({}));
    m_recorder.flush();
}

/// What cannot be written pauses the run; nothing of it is left out.
RunLoop::Next RunLoop::whenSaved()
{
    const auto problem = m_recorder.problem();
    return problem ? retrySaving(*problem) : Next::Go;
}

RunLoop::Next RunLoop::retrySaving(const Error& first)
{
    const bool waitsByItself = m_options.saveRetrySeconds > 0.0;
    if (waitsByItself)
        m_observer->onPaused(m_progress.step, kCannotSave + first.message);
    for (std::optional<Error> problem = first; problem; problem = m_recorder.retry()) {
        const auto next = waitsByItself ? waitForDisk() : failedOrPaused(kCannotSave + problem->message);
        if (next != Next::Go)
            return next;
    }
    if (waitsByItself)
        m_observer->onResumed(m_progress.step);
    if (first.code == ErrorCode::Gone) {
        writeBestStates(); // The checkpoints went with the folder.
        keepLast();
    }
    return Next::Go;
}

RunLoop::Next RunLoop::waitForDisk()
{
    using Clock = std::chrono::steady_clock;
    const auto until = Clock::now() + std::chrono::duration<double>(m_options.saveRetrySeconds);
    while (!m_stop.stop_requested() && Clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return m_stop.stop_requested() ? Next::Stop : Next::Go;
}

Result<Session> RunLoop::finish(Next ended)
{
    const auto problem = caught([&]() -> Result<std::optional<Error>> { return writeEnd(ended); });
    const auto unsaved = problem ? *problem : problem.error();
    if (unsaved && !m_error)
        m_error = Error{ErrorCode::RunFailed, "the session could not be completed: " + unsaved->message +
                                                  "; what was written of it is kept"};
    m_observer->onLayers(m_trainer->table());
    m_observer->onCost(m_trainer->cost());
    if (m_error)
        return tl::unexpected(*m_error);
    return m_recorder.session();
}

/// Writes the last state and the whole record; waits for a disk that can be mended.
std::optional<Error> RunLoop::writeEnd(Next ended)
{
    inspect();
    m_trainer->measure(Trainer::Measure::All);
    if (m_recorder.problem())
        m_recorder.retry(); // What was in the way may be mended by now.
    keepLast();
    const auto state = m_error               ? SessionState::Failed
                       : ended == Next::Stop ? SessionState::Stopped
                                             : SessionState::Finished;
    for (;;) {
        const auto written =
            m_recorder.end(state, m_error ? m_error->message : "", m_trainer->table(), m_clock.seconds());
        if (written)
            return std::nullopt;
        if (m_stop.stop_requested() || (!m_pauseOnFailure && m_options.saveRetrySeconds <= 0.0))
            return written.error();
        if (retrySaving(written.error()) != Next::Go)
            return written.error();
    }
}

} // namespace frostline
