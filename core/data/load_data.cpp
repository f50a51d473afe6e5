#include "data/load_data.h"

#include <algorithm>
#include <numeric>

#include "base/json.h"
#include "base/machine.h"
#include "base/resources.h"
#include "data/groups.h"
#include "data/image_cache.h"
#include "data/names.h"
#include "data/prepare.h"
#include "data/sources.h"
#include "data/split_data.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kShareOfMemory = 4; ///< What decoded images may take: a quarter of what is free.

/// For each class of the file its new label, or -1 where it is not selected.
Result<std::vector<std::int64_t>> labelMap(const std::vector<std::string>& names,
                                           const std::vector<std::string>& selected)
{
    std::vector<std::int64_t> map(names.size(), selected.empty() ? 0 : -1);
    if (selected.empty())
        std::iota(map.begin(), map.end(), std::int64_t{0});
    for (std::size_t i = 0; i < selected.size(); ++i) {
        const auto found = std::ranges::find(names, selected[i]);
        if (found == names.end()) {
            const auto nearest = nearestName(selected[i], names);
            return badInput("/data/classes: class \"" + selected[i] + "\" is not in the data; there are " +
                            listOf(names) + (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
        }
        auto& label = map[static_cast<std::size_t>(found - names.begin())];
        if (label >= 0)
            return badInput("/data/classes: class \"" + selected[i] + "\" is selected twice");
        label = static_cast<std::int64_t>(i);
    }
    return map;
}

Result<DataSet> selectClasses(DataSet set, const std::vector<std::string>& selected)
{
    if (selected.empty())
        return set;
    const auto map = labelMap(set.classNames, selected);
    if (!map)
        return tl::unexpected(map.error());
    std::vector<std::int64_t> kept;
    for (std::int64_t i = 0; i < set.size(); ++i) {
        if ((*map)[static_cast<std::size_t>(set.labels[static_cast<std::size_t>(i)])] >= 0)
            kept.push_back(i);
    }
    auto result = subset(set, kept);
    for (auto& label : result.labels)
        label = (*map)[static_cast<std::size_t>(label)];
    result.classNames = selected;
    return result;
}

Status checkSplits(const DataSplits& splits, const DataRecipe& recipe)
{
    const auto channels = static_cast<std::size_t>(splits.train.channels);
    if (recipe.mean.size() != 1 && recipe.mean.size() != channels)
        return badInput("/data/normalize: has " + std::to_string(recipe.mean.size()) +
                        " values, the images have " + std::to_string(channels) + " channels");
    if (splits.train.size() < 2)
        return badInput("the data leave " + std::to_string(splits.train.size()) +
                        " training images; at least two are needed");
    if (splits.validation.size() < 1)
        return badInput("the data leave no image for validation");
    return checkPreparation(splits.train, recipe);
}

Result<SourceData> readSource(const DataRecipe& recipe, const fs::path& path, const LogSink& log)
{
    if (recipe.source == "tensors")
        return readTensors(path, recipe.task);
    std::error_code code;
    if (!fs::is_directory(path, code))
        return failure(ErrorCode::FileSystem, "data folder " + path.string() + " does not exist");
    if (recipe.source == "idx")
        return readIdxFolder(path);
    if (recipe.source == "cifar")
        return readCifarFolder(path);
    if (recipe.source == "image_folder")
        return readImageFolder(path, recipe);
    if (recipe.source == "audio_folder")
        return readAudioFolder(path, recipe.skipDamaged, log);
    return badInput("/data/source: " + recipe.source + " cannot be read yet");
}

/// Selects classes in every split, and checks that they are of one shape.
Status selectIn(SourceData& data, const DataRecipe& recipe, const fs::path& path)
{
    for (auto* set :
         {&data.train, data.test ? &*data.test : nullptr, data.validation ? &*data.validation : nullptr}) {
        if (!set)
            continue;
        auto selected = selectClasses(std::move(*set), recipe.classes);
        if (!selected)
            return tl::unexpected(selected.error());
        *set = std::move(*selected);
        if (set->channels != data.train.channels || set->height != data.train.height ||
            set->width != data.train.width)
            return badInput(path.string() + ": training and test images differ in size");
    }
    return {};
}

/// Files of images into memory, those for training first, as far as a share of what is free goes. The test's
/// stay a stream, since they are read once if at all, unless damaged ones have to be found.
Status hold(DataSplits& splits, const DataRecipe& recipe, const LogSink& log)
{
    ImageCacheOptions options{availableMemoryBytes() / kShareOfMemory, recipe.skipDamaged, log};
    for (auto* set : {&splits.train, &splits.validation, recipe.skipDamaged ? &splits.test : nullptr}) {
        options.everyClass = set == &splits.train;
        const auto taken = set ? holdImages(*set, options) : 0;
        if (!taken)
            return tl::unexpected(taken.error());
        options.budget -= *taken;
    }
    return {};
}

} // namespace

Result<DataSplits> loadData(const DataRecipe& recipe, std::uint64_t seed, const fs::path& folder,
                            const LogSink& log)
{
    const auto path = resolvePath(recipe.path, folder);
    if (!path)
        return tl::unexpected(path.error());
    auto data = readSource(recipe, *path, log);
    if (!data)
        return tl::unexpected(data.error());
    if (const auto grouped = splitGroups(*data, recipe); !grouped)
        return tl::unexpected(grouped.error());
    if (const auto selected = selectIn(*data, recipe, *path); !selected)
        return tl::unexpected(selected.error());
    if (recipe.validation.from == ValidationRecipe::From::Test && !data->test && !data->validation)
        return badInput("/data/validation: the data have no test split; take a share of the training samples "
                        "with \"from\": \"train\"");
    auto splits = splitData(std::move(*data), recipe, seed);
    if (!splits)
        return splits;
    // Again after images were left out as damaged.
    const auto held =
        checkSplits(*splits, recipe).and_then([&] { return hold(*splits, recipe, log); }).and_then([&] {
            return checkSplits(*splits, recipe);
        });
    if (!held)
        return tl::unexpected(held.error());
    return splits;
}

} // namespace frostline
