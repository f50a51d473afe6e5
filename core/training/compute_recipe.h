#pragma once

#include <optional>
#include <string_view>

namespace frostline {

enum class Precision { Fp32, Bf16 };
enum class MemoryFormat { Contiguous, ChannelsLast };

std::string_view nameOf(Precision precision);
std::string_view nameOf(MemoryFormat format);

/// How a run computes: what changes its time, and the last bits of its numbers, but not what it learns.
struct ComputeRecipe {
    std::optional<int> threads;                                    ///< Nothing: chosen by a measurement.
    std::optional<MemoryFormat> format = MemoryFormat::Contiguous; ///< Nothing: chosen by a measurement.
    Precision precision = Precision::Fp32;                         ///< Of the network; its weights stay fp32.
    bool halfFeatures = false; ///< What lies under the frost line hands its output on in half precision.

    bool operator==(const ComputeRecipe&) const = default;
};

} // namespace frostline
