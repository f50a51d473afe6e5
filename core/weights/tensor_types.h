#pragma once

#include <array>
#include <string_view>

#include <torch/types.h>

namespace frostline {

/// The types of elements that files hold, by safetensors' names.
struct TensorType {
    std::string_view name;
    torch::ScalarType type;
};
inline constexpr std::array<TensorType, 10> kTensorTypes{{{"F32", torch::kFloat},
                                                          {"F16", torch::kHalf},
                                                          {"BF16", torch::kBFloat16},
                                                          {"F64", torch::kDouble},
                                                          {"I64", torch::kLong},
                                                          {"I32", torch::kInt},
                                                          {"I16", torch::kShort},
                                                          {"I8", torch::kChar},
                                                          {"U8", torch::kByte},
                                                          {"BOOL", torch::kBool}}};

} // namespace frostline
