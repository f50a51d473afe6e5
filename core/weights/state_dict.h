#pragma once

#include <filesystem>

#include "base/error.h"
#include "weights/safetensors.h"

namespace frostline {

/// Reads the state dict of a PyTorch file (.pt, .pth), wherever in a checkpoint it is. Nothing in the file is
/// run. The tensors are views of the file's bytes in memory: copy what is to be kept.
Result<TensorFile> loadStateDict(const std::filesystem::path& file);

/// Writes the tensors as Python's torch.save(model.state_dict(), file) does, whole or not at all. Metadata is
/// not written. Tensors may lie on any device.
Status saveStateDict(const TensorFile& tensors, const std::filesystem::path& file);

} // namespace frostline
