#pragma once

#include <optional>
#include <string>
#include <vector>

#include "training/recipe.h"
#include "training/schedule.h"

namespace frostline {

/// A recipe's phases; one that is the whole run where it names none.
std::vector<PhaseRecipe> phasesOf(const Recipe& recipe);

/// Where in its recipe's phases a run is. All of it follows from the epochs that the record tells of, so that
/// a run which goes on from a record needs nothing else. Torch-free.
class Course {
public:
    Course(const Recipe& recipe, Step stepsPerEpoch);

    /// The next epoch has ended; it may end its phase, or the run.
    void addEpoch(const EpochRecord& epoch);

    int phase() const { return m_phase; } ///< Index; the last one's once the run is over.
    const PhaseRecipe& phaseRecipe(int phase) const { return m_phases[static_cast<std::size_t>(phase)]; }
    Step phaseBegan() const { return m_phaseBegan; } ///< First step of the phase.
    bool isOver() const { return m_isOver; }
    /// Epochs of the whole run, unless phases to come end before their time.
    int epochsAtMost() const;

    /// Why the last epoch ended a phase, or the run, before all its epochs were done; empty where it did not.
    const std::string& whyEnded() const { return m_whyEnded; }
    /// Where the last epoch ended a phase that goes back to its best epoch: the steps done at the end of
    /// that.
    std::optional<Step> goesBackTo() const { return m_goesBackTo; }
    /// Steps at the end of best epochs that may be gone back to later, as far as they are known.
    std::vector<Step> mayGoBackTo() const;

    /// The schedule's rate at a step of this phase.
    double rateAt(Step step, double base) const;

private:
    struct Best {
        double value = kNoFigure;
        std::optional<Step> step;
    };

    void begin(int phase, Step step);
    const ScheduleRecipe& schedule() const;
    void countDrops(const EpochRecord& epoch);
    std::string reasonToEnd(const EpochRecord& epoch);
    void endPhase(Step step);
    void take(Best& best, const EpochRecord& epoch) const;

    Recipe m_recipe;
    std::vector<PhaseRecipe> m_phases;
    Step m_stepsPerEpoch;
    int m_phase = 0;
    Step m_phaseBegan = 0;
    int m_epochsBefore = 0; ///< Of the phases before this one.
    int m_epochs = 0;       ///< Of this phase, done.
    int m_drops = 0;
    int m_cooldown = 0;
    std::optional<PlateauCount> m_plateau;
    std::optional<PlateauCount> m_until;
    std::optional<PlateauCount> m_earlyStopping;
    Best m_bestOfPhase;
    Best m_bestOfRun;
    bool m_isOver = false;
    std::string m_whyEnded;
    std::optional<Step> m_goesBackTo;
};

} // namespace frostline
