#include "fetch/places.h"

#include <algorithm>
#include <cstdlib>

#include "base/resources.h"
#include "fetch/transfer.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

std::string sizeText(const CatalogFile& file)
{
    return (file.sizeIsExact ? "" : "about ") + bytesText(file.size);
}

/// What can be done about an entry that is not here; empty for what the catalogue does not know.
std::string adviceOn(const std::string& name, CatalogEntry::Kind kind)
{
    const auto catalog = loadCatalog();
    if (!catalog)
        return {};
    std::vector<std::string> names;
    for (const auto& entry : catalog->entries) {
        if (entry.kind != kind)
            continue;
        if (entry.name == name)
            return "; \"frostline-cli fetch " + name + "\" gets it, or by hand: " + handText(entry);
        names.push_back(entry.name);
    }
    for (const auto& entry : catalog->byHand) {
        if (entry.kind == kind && entry.name == name)
            return "; " + entry.how;
    }
    const auto nearest = nearestName(name, names);
    return nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?";
}

} // namespace

Result<fs::path> catalogFile()
{
    if (const char* file = std::getenv("FROSTLINE_CATALOG"); file && *file)
        return fs::path(file);
    return resourcesFolder().map([](const fs::path& folder) { return folder / "catalog.json"; });
}

Result<Catalog> loadCatalog(const fs::path& file)
{
    const auto chosen = file.empty() ? catalogFile() : Result<fs::path>(file);
    if (!chosen)
        return tl::unexpected(chosen.error());
    return readJsonFile(*chosen).and_then(
        [&chosen](const Json& json) { return catalogFromJson(json, chosen->string()); });
}

fs::path placeOf(const CatalogEntry& entry, const fs::path& to)
{
    const bool isWeights = entry.kind == CatalogEntry::Kind::Weights;
    const auto folder = to.empty() ? userDataFolder() / (isWeights ? "weights" : "datasets") : to;
    return folder / (isWeights ? entry.files.front().name : entry.name);
}

std::optional<fs::path> foundPlace(const CatalogEntry& entry)
{
    std::error_code code;
    if (entry.kind == CatalogEntry::Kind::Weights) {
        auto file = placeOf(entry);
        return fs::is_regular_file(file, code) ? std::optional(std::move(file)) : std::nullopt;
    }
    for (const auto& folder : datasetFolders()) {
        if (fs::is_directory(folder / entry.name, code))
            return folder / entry.name;
    }
    return std::nullopt;
}

std::string handText(const CatalogEntry& entry, const fs::path& to)
{
    const auto place = placeOf(entry, to);
    const auto isPacked = [](const CatalogFile& file) { return file.packing != Packing::None; };
    if (entry.kind == CatalogEntry::Kind::Weights) {
        const auto& file = entry.files.front();
        return "put " + file.url + " (" + sizeText(file) + ") there as " + place.string();
    }
    std::string addresses;
    for (const auto& file : entry.files)
        addresses += (addresses.empty() ? "" : ", ") + file.url + " (" + sizeText(file) + ")";
    const auto& first = entry.files.front();
    const auto what =
        first.folder.empty() ? std::string("what is in it") : "what is in its folder " + first.folder;
    return std::ranges::any_of(entry.files, isPacked)
               ? "unpack " + addresses + " and put " + what + " into the folder " + place.string()
               : "put " + addresses + " into the folder " + place.string();
}

Result<fs::path> resolveWeights(const std::string& name)
{
    const bool isPlainName = !name.empty() && name.find('/') == std::string::npos && name.front() != '.';
    if (!isPlainName)
        return badInput("weights:" + shortened(name) +
                        ": expected a name of the catalogue, or of a file in " +
                        (userDataFolder() / "weights").string());
    std::error_code code;
    auto file = userDataFolder() / "weights" / name;
    if (const auto catalog = loadCatalog()) {
        const auto* entry = catalog->find(name);
        if (entry && entry->kind == CatalogEntry::Kind::Weights)
            file = placeOf(*entry);
    }
    if (fs::is_regular_file(file, code))
        return file;
    return failure(ErrorCode::FileSystem, "weights \"" + name + "\" not found: looked for the file " +
                                              file.string() + adviceOn(name, CatalogEntry::Kind::Weights));
}

Result<fs::path> resolveDataset(const std::string& name)
{
    std::error_code code;
    std::string looked;
    for (const auto& folder : datasetFolders()) {
        if (fs::is_directory(folder / name, code))
            return folder / name;
        looked += (looked.empty() ? "" : " and ") + (folder / name).string();
    }
    const std::string package =
        name == "fashion-mnist" ? "; the Debian package dataset-fashion-mnist has it" : "";
    return failure(ErrorCode::FileSystem, "data set \"" + name + "\" not found: looked for the folder " +
                                              looked + package + adviceOn(name, CatalogEntry::Kind::Data));
}

} // namespace frostline
