#pragma once

#include <filesystem>
#include <optional>

#include "base/error.h"
#include "session/session.h"

namespace frostline {

/// Writes the weights and statistics that a session's checkpoint holds, without all that is there to go on
/// training: the last one's, or that of a step. The file's ending names its format: .safetensors, .pth, .pt.
Status exportWeights(const SessionHead& session, const std::filesystem::path& sessionFolder,
                     std::optional<Step> step, const std::filesystem::path& file);

} // namespace frostline
