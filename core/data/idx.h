#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/error.h"

namespace frostline {

/// An IDX file of unsigned bytes: the format that MNIST and Fashion-MNIST come in (LeCun 1998).
/// Big-endian: two zero bytes, type 0x08, the number of dimensions, then a 32-bit length for each.
struct IdxArray {
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> bytes;
};

/// Reads a plain or gzip-compressed file with exactly `dimensions` dimensions.
/// Magic and sizes are checked against the file before anything large is allocated.
Result<IdxArray> readIdx(const std::filesystem::path& file, int dimensions);

} // namespace frostline
