#include "training/run_loop.h"

#include <algorithm>
#include <cmath>

#include "base/clock.h"
#include "base/machine.h"
#include "base/random.h"
#include "data/augment.h"
#include "model/layer_changes.h"
#include "training/batch_ends.h"
#include "training/phase_changes.h"
#include "training/starting_layers.h"
#include "training/torch_errors.h"

namespace frostline {

namespace {

/// Takes what the record begins with out of `start`: a long session is not held twice.
Session recordOf(RunStart& start, SessionEnvironment environment)
{
    auto record = std::move(start.known);
    const bool isResumed = start.origin && start.origin->kind == RunOrigin::Kind::Resume;
    record.recipe = start.recipe;
    if (!isResumed)
        record.name = start.recipe.title.empty() ? start.recipe.name : start.recipe.title;
    record.environment = std::move(environment);
    return record;
}

/// Adds a step's figures, weighted by its samples.
void add(Scores& sums, const MetricPoint& point, std::size_t samples)
{
    const auto count = static_cast<double>(samples);
    sums.loss += point.loss * count;
    sums.accuracy += std::round(point.accuracy * count); // Right ones: a whole number.
    sums.mae += point.mae * count;
}

} // namespace

RunLoop::RunLoop(RunStart start, RunOptions options, std::unique_ptr<Trainer> trainer,
                 SessionEnvironment environment)
    : m_start(std::move(start)),
      m_options(std::move(options)),
      m_trainer(std::move(trainer)),
      m_recorder(recordOf(m_start, std::move(environment))),
      m_batchEnds(batchEnds(m_trainer->data()->train.size(), m_start.recipe.batchSize)),
      m_startLayers(startingLayers(m_trainer->table(), m_start.recipe)),
      m_course(m_start.recipe, stepsPerEpoch())
{
    m_progress.epochs = m_course.epochsAtMost();
    m_progress.steps = stepsPerEpoch() * m_progress.epochs;
    if (m_options.maximumSteps > 0)
        m_progress.steps = std::min(m_progress.steps, m_options.maximumSteps);
    m_progress.step = m_start.step;
}

std::size_t RunLoop::batchSizeOf(Step step) const
{
    const auto batch = static_cast<std::size_t>(step % stepsPerEpoch());
    return static_cast<std::size_t>(m_batchEnds[batch] - (batch == 0 ? 0 : m_batchEnds[batch - 1]));
}

/// The samples of a step, a function of the seed and the step alone, and those of its epoch after it.
std::span<const std::int64_t> RunLoop::samplesFrom(Step step)
{
    const int epoch = epochOf(step);
    if (m_orderEpoch != epoch) {
        m_order = permutation(m_batchEnds.back(), streamSeed(m_start.recipe.seed, Purpose::Shuffle,
                                                             static_cast<std::uint64_t>(epoch)));
        const auto first = roundOf(m_start.recipe.data.augment, epoch) * m_batchEnds.back();
        for (auto& sample : m_order)
            sample += first;
        m_orderEpoch = epoch;
    }
    const auto batch = static_cast<std::size_t>(step % stepsPerEpoch());
    return std::span(m_order).subspan(batch == 0 ? 0 : static_cast<std::size_t>(m_batchEnds[batch - 1]));
}

/// Sums over the epoch's steps before this one, as they were when they were made.
Scores RunLoop::sumsBefore(Step step) const
{
    const auto& steps = m_recorder.session().steps;
    Scores sums;
    sums.mae = 0.0;
    for (Step each = (m_progress.epoch - 1) * stepsPerEpoch(); each < step; ++each)
        add(sums, steps[static_cast<std::size_t>(each)], batchSizeOf(each));
    return sums;
}

Result<Session> RunLoop::execute(RunObserver& observer, const std::stop_token& stop, bool pauseOnFailure)
{
    m_observer = &observer;
    m_stop = stop;
    m_pauseOnFailure = pauseOnFailure;
    const auto begun = checkStart()
                           .and_then([this] { return caught([this] { return goBack(); }); })
                           .and_then([this] { return checkLeft(); })
                           .and_then([this] { return caught([this] { return beginRecord(); }); });
    if (!begun)
        return tl::unexpected(begun.error());
    const auto ended = caught([this]() -> Result<Next> { return trainAll(); });
    if (!ended)
        m_error = Error{ErrorCode::RunFailed,
                        "step " + std::to_string(m_progress.step) + ": " + ended.error().message};
    m_clock.stop();
    return finish(ended.value_or(Next::Failed));
}

/// What can be known to fail is said before anything is written.
Status RunLoop::checkStart() const
{
    if (m_start.step > 0 && m_start.step >= m_progress.steps && m_start.origin &&
        m_start.origin->kind == RunOrigin::Kind::Branch)
        return badInput("nothing is left to train from step " + std::to_string(m_start.step) +
                        " on: the run has " + std::to_string(m_progress.steps) +
                        " steps; give it more epochs");
    const auto own = std::ranges::find(m_start.due, false, &DueChange::isKnown);
    if (own == m_start.due.end() && !m_trainer->hasTrainable() && !isReplay())
        return badInput(m_start.recipe.source +
                        "nothing is trainable: every layer is frozen; make at least one trainable");
    if (!m_start.origin && !isReplay()) {
        if (const auto goes = checkCourse(m_start.recipe); !goes)
            return badInput(m_start.recipe.source + goes.error().message);
    }
    if (const auto planned = plannedLayers(m_start.recipe, m_startLayers); !planned)
        return badInput(m_start.recipe.source + planned.error().message);
    auto table = m_trainer->table();
    for (auto due = own; due != m_start.due.end() && !isReplay(); ++due) {
        const auto& [step, change, origin, at] = due->intervention;
        const auto where = "at step " + std::to_string(step) + ", " + toText(change) + ": ";
        if (step >= m_progress.steps)
            return badInput(where + "the run has only " + std::to_string(m_progress.steps) + " steps, 0 to " +
                            std::to_string(m_progress.steps - 1));
        if (step < m_start.step)
            return badInput(where + "the run goes on from step " + std::to_string(m_start.step) +
                            "; what came before is done");
        if (!isOnLayers(change.kind))
            continue;
        if (const auto applied = applyChange(table, change); !applied)
            return badInput(where + applied.error().message);
    }
    return {};
}

/// A branch whose parent's epochs end it already by its own rule.
Status RunLoop::checkLeft() const
{
    const bool isBranch = m_start.origin && m_start.origin->kind == RunOrigin::Kind::Branch;
    if (isBranch && m_course.isOver())
        return badInput("nothing is left to train from step " + std::to_string(m_start.step) + " on: " +
                        (m_course.whyEnded().empty() ? "all epochs are done" : m_course.whyEnded()));
    return {};
}

RunLoop::Next RunLoop::trainAll()
{
    const auto epochsDone = static_cast<Step>(m_recorder.session().epochs.size());
    m_progress.epoch = epochOf(m_progress.step);
    // Stopped between the last step of an epoch and its validation.
    if (m_progress.step > epochsDone * stepsPerEpoch() && m_progress.step % stepsPerEpoch() == 0)
        --m_progress.epoch;
    for (; !m_course.isOver(); ++m_progress.epoch) {
        if (const auto begun = betweenEpochs(); !begun)
            return failed(begun.error().message);
        if (const auto next = trainEpoch(); next != Next::Go)
            return next;
    }
    m_progress.epoch = m_progress.epochs;
    if (const auto ended = betweenEpochs(); !ended)
        return failed(ended.error().message);
    applyDue(); // In a replay; else nothing is left.
    return m_error ? Next::Failed : Next::Go;
}

RunLoop::Next RunLoop::trainEpoch()
{
    const double began = m_clock.seconds();
    m_progress.phase = RunPhase::Training;
    auto sums = sumsBefore(m_progress.step);
    while (m_progress.step < m_progress.epoch * stepsPerEpoch()) {
        if (const auto next = oneStep(sums); next != Next::Go)
            return next;
    }
    const auto count = static_cast<double>(m_batchEnds.back());
    return endEpoch({.loss = sums.loss / count, .accuracy = sums.accuracy / count, .mae = sums.mae / count},
                    began);
}

RunLoop::Next RunLoop::oneStep(Scores& sums)
{
    for (;;) {
        if (const auto next = beforeStep(); next != Next::Go)
            return next;
        setRate();
        const auto count = batchSizeOf(m_progress.step);
        const auto outcome = m_trainer->step(m_progress.step, samplesFrom(m_progress.step), count);
        if (outcome.isOutOfMemory) {
            const auto next =
                failedOrPaused("step " + std::to_string(m_progress.step) + ": " + outcome.problem);
            if (next != Next::Go)
                return next;
            continue;
        }
        if (!outcome.problem.empty()) {
            if (const auto next = divergedAt(outcome); next != Next::Go)
                return next;
            continue;
        }
        const auto point = pointOf(outcome);
        add(sums, point, count);
        ++m_progress.step;
        m_recorder.addStep(point);
        m_observer->onStep(point, m_progress);
        tellCost();
        const auto every = m_start.recipe.checkpoints.everySteps;
        if (every > 0 && !isReplay() && m_progress.step % every == 0 &&
            m_progress.step % stepsPerEpoch() != 0) {
            writeHeld(); // A run that goes on from this one may have to go back to the best before it.
            m_recorder.addCheckpoint(snapshot({.periodic = true}));
        }
        return Next::Go;
    }
}

MetricPoint RunLoop::pointOf(const Trainer::StepOutcome& outcome) const
{
    return {m_progress.step,          epochOf(m_progress.step), outcome.loss,      outcome.accuracy,
            m_trainer->rateInForce(), m_trainer->sparsity(),    m_clock.seconds(), outcome.mae};
}

/// The last good state is kept, the session says so, and the same step is tried again after a pause.
RunLoop::Next RunLoop::divergedAt(const Trainer::StepOutcome& outcome)
{
    const auto what = outcome.problem + "; the step was not applied" +
                      (outcome.undid ? " and the update before it was taken back" : "");
    if (takeKnownDivergence(what))
        return Next::Go;
    record({m_progress.step, {ChangeKind::Diverged, "", what}, Origin::Schedule, timestamp()});
    return failedOrPaused("step " + std::to_string(m_progress.step) + ": " + what +
                          ". Lower the learning rate or clip the gradient");
}

/// Whether the record told that this step would diverge; what was changed then comes next.
bool RunLoop::takeKnownDivergence(const std::string& what)
{
    if (m_nextDue >= m_start.due.size())
        return false;
    const auto& due = m_start.due[m_nextDue];
    if (due.intervention.change.kind != ChangeKind::Diverged || due.intervention.step != m_progress.step)
        return false;
    ++m_nextDue;
    if (!due.isKnown)
        record({m_progress.step, {ChangeKind::Diverged, "", what}, Origin::Schedule, timestamp()});
    return true;
}

/// Puts changes in force that are due, and waits while the run is paused.
RunLoop::Next RunLoop::beforeStep()
{
    applyDue();
    const bool divergesNext =
        m_nextDue < m_start.due.size() && m_start.due[m_nextDue].intervention.step == m_progress.step;
    if (m_options.maximumSteps > 0 && m_progress.step >= m_options.maximumSteps && !divergesNext)
        return Next::Stop;
    applyRequested();
    if (const auto next = whenSaved(); next != Next::Go)
        return next;
    if (m_commands.shallPause()) {
        if (const auto next = pausedFor(""); next != Next::Go)
            return next;
    }
    if (m_error)
        return Next::Failed;
    if (m_stop.stop_requested())
        return Next::Stop;
    while (!m_trainer->hasTrainable()) {
        const auto next =
            failedOrPaused("step " + std::to_string(m_progress.step) +
                           ": nothing is trainable any more; make at least one layer trainable");
        if (next != Next::Go)
            return next;
    }
    return Next::Go;
}

RunLoop::Next RunLoop::pausedFor(const std::string& reason)
{
    m_clock.stop();
    m_trainer->measure(Trainer::Measure::All);
    keepLast();
    m_observer->onLayers(m_trainer->table());
    m_observer->onPaused(m_progress.step, reason);
    do {
        m_commands.waitForCommand(m_stop);
        applyRequested();
    } while (!m_stop.stop_requested() && m_commands.shallPause());
    m_clock.start();
    if (m_stop.stop_requested())
        return Next::Stop;
    m_observer->onResumed(m_progress.step);
    return Next::Go;
}

RunLoop::Next RunLoop::failedOrPaused(const std::string& problem)
{
    if (!m_pauseOnFailure)
        return failed(problem);
    m_commands.pause();
    return pausedFor(problem);
}

RunLoop::Next RunLoop::failed(const std::string& problem)
{
    m_error = Error{ErrorCode::RunFailed, problem};
    return Next::Failed;
}

/// What stands in the record already is made again on the way back; what is this run's own once it records.
void RunLoop::applyDue(bool knownOnly)
{
    inspect();
    for (; m_nextDue < m_start.due.size(); ++m_nextDue) {
        const auto& due = m_start.due[m_nextDue];
        if (due.intervention.step > m_progress.step || (knownOnly && !due.isKnown))
            return;
        if (due.intervention.change.kind == ChangeKind::Diverged) {
            if (due.intervention.step == m_progress.step)
                return; // The step has to diverge first.
            continue;   // It did not: this run takes another way, and its own record says so.
        }
        if (const auto applied = applyNow(due); !applied && !m_error)
            m_error = Error{ErrorCode::BadInput, "at step " + std::to_string(due.intervention.step) + ", " +
                                                     toText(due.intervention.change) + ": " +
                                                     applied.error().message};
        inspect();
    }
}

void RunLoop::applyRequested()
{
    for (const auto& request : m_commands.takeRequests()) {
        const DueChange due{{m_progress.step, request.change, Origin::User, request.at}, false};
        if (const auto applied = applyNow(due); !applied)
            m_observer->onRefused(request.change, applied.error());
    }
}

Status RunLoop::applyNow(const DueChange& due)
{
    const auto& intervention = due.intervention;
    const auto& change = intervention.change;
    const auto applied = change.kind == ChangeKind::Restore
                             ? goBackTo(static_cast<Step>(std::get<double>(change.value)))
                             : m_trainer->apply(change);
    if (!applied)
        return applied;
    if (!due.isKnown)
        record({m_progress.step, intervention.change, intervention.origin, intervention.at});
    return {};
}

void RunLoop::record(const Intervention& intervention)
{
    m_recorder.addIntervention(intervention);
    m_observer->onIntervention(intervention, m_trainer->table());
}

/// What is measured, a few times a second at most: nobody reads as fast as short steps and epochs come.
void RunLoop::tellCost()
{
    if (m_costPace.allows(std::chrono::milliseconds(500)))
        m_observer->onCost(m_trainer->cost());
}

void RunLoop::tellLayers()
{
    if (m_layersPace.allows(std::chrono::milliseconds(100)))
        m_observer->onLayers(m_trainer->table());
}

void RunLoop::inspect()
{
    if (m_inspector)
        m_inspector(m_progress.step, m_recorder.session().interventions.size(), *m_trainer);
}

RunLoop::Next RunLoop::endEpoch(const Scores& train, double began)
{
    const auto trained = m_clock.seconds();
    m_progress.phase = RunPhase::Validating;
    m_observer->onValidating(m_progress);
    EpochRecord record;
    record.epoch = m_progress.epoch;
    record.step = m_progress.step;
    record.train = train;
    record.validation = m_trainer->validate(m_stop);
    if (!record.validation)
        return Next::Stop; // Half a validation is none: a resumed run makes it whole.
    record.learningRate = m_recorder.session().steps.back().learningRate;
    record.seconds = m_clock.seconds() - began;
    record.samplesPerSecond = static_cast<double>(m_batchEnds.back()) / std::max(1e-9, trained - began);
    record.peakMemoryBytes = peakMemoryBytes();
    m_trainer->measure(Trainer::Measure::Changing);
    for (const auto& layer : m_trainer->table()) {
        if (layer.isLeaf && layer.hasParameters())
            record.layers.push_back({layer.path, layer.drift, layer.gradientNorm, layer.sparsity});
    }
    m_recorder.addEpoch(record, m_trainer->table());
    m_observer->onEpoch(record, m_progress);
    tellLayers();
    passEpoch(record);
    keepCheckpoints(record.epoch);
    return whenSaved();
}

} // namespace frostline
