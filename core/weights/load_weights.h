#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "model/network.h"

namespace frostline {

/// Copies a file's tensors into the network by name and shape; half precision is widened.
/// Strict: every mismatch is named and nothing is changed. Tensors of `replacedHead`, where it is not empty,
/// are left out on both sides.
Status loadWeights(Network& network, const std::filesystem::path& file, const std::string& replacedHead);

} // namespace frostline
