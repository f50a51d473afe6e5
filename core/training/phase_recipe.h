#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/layer_info.h"
#include "training/optimizer_recipe.h"
#include "training/schedule_recipe.h"

namespace frostline {

/// Settings for every layer that `match` selects; fields not given stay as they are. Later entries win.
struct LayerRule {
    std::string match;
    std::optional<bool> trainable;
    std::optional<Statistics> statistics;
    std::optional<double> rate;
    std::optional<double> sparsity;

    bool operator==(const LayerRule&) const = default;
};

/// One part of a run. Where it begins it makes changes as a hand would; what it does not name stays as it is.
struct PhaseRecipe {
    static constexpr int kMostEpochs = 100; ///< Where only `until` is given.

    std::string name;
    int epochs = 0; ///< At most.
    /// What learns: a pattern each. Layers that the phase before named and this one does not are frozen; the
    /// first phase freezes all others. Nothing leaves all as it is.
    std::optional<std::vector<std::string>> trainable;
    std::vector<LayerRule> layers;            ///< Further settings, after `trainable`.
    std::optional<Statistics> statistics;     ///< Of all normalisation layers.
    std::optional<double> learningRate;       ///< Base rate.
    std::optional<OptimizerRecipe> optimizer; ///< All of it but the rate.
    std::optional<ScheduleRecipe> schedule;   ///< In place of the recipe's, for this phase.
    std::optional<EndRecipe> until;           ///< Ends it before its epochs are done.
    bool restoresBest = false; ///< At its end: weights, statistics and optimizer go back to its best epoch.

    bool operator==(const PhaseRecipe&) const = default;
};

} // namespace frostline
