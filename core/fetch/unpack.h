#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "base/error.h"
#include "fetch/catalog.h"
#include "fetch/download.h"

namespace frostline {

struct UnpackRequest {
    std::filesystem::path archive;
    Packing packing = Packing::Tar;
    std::filesystem::path folder; ///< Is there, and ours alone; what comes out goes into it.
    std::string wanted;           ///< The folder inside the archive whose content is wanted; all where empty.
    std::int64_t atMost = 0;      ///< Bytes that may come out.
};

/// Bytes of the archive that are read, of all that it has.
using UnpackObserver = std::function<void(std::int64_t bytes, std::int64_t total)>;

/// Unpacks files and folders, and nothing else: absolute paths, "..", links and devices are refused, and so
/// is what is more than it should be. What came out before a refusal stays in the folder, for the caller to
/// remove.
Result<Outcome> unpack(const UnpackRequest& request, const UnpackObserver& observer,
                       const std::stop_token& stop);

} // namespace frostline
