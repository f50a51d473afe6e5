#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace frostline {

/// One file of a zip archive: where its bytes lie.
struct ZipRecord {
    std::string name;
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
    bool isPlain = true; ///< Neither compressed nor encrypted.
};

/// Reads the directory at the end of an archive, which has to be there whole. All records lie inside it.
Result<std::vector<ZipRecord>> parseZipIndex(std::string_view archive, const std::string& where);

} // namespace frostline
