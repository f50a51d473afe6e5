#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "training/recipe.h"

namespace frostline {

/// What data of somebody's own hold, as far as a look at them tells. Counts are of samples, of clips for
/// sound.
struct DataSurvey {
    std::string source; ///< As recipes call it.
    std::filesystem::path path;
    Task task = Task::Classes;
    std::vector<std::string> classNames;
    std::vector<std::int64_t> classCounts; ///< Training samples of each class.
    std::int64_t train = 0;
    std::int64_t validation = 0; ///< 0 where the data have no such split.
    std::int64_t test = 0;
    int channels = 3;
    int height = 0; ///< 0 where samples differ in size.
    int width = 0;
};

/// Looks whether a folder, or a file, is one that a recipe can name, and what is in it. Reads headers of
/// images, not the images.
Result<DataSurvey> surveyData(const std::filesystem::path& path);

/// Weights that are there to start from.
struct PretrainedBase {
    std::string architecture;
    std::string weights;                 ///< As recipes name them.
    std::vector<std::int64_t> inputSize; ///< Height and width; empty where any will do.
    std::vector<double> mean;
    std::vector<double> deviation;
};

/// A recipe to begin with: the base frozen and a new head on it, or, where there is no base, a small network
/// that learns from scratch.
Recipe suggestedRecipe(const DataSurvey& data, const std::optional<PretrainedBase>& base);

} // namespace frostline
