#pragma once

#include "base/json.h"
#include "training/recipe.h"

// Parts of a recipe as JSON, for the files that read and write it.

namespace frostline {

Json ruleJson(const LayerRule& rule);
Json optimizerJson(const OptimizerRecipe& optimizer);
Json scheduleJson(const ScheduleRecipe& schedule);
Json endJson(const EndRecipe& end);
Json phaseJson(const PhaseRecipe& phase);

LayerRule readRule(JsonReader& reader);
/// Fields not given are those of `usual`, or the kind's own where that is of another kind.
OptimizerRecipe readOptimizer(JsonReader& reader, const OptimizerRecipe& usual);
/// The figure that decides something; refused where the task has no such.
Watched readWatched(JsonReader& reader, Task task, Monitor usual);
ScheduleRecipe readSchedule(JsonReader& reader, Task task);
EndRecipe readEnd(JsonReader& reader, Task task);
/// Phases as a list, or as one of the forms `two_phase` and `gradual`, which are written out. What the first
/// phase sets is how the recipe itself begins, and is put there. Needs the recipe's other parts.
void readPhases(JsonReader& reader, Recipe& recipe);

Monitor usualMonitor(Task task);

} // namespace frostline
