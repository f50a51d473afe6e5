#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "weights/state_dict_index.h"

namespace frostline {

enum class WeightsFormat { Safetensors, PyTorch };
std::string_view nameOf(WeightsFormat format);

/// By the file's first bytes, whatever it is named.
Result<WeightsFormat> weightsFormatOf(const std::filesystem::path& file);

/// What a file of weights holds, without its values.
struct WeightsFile {
    WeightsFormat format = WeightsFormat::Safetensors;
    std::vector<StoredTensor> tensors;
    std::string foundUnder; ///< Key of a checkpoint; empty where the file is nothing but weights.
};
Result<WeightsFile> describeWeights(const std::filesystem::path& file);

} // namespace frostline
