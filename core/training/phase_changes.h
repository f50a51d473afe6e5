#pragma once

#include "training/recipe.h"

namespace frostline {

/// Whether phases, schedules and their ends go together; what could never come to pass is an error. A saved
/// session is read without it.
Status checkCourse(const Recipe& recipe);

/// How the layers are meant to be set in each phase, nobody interfering. `start` are the layers at step 0.
/// An error names the phase and the field: a pattern without a match, nothing that trains.
Result<std::vector<LayerTable>> plannedLayers(const Recipe& recipe, const LayerTable& start);

/// The changes a phase makes where it begins, to layers and optimizer as they are then. What a hand changed
/// before survives in layers that the phase neither names nor sets otherwise than the phase before.
Result<std::vector<Change>> phaseChanges(const Recipe& recipe, int phase, const LayerTable& start,
                                         const LayerTable& now, const OptimizerRecipe& optimizer);

/// How the first phase begins is how the recipe begins: there is one place for it. Moves what the first phase
/// sets into the recipe itself.
void moveBeginning(Recipe& recipe);

/// What makes one optimizer another; the rate among it.
std::vector<Change> optimizerChanges(const OptimizerRecipe& before, const OptimizerRecipe& after);
/// Puts such a change into the optimizer; one of something else changes nothing.
void applyToOptimizer(OptimizerRecipe& optimizer, const Change& change);

} // namespace frostline
