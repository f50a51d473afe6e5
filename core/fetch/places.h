#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"
#include "fetch/catalog.h"

namespace frostline {

/// The catalogue in use: `FROSTLINE_CATALOG`, or `catalog.json` of the resources.
Result<std::filesystem::path> catalogFile();
/// Reads a catalogue; the one in use where `file` is empty.
Result<Catalog> loadCatalog(const std::filesystem::path& file = {});

/// Where fetch puts an entry: in `to`, or where recipes find it. Weights are a file, data a folder.
std::filesystem::path placeOf(const CatalogEntry& entry, const std::filesystem::path& to = {});
/// Where an entry is on this machine now, if it is.
std::optional<std::filesystem::path> foundPlace(const CatalogEntry& entry);

/// How to put an entry in its place without us: addresses, sizes, and the exact place.
std::string handText(const CatalogEntry& entry, const std::filesystem::path& to = {});

/// `weights:NAME`: NAME as in the catalogue, or a file in the folder of weights. What is not here is an error
/// that says which file is wanted, how to get it, and where to put it.
Result<std::filesystem::path> resolveWeights(const std::string& name);
/// The same for `dataset:NAME`.
Result<std::filesystem::path> resolveDataset(const std::string& name);

} // namespace frostline
