#include "base/resources.h"

#include <cstdlib>
#include <string_view>

#include "fetch/places.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

/// Frostline's folder below one of the XDG base directories.
fs::path userFolder(const char* variable, const char* usual)
{
    if (const char* base = std::getenv(variable); base && *base)
        return fs::path(base) / "frostline";
    const char* home = std::getenv("HOME");
    return fs::path(home ? home : ".") / usual / "frostline";
}

} // namespace

fs::path userDataFolder()
{
    return userFolder("XDG_DATA_HOME", ".local/share");
}

fs::path userCacheFolder()
{
    return userFolder("XDG_CACHE_HOME", ".cache");
}

Result<fs::path> resourcesFolder()
{
    if (const char* folder = std::getenv("FROSTLINE_RESOURCES"); folder && *folder)
        return fs::path(folder);
    std::error_code code;
    const auto program = fs::read_symlink("/proc/self/exe", code);
    for (const auto& folder :
         {program.parent_path().parent_path() / "share/frostline", fs::path(FROSTLINE_SOURCE_RESOURCES)}) {
        if (fs::is_directory(folder / "recipes", code))
            return folder;
    }
    return failure(ErrorCode::FileSystem,
                   "the folder of shipped recipes and weights was not found; set FROSTLINE_RESOURCES to it");
}

std::vector<fs::path> datasetFolders()
{
    return {"/usr/share/datasets", userDataFolder() / "datasets"};
}

Result<fs::path> resolvePath(const std::string& text, const fs::path& folder)
{
    constexpr std::string_view kResource = "resource:";
    constexpr std::string_view kDataset = "dataset:";
    constexpr std::string_view kWeights = "weights:";
    if (text.starts_with(kResource))
        return resourcesFolder().map(
            [&](const fs::path& root) { return root / text.substr(kResource.size()); });
    if (text.starts_with(kDataset))
        return resolveDataset(text.substr(kDataset.size()));
    if (text.starts_with(kWeights))
        return resolveWeights(text.substr(kWeights.size()));
    return fs::absolute(folder / text).lexically_normal();
}

} // namespace frostline
