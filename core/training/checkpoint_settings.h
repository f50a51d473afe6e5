#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "training/intervention.h"
#include "training/recipe.h"

namespace frostline {

/// What a checkpoint holds beside tensors: how the network was set when it was written, so that going on from
/// it never falls back to how the recipe began.
struct CheckpointSettings {
    struct Layer {
        std::string path;
        LayerSettings settings;
        double gradientNorm = 0.0;
    };

    Step step = 0;                 ///< Steps done.
    std::size_t interventions = 0; ///< How many of the session's are in force.
    OptimizerRecipe optimizer;
    bool pruneFrozen = false;
    std::vector<Layer> layers;                   ///< Leaves, in the table's order.
    std::map<std::string, std::int64_t> updates; ///< Of each parameter that the optimizer has state of.
};

/// As text, for the checkpoint's metadata.
std::string toText(const CheckpointSettings& settings);
Result<CheckpointSettings> checkpointSettingsFrom(const std::string& text, const std::string& where);

} // namespace frostline
