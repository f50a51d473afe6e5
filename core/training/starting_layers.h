#pragma once

#include <vector>

#include "model/layer_info.h"
#include "training/intervention.h"
#include "training/recipe.h"

namespace frostline {

/// What a recipe's rules come to, in order; everything is trainable and nothing masked before.
std::vector<Change> startingChanges(const Recipe& recipe);
std::vector<Change> changesOf(const LayerRule& rule);

/// The table as a recipe sets it at step 0. Only the layers' names and kinds are taken from `layers`, not
/// their settings and measures.
LayerTable startingLayers(LayerTable layers, const Recipe& recipe);

} // namespace frostline
