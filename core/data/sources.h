#pragma once

#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "data/data_set.h"
#include "training/data_recipe.h"

namespace frostline {

/// All that a source has, before classes are selected and limits kept. Images of a folder are not read yet:
/// they come as a stream.
struct SourceData {
    DataSet train;
    std::optional<DataSet> test; ///< Where the source has a split of its own for it.
    std::optional<DataSet> validation;
};

/// Four IDX files named as MNIST's, plain or gzip.
Result<SourceData> readIdxFolder(const std::filesystem::path& folder);

} // namespace frostline
