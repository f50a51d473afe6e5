#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/network.h"
#include "training/recipe.h"
#include "weights/safetensors.h"
#include "weights/weights_report.h"

namespace frostline {

/// Reads a file of weights: safetensors or PyTorch, by its content.
Result<TensorFile> loadTensors(const std::filesystem::path& file);
/// Writes them in the format that the file's ending names: .safetensors, .pth or .pt.
Status saveTensors(const TensorFile& tensors, const std::filesystem::path& file);

std::vector<TensorShape> shapesOf(const std::vector<NamedTensor>& tensors);

/// Copies tensors into the network by name and shape; half precision is widened.
/// Strict: every mismatch is named and nothing is changed. Partial: what fits is copied, and that nothing
/// fits is an error. Whole numbers do not fit where floating point is expected. Tensors of `replacedHead`,
/// where it is not empty, are left out on both sides. `where` is what an error names.
Result<WeightsReport> takeWeights(Network& network, const TensorFile& file, const std::string& where,
                                  const std::string& replacedHead, WeightsMatch match = WeightsMatch::Strict);
/// The same from a file.
Result<WeightsReport> loadWeights(Network& network, const std::filesystem::path& file,
                                  const std::string& replacedHead, WeightsMatch match = WeightsMatch::Strict);

} // namespace frostline
