#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "model/architectures/architecture.h"
#include "model/network.h"
#include "training/recipe.h"

namespace frostline {

/// Whether the recipe's model is a file with a TorchScript module rather than one of our architectures.
bool isTorchScript(const ModelRecipe& recipe);

/// The module as a network of one stage, with the weights that its file holds. Rows are named as
/// `named_modules` names them. It has to take one tensor [N, C, H, W] and give what `outputs` says.
Result<std::unique_ptr<Network>> openTorchScript(const ModelRecipe& recipe,
                                                 const std::filesystem::path& folder, const InputShape& input,
                                                 const OutputSpec& outputs);

} // namespace frostline
