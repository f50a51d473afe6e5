#pragma once

#include <filesystem>

#include "session/session.h"

namespace frostline {

/// Writes a session's curves as CSV, a row for each step: step, epoch, loss, accuracy, learning_rate,
/// sparsity, seconds, and in the last step of an epoch validation_loss and validation_accuracy; then, as the
/// task has them, mae, validation_mae, validation_psnr, validation_top5, validation_clip_accuracy. What is
/// not finite is left empty.
Status exportCsv(const Session& session, const std::filesystem::path& file);

} // namespace frostline
