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

/// CIFAR-10 or CIFAR-100 in the binary version, in the folder itself or in the one that the archive makes.
Result<SourceData> readCifarFolder(const std::filesystem::path& folder);

/// JPEG and PNG files in a folder for each class, or in `train`, `val` and `test` with such folders. Nothing
/// is decoded yet. Where the recipe gives no input size the images have to be of one size.
Result<SourceData> readImageFolder(const std::filesystem::path& root, const DataRecipe& recipe);

/// Sounds in a folder for each class (see listClassFolders): each log-mel patch is a sample [1, 96, 64] with
/// its clip's label. A damaged file is an error, or is left out with a warning.
Result<SourceData> readAudioFolder(const std::filesystem::path& folder, bool skipDamaged, const LogSink& log);

/// A safetensors file, or a folder with `train.safetensors` in it: what the task needs of `data_input`,
/// `data_target` and their like.
Result<SourceData> readTensors(const std::filesystem::path& path, Task task);

} // namespace frostline
