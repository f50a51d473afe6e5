#pragma once

#include <array>
#include <vector>

#include "model/layer_info.h"
#include "training/intervention.h"

namespace frostline {

/// What the buttons over the layer tree do to which layers train.
enum class LayerAction {
    FreezeAll,
    UnfreezeAll,
    FreezeUpTo,   ///< Everything up to and including the last selected layer frozen, all after it trainable.
    UnfreezeFrom, ///< The first selected layer and all after it trainable; what stands before is left as is.
    OnlyThis,     ///< Trainable is what is selected and nothing else.
    HeadOnly,     ///< The last top-level layer that has parameters.
    LastBlock,    ///< The head and the last stage with parameters before it.
    NormsOnly,
    Invert,
};

inline constexpr std::array kLayerActions{
    LayerAction::FreezeAll,    LayerAction::UnfreezeAll, LayerAction::FreezeUpTo,
    LayerAction::UnfreezeFrom, LayerAction::OnlyThis,    LayerAction::HeadOnly,
    LayerAction::LastBlock,    LayerAction::NormsOnly,   LayerAction::Invert};

bool needsSelection(LayerAction action);

/// The changes that an action comes to; `selection` holds indices of the table, containers included.
/// Empty where nothing would change, or where nothing is selected that has to be.
std::vector<Change> changesFor(LayerAction action, const LayerTable& table,
                               const std::vector<int>& selection);

/// What is selected trains as one: all of it, or none if all of it does already.
std::vector<Change> toggleTrainable(const LayerTable& table, const std::vector<int>& selection);

/// A setting for each selected layer that it concerns.
std::vector<Change> changeSelected(const LayerTable& table, const std::vector<int>& selection,
                                   ChangeKind kind, const ChangeValue& value);

} // namespace frostline
