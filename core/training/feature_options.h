#pragma once

#include <cstdint>
#include <filesystem>

namespace frostline {

/// Where the output of what lies under the frost line is kept. None of it changes what is computed.
struct FeatureOptions {
    bool enabled = true;
    std::int64_t memoryBytes = -1; ///< At most; negative: a quarter of what is free.
    std::int64_t diskBytes = -1;   ///< At most, beyond that; negative: half of what is free.
    std::filesystem::path folder;  ///< Of the files; empty: `features` in the user's cache folder.
};

} // namespace frostline
