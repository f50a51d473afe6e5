#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "weights/safetensors_index.h"

namespace frostline {

/// A half-precision number (IEEE 754 binary16) from its bits.
float floatOfHalf(std::uint16_t bits);

/// A safetensors file whose header has been read; tensors are read one at a time, without LibTorch.
class TensorReader {
public:
    static Result<TensorReader> open(const std::filesystem::path& file);

    /// Nothing where there is no tensor of that name.
    const TensorEntry* find(const std::string& name) const;
    const SafetensorsIndex& index() const { return m_index; }
    const std::filesystem::path& file() const { return m_file; }

    /// Values of a tensor of any of the types, as floats. What is not finite is an error.
    Result<std::vector<float>> floats(const TensorEntry& entry) const;
    /// Values of a tensor of integers or truth values.
    Result<std::vector<std::int64_t>> integers(const TensorEntry& entry) const;
    /// The bytes as they stand.
    Result<std::vector<std::uint8_t>> bytes(const TensorEntry& entry) const;

private:
    std::filesystem::path m_file;
    SafetensorsIndex m_index;
};

bool isFloatType(const std::string& dtype);

} // namespace frostline
