#pragma once

#include <string>
#include <vector>

#include "training/recipe.h"

namespace frostline {

/// A recipe's phases as rows that say all they set: the first one also what the recipe itself begins with
/// (layers as ticked, statistics, rate). A recipe without phases is one row, the whole run, with the recipe's
/// schedule and ends. `table` holds the layers at step 0; empty while unknown.
std::vector<PhaseRecipe> planRows(const Recipe& recipe, const LayerTable& table);

/// The recipe with other rows. What the first one sets becomes the recipe's own beginning. Where `isWhole`,
/// the only row is the whole run. An error says in one sentence why the first row cannot begin like that.
Result<Recipe> withPlanRows(const Recipe& recipe, const LayerTable& table, std::vector<PhaseRecipe> rows,
                            bool isWhole);

/// Patterns that select exactly the layers that train: names of containers and layers, `last 2 stages`, `*`.
std::vector<std::string> trainablePatterns(const LayerTable& table);

/// What a row comes to.
struct PlanReport {
    std::string problem;     ///< One sentence; empty where the row is right.
    LayerTable layers;       ///< As they are meant to be set in it; empty while unknown.
    double rate = 0.0;       ///< Base rate in force.
    ScheduleRecipe schedule; ///< In force.
    int epochsBefore = 0;    ///< Of the rows above, at most.
    int epochs = 0;          ///< Of its own, at most.
    bool mayEndEarly = false;
};

std::vector<PlanReport> planReports(const Recipe& recipe, const LayerTable& table);

} // namespace frostline
