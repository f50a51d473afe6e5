#pragma once

#include <filesystem>

#include "session/session.h"

namespace frostline {

/// Writes a session's scalars as one TensorBoard event file into `folder`, which is made if need be, and
/// gives the file. For each step `train/loss`, `train/accuracy`, `train/learning_rate`, `train/sparsity`; for
/// each epoch, at the steps done when it ended, `train/epoch_loss`, `train/epoch_accuracy`,
/// `validation/loss`, `validation/accuracy` (or, as the task has them, `mae`, `psnr`, `top5`,
/// `clip_accuracy`) and `layers/PATH/drift`, `gradient_norm` and `sparsity`.
/// TensorBoard takes the files of one folder for one run: each session needs a folder of its own.
Result<std::filesystem::path> exportTensorBoard(const Session& session, const std::filesystem::path& folder);

} // namespace frostline
