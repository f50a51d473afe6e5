#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace frostline {

/// A type of elements, as PyTorch and safetensors name it.
struct ElementType {
    std::string_view storage; ///< `FloatStorage`
    std::string_view scalar;  ///< `float32`
    std::string_view dtype;   ///< `F32`
    std::uint64_t size = 0;   ///< Bytes of one element.
    bool isWhole = false;     ///< Whole numbers, or truth values.
};
/// Nothing where we do not know it. Names may have modules before them.
const ElementType* storageTypeOf(std::string_view storage);
const ElementType* scalarTypeOf(std::string_view scalar);
const ElementType* dtypeOf(std::string_view dtype);

/// Whether a tensor may have this name: no file's name reaches a terminal as an instruction.
bool isTensorName(std::string_view name);

/// One tensor of a file: what it is, and which of the file's bytes it is made of. All that it touches lies in
/// the file, and its number of values fits into 63 bits; with strides of 0 it can be far more than the file.
struct StoredTensor {
    std::string name;
    std::string dtype; ///< As safetensors writes it: `F32`, `BF16`, `I64`, ...
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides; ///< In elements, none negative.
    std::uint64_t begin = 0;           ///< Byte of its first element.
    std::uint64_t end = 0;             ///< One past the last byte that any element has.

    std::int64_t values() const;
};

} // namespace frostline
