#pragma once

#include <cstdint>
#include <filesystem>

#include "base/error.h"
#include "base/log.h"
#include "data/data_set.h"
#include "training/recipe.h"

namespace frostline {

/// Reads the data of a recipe: the classes selected and renumbered, limits kept, validation split off.
/// What is picked follows from the seed alone.
Result<DataSplits> loadData(const DataRecipe& recipe, std::uint64_t seed, const std::filesystem::path& folder,
                            const LogSink& log = {});

} // namespace frostline
