#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>

#include "base/error.h"

namespace frostline {

/// What is to be got, and how to tell that it is the right file.
struct DownloadRequest {
    std::string url;
    std::filesystem::path file; ///< Appears whole and checked, or not at all.
    std::int64_t size = 0;      ///< Bytes.
    bool sizeIsExact = true;
    std::string sha256;    ///< All 64 digits, the first few, or none.
    int stallSeconds = 60; ///< After so long without a byte the server is given up.
};

struct DownloadProgress {
    std::int64_t bytes = 0; ///< On the disk, those of an earlier try included.
    std::int64_t total = 0;
    double secondsLeft = -1; ///< Negative while it cannot be told.
};

/// Stopping is an outcome of its own, not a failure.
enum class Outcome { Done, Stopped };

using DownloadObserver = std::function<void(const DownloadProgress&)>;

/// Gets a file over https (or http from this machine itself) beside its place, as FILE.part, checks size and
/// SHA-256, syncs and renames it. What is left of a stopped or broken download is gone on with by the next
/// one, where the server can; what is wrong is removed. A file that is there and right is left as it is.
/// Blocks; polls `stop` many times a second. The observer is called on the calling thread.
Result<Outcome> download(const DownloadRequest& request, const DownloadObserver& observer,
                         const std::stop_token& stop);

} // namespace frostline
