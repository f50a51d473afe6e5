#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/layer.h"
#include "training/checkpoint_settings.h"

namespace frostline {

/// All that a run needs to go on from a step to the bit: weights and statistics under their own names, and
/// beside them `optimizer/first/NAME`, `optimizer/second/NAME`, `optimizer/before/NAME` (values before the
/// last update, which can be taken back), `pruning/hides/NAME` and `pruning/hidden/NAME` (where a mask hides,
/// and what). The tensors are copies. No layer's name has a slash.
struct Checkpoint {
    CheckpointSettings settings;
    std::vector<NamedTensor> tensors;
};

Status saveCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& file);

/// An error where the file's bytes do not have the SHA-256 that was recorded for them (empty: not checked).
Result<Checkpoint> loadCheckpoint(const std::filesystem::path& file, const std::string& sha256);

} // namespace frostline
