#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace frostline {

/// One tensor of a safetensors file: where its bytes lie within the data section.
struct TensorEntry {
    std::string name;
    std::string dtype; ///< `F32`, `F16`, `BF16`, `F64`, `I64`, `I32`, `I16`, `I8`, `U8`, `BOOL`
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

struct SafetensorsIndex {
    std::vector<TensorEntry> tensors; ///< In the header's order.
    std::map<std::string, std::string> metadata;
    std::uint64_t dataOffset = 0; ///< Where the data section begins in the file.
};

/// Bytes of the longest header that is read.
inline constexpr std::uint64_t kLargestHeader = 100'000'000;

/// Bytes of one element; 0 for a type we do not know.
std::uint64_t elementSizeOf(std::string_view dtype);

/// Reads the header of a whole file of `fileSize` bytes, of which `head` is the beginning (at least the
/// header). Everything in it is checked: types, shapes, and that offsets match the shapes and stay inside the
/// file.
Result<SafetensorsIndex> parseSafetensorsIndex(std::string_view head, std::uint64_t fileSize,
                                               const std::string& where);

/// A header for tensors laid out one after another in the given order (begin and end are set here).
std::string safetensorsHeader(std::vector<TensorEntry>& tensors,
                              const std::map<std::string, std::string>& metadata);

} // namespace frostline
