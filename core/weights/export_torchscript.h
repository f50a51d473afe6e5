#pragma once

#include <filesystem>

#include "base/error.h"
#include "session/session.h"

namespace frostline {

/// Writes the TorchScript module that a session trained, with the weights of its last checkpoint and in
/// evaluation mode: whole or not at all. An error where the session's model is none.
Status exportTorchScript(const Session& session, const std::filesystem::path& sessionFolder,
                         const std::filesystem::path& file);

} // namespace frostline
