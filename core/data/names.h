#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace frostline {

/// Names of classes from a text file, one a line; empty lines are passed over.
Result<std::vector<std::string>> readNames(const std::filesystem::path& file);

/// "cat, dog, horse" for a message: the first twenty, and how many more there are.
std::string listOf(const std::vector<std::string>& names);

} // namespace frostline
