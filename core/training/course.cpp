#include "training/course.h"

#include <algorithm>

namespace frostline {

namespace {

constexpr double kLeastDrop = 1e-8; // torch.optim's ReduceLROnPlateau: `eps`.

std::string reasonOf(const EndRecipe& end)
{
    return std::string(nameOf(end.watched.monitor)) + " has not got better for " +
           std::to_string(end.patience) + (end.patience == 1 ? " epoch" : " epochs");
}

std::optional<PlateauCount> countOf(const std::optional<EndRecipe>& end)
{
    if (!end)
        return std::nullopt;
    return PlateauCount(end->watched, end->threshold, end->isThresholdRelative);
}

/// Whether it has come to its end with this epoch.
bool isReached(std::optional<PlateauCount>& count, const std::optional<EndRecipe>& end,
               const EpochRecord& epoch)
{
    if (!count)
        return false;
    count->add(end->watched.valueOf(epoch));
    return count->badEpochs() >= end->patience;
}

} // namespace

std::vector<PhaseRecipe> phasesOf(const Recipe& recipe)
{
    if (!recipe.phases.empty())
        return recipe.phases;
    PhaseRecipe whole;
    whole.epochs = recipe.epochs;
    return {whole};
}

Course::Course(const Recipe& recipe, Step stepsPerEpoch)
    : m_recipe(recipe),
      m_phases(phasesOf(recipe)),
      m_stepsPerEpoch(stepsPerEpoch),
      m_earlyStopping(countOf(recipe.earlyStopping))
{
    begin(0, 0);
}

void Course::begin(int phase, Step step)
{
    m_phase = phase;
    m_phaseBegan = step;
    m_epochs = m_drops = m_cooldown = 0;
    m_bestOfPhase = {};
    m_until = countOf(phaseRecipe(phase).until);
    m_plateau.reset();
    if (const auto& own = schedule(); own.kind == ScheduleKind::Plateau)
        m_plateau.emplace(own.watched, own.threshold, !own.isThresholdAbsolute);
}

const ScheduleRecipe& Course::schedule() const
{
    const auto& own = phaseRecipe(m_phase).schedule;
    return own ? *own : m_recipe.schedule;
}

void Course::take(Best& best, const EpochRecord& epoch) const
{
    const auto& watched = m_recipe.checkpoints.watched;
    const double value = watched.valueOf(epoch);
    if (watched.isBetter(value, best.value))
        best = {value, epoch.step};
}

void Course::addEpoch(const EpochRecord& epoch)
{
    if (m_isOver)
        return; // A branch's parent went on.
    ++m_epochs;
    take(m_bestOfPhase, epoch);
    take(m_bestOfRun, epoch);
    if (m_plateau)
        countDrops(epoch);
    m_goesBackTo.reset();
    m_whyEnded = reasonToEnd(epoch);
    if (m_isOver || !m_whyEnded.empty() || m_epochs >= phaseRecipe(m_phase).epochs)
        endPhase(epoch.step);
}

/// As torch.optim's ReduceLROnPlateau counts.
void Course::countDrops(const EpochRecord& epoch)
{
    const auto& own = schedule();
    m_plateau->add(own.watched.valueOf(epoch));
    if (m_cooldown > 0) {
        --m_cooldown;
        m_plateau->forgetBadEpochs();
    }
    if (m_plateau->badEpochs() <= own.patience)
        return;
    const double rate = epoch.learningRate;
    if (rate - std::max(rate * own.factor, own.minimum) > kLeastDrop)
        ++m_drops;
    m_cooldown = own.cooldown;
    m_plateau->forgetBadEpochs();
}

/// Of the run or the phase; empty where both go on.
std::string Course::reasonToEnd(const EpochRecord& epoch)
{
    const auto& phase = phaseRecipe(m_phase);
    const bool endsPhase = isReached(m_until, phase.until, epoch);
    if (isReached(m_earlyStopping, m_recipe.earlyStopping, epoch)) {
        m_isOver = true;
        return "early stopping: " + reasonOf(*m_recipe.earlyStopping);
    }
    return endsPhase ? phase.name + " ended early: " + reasonOf(*phase.until) : std::string();
}

void Course::endPhase(Step step)
{
    m_isOver = m_isOver || m_phase + 1 == static_cast<int>(m_phases.size());
    if (m_isOver && m_recipe.checkpoints.restoresBest)
        m_goesBackTo = m_bestOfRun.step;
    else if (phaseRecipe(m_phase).restoresBest)
        m_goesBackTo = m_bestOfPhase.step;
    if (m_goesBackTo == step)
        m_goesBackTo.reset(); // It is there.
    if (m_isOver)
        return;
    m_epochsBefore += m_epochs;
    begin(m_phase + 1, step);
}

int Course::epochsAtMost() const
{
    int epochs = m_epochsBefore + (m_isOver ? m_epochs : phaseRecipe(m_phase).epochs);
    for (std::size_t next = static_cast<std::size_t>(m_phase) + 1; next < m_phases.size() && !m_isOver;
         ++next)
        epochs += m_phases[next].epochs;
    return epochs;
}

std::vector<Step> Course::mayGoBackTo() const
{
    std::vector<Step> steps;
    if (phaseRecipe(m_phase).restoresBest && m_bestOfPhase.step)
        steps.push_back(*m_bestOfPhase.step);
    if (m_recipe.checkpoints.restoresBest && m_bestOfRun.step)
        steps.push_back(*m_bestOfRun.step);
    if (m_goesBackTo)
        steps.push_back(*m_goesBackTo);
    return steps;
}

double Course::rateAt(Step step, double base) const
{
    const auto& phase = phaseRecipe(m_phase);
    return scheduledRate(schedule(), {step - m_phaseBegan, m_stepsPerEpoch, phase.epochs, m_drops}, base);
}

} // namespace frostline
