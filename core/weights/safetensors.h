#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/layer.h"

namespace frostline {

struct TensorFile {
    std::vector<NamedTensor> tensors;
    std::map<std::string, std::string> metadata;
};

/// Reads a safetensors file into memory of its own.
Result<TensorFile> loadSafetensors(const std::filesystem::path& file);

/// Writes it whole or not at all. Tensors may lie on any device.
Status saveSafetensors(const TensorFile& tensors, const std::filesystem::path& file);

} // namespace frostline
