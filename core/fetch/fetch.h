#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.h"
#include "fetch/catalog.h"
#include "fetch/download.h"

namespace frostline {

struct FetchOptions {
    std::filesystem::path to; ///< Folder; where recipes find it if empty.
    bool again = false;       ///< Also where it is here already; what is here stays until the new is whole.
    int stallSeconds = 60;
};

struct FetchProgress {
    enum class Stage { Downloading, Unpacking };

    Stage stage = Stage::Downloading;
    std::string file;       ///< Which of the entry's files.
    std::int64_t bytes = 0; ///< Of all files together while they are downloaded.
    std::int64_t total = 0;
    double secondsLeft = -1; ///< Negative while it cannot be told.
};

struct FetchResult {
    Outcome outcome = Outcome::Done;
    bool wasHere = false;
    std::filesystem::path place;    ///< File of weights, folder of data.
    std::string reference;          ///< How a recipe names it.
    std::vector<std::string> notes; ///< What could be checked only in part.
};

using FetchObserver = std::function<void(const FetchProgress&)>;

/// Gets weights or data of the catalogue: downloads, checks, unpacks beside the place, then renames. Nothing
/// else appears outside the place; a hidden folder beside it keeps what a stopped download has, for the next
/// one. An error says how to do it by hand. Blocks; polls `stop`.
Result<FetchResult> fetch(const CatalogEntry& entry, const FetchOptions& options,
                          const FetchObserver& observer, const std::stop_token& stop);

} // namespace frostline
