#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"

namespace frostline {

/// The file that `text`, read in a session's record, means: relative to `folder`, and truly inside it once
/// links are followed. The file need not exist. An absolute path, `..`, an empty one, the folder itself, or a
/// link that leads out are refused. To be asked before such a file is read, written or removed.
Result<std::filesystem::path> fileInside(const std::filesystem::path& folder, const std::string& text);

/// A legal name on every file system that begins as `name` does.
std::string plainFileName(const std::string& name);

} // namespace frostline
