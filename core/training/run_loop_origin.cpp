// RunLoop: from a saved session's checkpoint to the step where this run goes on.

#include <algorithm>
#include <cmath>

#include "base/clock.h"
#include "base/machine.h"
#include "session/session_path.h"
#include "training/run_loop.h"

namespace frostline {

namespace {

/// Points of one step are the same to the bit; times are no part of it.
bool isSame(const MetricPoint& first, const MetricPoint& second)
{
    return first.loss == second.loss && isSameFigure(first.accuracy, second.accuracy) &&
           isSameFigure(first.mae, second.mae) && first.learningRate == second.learningRate &&
           first.sparsity == second.sparsity;
}

} // namespace

/// Brings the network to where it was before the first step of this run's own. Nothing is recorded.
Status RunLoop::goBack()
{
    if (m_isBack)
        return {};
    if (!m_start.origin) {
        m_stillWanted = statesWanted(0); // In a replay.
        return {};
    }
    m_progress.phase = RunPhase::Recomputing;
    const auto from = restoreNearest();
    if (from == 0 && m_nextDue == 0) {
        // The trainer was set for where the run goes on; without a checkpoint it begins at the beginning.
        auto fresh = Trainer::create(m_start.recipe, m_trainer->options());
        if (!fresh)
            return tl::unexpected(fresh.error());
        m_trainer = std::move(*fresh);
    }
    const auto back = recompute(from);
    m_isBack = back.has_value();
    return back;
}

/// The newest checkpoint that can be read and has nothing in force that comes later; 0 where there is none.
Step RunLoop::restoreNearest()
{
    const auto known = static_cast<std::size_t>(std::ranges::count(m_start.due, true, &DueChange::isKnown));
    auto candidates = m_start.checkpoints;
    std::erase_if(candidates, [&](const CheckpointRecord& each) {
        return each.step > m_start.step || each.interventions > known;
    });
    std::ranges::sort(candidates, std::greater{},
                      [](const CheckpointRecord& each) { return std::pair(each.step, each.interventions); });
    for (const auto& each : candidates) {
        const auto restored = loadBestStates(each).and_then([&] { return restoreFrom(each); });
        if (restored) {
            m_nextDue = each.interventions;
            return each.step;
        }
        if (m_options.log)
            m_options.log(LogLevel::Warning, restored.error().message + "; an earlier one is used");
    }
    m_bestStates.clear();
    m_stillWanted = statesWanted(0);
    return 0;
}

Result<Checkpoint> RunLoop::load(const CheckpointRecord& record) const
{
    const auto file = fileInside(m_start.origin->folder, record.file);
    if (!file)
        return tl::unexpected(file.error());
    return loadCheckpoint(*file, record.sha256).and_then([&](Checkpoint checkpoint) -> Result<Checkpoint> {
        const auto& settings = checkpoint.settings;
        if (settings.step != record.step || settings.interventions != record.interventions)
            return badInput(file->string() + " is of another step than the session says");
        return checkpoint;
    });
}

Status RunLoop::restoreFrom(const CheckpointRecord& record)
{
    return load(record).and_then(
        [this](const Checkpoint& checkpoint) { return m_trainer->restore(checkpoint); });
}

/// The states that are wanted from before this checkpoint, which going on from it does not come by again.
Status RunLoop::loadBestStates(const CheckpointRecord& from)
{
    const auto& made = m_recorder.session().interventions;
    m_bestStates.clear();
    m_stillWanted = statesWanted(from.interventions);
    for (const auto step : m_stillWanted) {
        if (step > from.step)
            continue;
        // As it was when that epoch had ended, before anything was changed after it.
        const auto before = static_cast<std::size_t>(
            std::ranges::count_if(made, [step](const Intervention& each) { return each.step < step; }));
        const auto record = std::ranges::find_if(m_start.checkpoints, [&](const CheckpointRecord& each) {
            return each.step == step && each.interventions == before;
        });
        if (record == m_start.checkpoints.end())
            return badInput("the checkpoint of step " + std::to_string(step) +
                            ", the best so far, is not there");
        auto state = load(*record);
        if (!state)
            return tl::unexpected(state.error());
        m_bestStates[step] = std::make_shared<const Checkpoint>(std::move(*state));
    }
    return {};
}

Status RunLoop::recompute(Step from)
{
    m_progress.step = from;
    for (const auto& epoch : m_recorder.session().epochs) {
        if (epoch.step <= from)
            m_course.addEpoch(epoch);
    }
    while (m_progress.step < m_start.step) {
        if (m_stop.stop_requested())
            return failure(ErrorCode::RunFailed, "stopped on the way back to step " +
                                                     std::to_string(m_start.step) + "; nothing was changed");
        if (const auto done = recomputeStep(); !done)
            return done;
        m_progress.epoch = epochOf(m_progress.step);
        if (const auto* epoch = epochEndedHere())
            passEpoch(*epoch);
        m_observer->onRecomputing(m_progress);
    }
    m_stillWanted.clear();
    // What was changed before the next step was changed before the interruption.
    applyDue(true);
    return m_error ? Status(tl::unexpected(*m_error)) : Status();
}

/// The record's epoch whose last step was made just now; null where it does not tell of one.
const EpochRecord* RunLoop::epochEndedHere() const
{
    const auto& epochs = m_recorder.session().epochs;
    const auto ended = std::ranges::find(epochs, m_progress.step, &EpochRecord::step);
    return ended == epochs.end() ? nullptr : &*ended;
}

Status RunLoop::recomputeStep()
{
    applyDue(true);
    if (m_error)
        return tl::unexpected(*m_error);
    setRate();
    const auto count = batchSizeOf(m_progress.step);
    const auto outcome = m_trainer->step(m_progress.step, samplesFrom(m_progress.step), count);
    if (outcome.isOutOfMemory)
        return failure(ErrorCode::RunFailed,
                       "step " + std::to_string(m_progress.step) + ": " + outcome.problem);
    if (!outcome.problem.empty()) {
        if (takeKnownDivergence(outcome.problem))
            return {};
        return failure(
            ErrorCode::RunFailed,
            "step " + std::to_string(m_progress.step) + ": " + outcome.problem +
                " where the record shows none; this machine computes differently from the one that "
                "recorded it");
    }
    const auto point = pointOf(outcome);
    if (!m_mismatch && !isSame(point, m_recorder.session().steps[static_cast<std::size_t>(m_progress.step)]))
        m_mismatch = m_progress.step;
    ++m_progress.step;
    return {};
}

Status RunLoop::beginRecord()
{
    if (isReplay()) {
        m_clock.start();
        return {};
    }
    const bool isResumed = m_start.origin && m_start.origin->kind == RunOrigin::Kind::Resume;
    const auto begun = isResumed ? m_recorder.resume(m_start.origin->folder)
                                 : m_recorder.begin(m_options.sessionsFolder, m_trainer->table());
    if (!begun)
        return begun;
    resetPeakMemory();
    const auto& steps = m_recorder.session().steps;
    m_clock = RunClock(steps.empty() ? 0.0 : steps.back().seconds);
    m_clock.start();
    m_observer->onStarted(m_recorder.folder(), m_trainer->table());
    if (m_mismatch)
        noteMismatch();
    // A branch's folder has no state to go on from yet but the beginning.
    if (m_start.origin && !isResumed) {
        writeBestStates();
        m_recorder.addCheckpoint(snapshot({}));
    }
    return {};
}

void RunLoop::noteMismatch()
{
    const auto text = "recomputing from a checkpoint gave other losses than recorded from step " +
                      std::to_string(*m_mismatch) +
                      " on: this machine computes differently; the run goes on from what was recomputed";
    if (m_options.log)
        m_options.log(LogLevel::Warning, text);
    Intervention note; // Named: g++ 12 takes a temporary's parts for uninitialised.
    note.step = m_progress.step;
    note.change.kind = ChangeKind::Note;
    note.change.value.emplace<std::string>(text);
    note.origin = Origin::Schedule;
    note.at = timestamp();
    record(note);
}

} // namespace frostline
