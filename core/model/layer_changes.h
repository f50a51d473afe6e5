#pragma once

#include "base/error.h"
#include "model/layer_info.h"
#include "training/intervention.h"

namespace frostline {

/// Applies a change of layer settings (trainable, rate multiplier, statistics, sparsity) to the table.
/// Nothing is changed on an error: a pattern that matches no layer, or none that the change could concern,
/// or a value out of range. Gives the indices of the leaves that it concerned.
Result<std::vector<int>> applyChange(LayerTable& table, const Change& change);

/// Whether it is one of those.
bool isOnLayers(ChangeKind kind);

/// Works out `statisticsUpdating` of every leaf from its settings. A norm without parameters of its own
/// follows the module that it lies in.
void deriveStatistics(LayerTable& table);

/// The first stage that trains or updates statistics; the number of stages where everything is frozen; 0
/// where nothing below has parameters: a flattened image is the image.
int frostLine(const LayerTable& table);

} // namespace frostline
