// RunLoop: what lies between two epochs. Phases begin and end there, and may go back to their best epoch.

#include <algorithm>

#include "base/clock.h"
#include "model/layer_changes.h"
#include "training/phase_changes.h"
#include "training/run_loop.h"
#include "training/torch_errors.h"

namespace frostline {

/// Whether the record tells of it before the next step.
bool RunLoop::isRecordedHere(const Change& change) const
{
    const auto& made = m_recorder.session().interventions;
    return std::ranges::any_of(made, [&](const Intervention& each) {
        return each.step == m_progress.step && each.change == change && each.origin != Origin::User;
    });
}

/// Back to the best of a phase that has ended, and the next one's beginning. What the record tells of
/// already, because the run was cut right here, is not done twice; a replay makes it as it was recorded.
Status RunLoop::betweenEpochs()
{
    if (isReplay())
        return {};
    return (epochEndedHere() ? endPhase() : Status()).and_then([this] { return beginPhase(); });
}

Status RunLoop::endPhase()
{
    std::vector<Change> changes;
    if (const auto& why = m_course.whyEnded(); !why.empty())
        changes.push_back({ChangeKind::Note, "", why});
    if (const auto best = m_course.goesBackTo())
        changes.push_back({ChangeKind::Restore, "", static_cast<double>(*best)});
    for (const auto& change : changes) {
        const auto made = isRecordedHere(change) ? Status() : make(change, Origin::Schedule);
        if (!made)
            return made;
    }
    return {};
}

/// What a phase that begins before the next step changes, and then the word that it has begun; nothing where
/// none does.
Result<std::vector<Change>> RunLoop::changesOfPhase() const
{
    const auto& recipe = m_start.recipe;
    const int phase = m_course.phase();
    const auto isPhase = [](const Intervention& each) { return each.change.kind == ChangeKind::Phase; };
    const auto begun = std::ranges::count_if(m_recorder.session().interventions, isPhase);
    if (recipe.phases.empty() || m_course.isOver() || begun > phase)
        return {};
    auto changes = phaseChanges(recipe, phase, m_startLayers, m_trainer->table(), m_trainer->optimizer());
    if (changes)
        changes->push_back({ChangeKind::Phase, "", m_course.phaseRecipe(phase).name});
    return changes;
}

Status RunLoop::beginPhase()
{
    const auto changes = changesOfPhase();
    if (!changes)
        return tl::unexpected(changes.error());
    for (const auto& change : *changes) {
        const auto made = make(change, Origin::Phase);
        if (made)
            continue;
        if (!isOnLayers(change.kind))
            return made;
        // A hand has frozen what was to be pruned: that is no reason to end a run.
        const Change note{ChangeKind::Note, "", "left out, " + made.error().message};
        if (const auto noted = make(note, Origin::Phase); !noted)
            return noted;
    }
    return {};
}

Status RunLoop::make(const Change& change, Origin origin)
{
    return applyNow({{m_progress.step, change, origin, timestamp()}, false}).map_error([&](Error error) {
        error.message.insert(0, toText(change) + ": ");
        return error;
    });
}

/// The rate that the schedule gives the next step.
void RunLoop::setRate()
{
    const double base = m_trainer->optimizer().learningRate;
    m_trainer->setScheduleFactor(base > 0.0 ? m_course.rateAt(m_progress.step, base) / base : 1.0);
}

/// An epoch that the record tells of.
void RunLoop::passEpoch(const EpochRecord& epoch)
{
    m_course.addEpoch(epoch);
    m_progress.epochs = m_course.epochsAtMost();
    m_progress.steps = stepsPerEpoch() * m_progress.epochs;
    if (m_options.maximumSteps > 0)
        m_progress.steps = std::min(m_progress.steps, m_options.maximumSteps);
    const auto wanted = m_course.mayGoBackTo();
    std::erase_if(m_bestStates, [&](const auto& entry) {
        return std::ranges::find(wanted, entry.first) == wanted.end() && !m_stillWanted.contains(entry.first);
    });
    keepBestState();
}

/// A copy of the state after an epoch that may be gone back to.
void RunLoop::keepBestState()
{
    const auto step = m_progress.step;
    const auto wanted = m_course.mayGoBackTo();
    const bool isWanted = std::ranges::find(wanted, step) != wanted.end() || m_stillWanted.contains(step);
    if (isWanted && !m_bestStates.contains(step))
        m_bestStates[step] =
            std::make_shared<const Checkpoint>(m_trainer->checkpoint(step, interventionsInForce()));
}

std::size_t RunLoop::interventionsInForce() const
{
    return m_progress.phase == RunPhase::Recomputing ? m_nextDue : m_recorder.session().interventions.size();
}

Status RunLoop::goBackTo(Step step)
{
    const auto state = m_bestStates.find(step);
    if (state == m_bestStates.end())
        return failure(ErrorCode::RunFailed, "the state after step " + std::to_string(step) +
                                                 " is not there any more; there is nothing to go back to");
    return m_trainer->goBackTo(*state->second);
}

/// Steps whose states are needed to go on from where the first `made` of the changes were in force: to make
/// what the record tells of after them, and what may come after the record.
std::set<Step> RunLoop::statesWanted(std::size_t made) const
{
    Course course(m_start.recipe, stepsPerEpoch());
    for (const auto& epoch : m_recorder.session().epochs)
        course.addEpoch(epoch);
    const auto later = course.mayGoBackTo();
    std::set<Step> wanted(later.begin(), later.end());
    for (std::size_t i = made; i < m_start.due.size(); ++i) {
        const auto& change = m_start.due[i].intervention.change;
        if (change.kind == ChangeKind::Restore)
            wanted.insert(static_cast<Step>(std::get<double>(change.value)));
    }
    return wanted;
}

/// Best states that the disk has not got yet.
void RunLoop::writeBestStates()
{
    for (const auto& [step, state] : m_bestStates)
        m_recorder.addCheckpoint(asWritten(state, epochOf(step - 1), {.restore = true}));
}

} // namespace frostline
