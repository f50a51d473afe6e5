#pragma once

#include <cstdint>
#include <filesystem>

#include "base/error.h"
#include "data/image_set.h"
#include "training/recipe.h"

namespace frostline {

/// Reads the data of a recipe: the classes selected and renumbered, limits kept, validation split off.
/// What is picked follows from the seed alone.
Result<ImageSplits> loadImages(const DataRecipe& recipe, std::uint64_t seed,
                               const std::filesystem::path& folder);

} // namespace frostline
