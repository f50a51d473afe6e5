#pragma once

#include "data/sources.h"

namespace frostline {

/// Keeps the recipe's limits and takes validation from where it says. What is picked follows from the seed
/// alone. Recordings are never split, nor are groups where the recipe has a pattern for them. The data have a
/// test or a validation split if the recipe wants one.
Result<DataSplits> splitData(SourceData data, const DataRecipe& recipe, std::uint64_t seed);

} // namespace frostline
