#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace frostline {

/// Folder of shipped recipes, schemas and weights: `FROSTLINE_RESOURCES`, then `../share/frostline` beside
/// the program, then the source tree it was built from.
Result<std::filesystem::path> resourcesFolder();

/// Resolves `resource:weights/x.safetensors`, `dataset:fashion-mnist`, `weights:resnet18`, absolute paths,
/// and paths relative to `folder`. Data sets are looked for in /usr/share/datasets, then in the user's data
/// folder, weights in the latter.
Result<std::filesystem::path> resolvePath(const std::string& text, const std::filesystem::path& folder);

/// Where the user's own sessions, data sets and weights are: `$XDG_DATA_HOME/frostline`.
std::filesystem::path userDataFolder();

/// Where what can be computed again is kept: `$XDG_CACHE_HOME/frostline`.
std::filesystem::path userCacheFolder();

/// Folders in which `dataset:NAME` is looked for, in order.
std::vector<std::filesystem::path> datasetFolders();

} // namespace frostline
