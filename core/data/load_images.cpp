#include "data/load_images.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <numeric>

#include "base/json.h"
#include "base/random.h"
#include "base/resources.h"
#include "data/idx.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

const std::map<std::string, std::vector<std::string>, std::less<>> kKnownClassNames{
    {"fashion-mnist",
     {"t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"}},
};

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (const auto& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

/// The file itself, or its compressed form.
Result<fs::path> findPart(const fs::path& folder, const std::string& name)
{
    std::error_code code;
    for (const auto& file : {folder / name, folder / (name + ".gz")}) {
        if (fs::exists(file, code))
            return file;
    }
    return failure(ErrorCode::FileSystem, folder.string() + ": has no file " + name + " or " + name +
                                              ".gz; the MNIST layout is four IDX files named as MNIST's");
}

/// Names from `classes.txt` (one a line), from what is known of the data set, or the numbers themselves.
std::vector<std::string> classNamesOf(const fs::path& folder, std::int64_t highestLabel)
{
    std::vector<std::string> names;
    std::ifstream lines(folder / "classes.txt");
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty())
            names.push_back(line);
    }
    const auto known = kKnownClassNames.find(folder.filename().string());
    if (names.empty() && known != kKnownClassNames.end())
        names = known->second;
    if (names.empty()) {
        for (std::int64_t label = 0; label <= highestLabel; ++label)
            names.push_back(std::to_string(label));
    }
    return names;
}

Status checkLabels(const ImageSet& set, const fs::path& file)
{
    const auto classes = static_cast<std::int64_t>(set.classNames.size());
    for (std::size_t i = 0; i < set.labels.size(); ++i) {
        if (set.labels[i] >= classes)
            return badInput(file.string() + ": label " + std::to_string(set.labels[i]) + " of image " +
                            std::to_string(i) + " is out of range; there are " + std::to_string(classes) +
                            " classes, 0 to " + std::to_string(classes - 1));
    }
    return {};
}

/// Grey images [N, H, W] in idx3, or images of several channels [N, C, H, W] in idx4.
Result<IdxArray> readImages(const fs::path& folder, const std::string& prefix)
{
    if (const auto colour = findPart(folder, prefix + "-images-idx4-ubyte"))
        return readIdx(*colour, 4);
    auto images = findPart(folder, prefix + "-images-idx3-ubyte").and_then([](const fs::path& file) {
        return readIdx(file, 3);
    });
    if (images)
        images->shape.insert(images->shape.begin() + 1, 1);
    return images;
}

Result<ImageSet> readPair(const fs::path& folder, const std::string& prefix)
{
    auto images = readImages(folder, prefix);
    const auto labelFile = findPart(folder, prefix + "-labels-idx1-ubyte");
    if (!images || !labelFile)
        return tl::unexpected(images ? labelFile.error() : images.error());
    auto labels = readIdx(*labelFile, 1);
    if (!labels)
        return tl::unexpected(labels.error());
    if (images->shape[0] != labels->shape[0])
        return badInput(folder.string() + ": " + std::to_string(images->shape[0]) + " images but " +
                        std::to_string(labels->shape[0]) + " labels in " + prefix);
    if (images->shape[1] > 64 || images->shape[2] > 4096 || images->shape[3] > 4096)
        return badInput(folder.string() +
                        ": images of more than 64 channels or 4096 pixels a side are not supported");
    ImageSet set;
    set.channels = static_cast<int>(images->shape[1]);
    set.height = static_cast<int>(images->shape[2]);
    set.width = static_cast<int>(images->shape[3]);
    set.pixels = std::move(images->bytes);
    set.labels.assign(labels->bytes.begin(), labels->bytes.end());
    const auto highest = set.labels.empty() ? 0 : *std::ranges::max_element(set.labels);
    set.classNames = classNamesOf(folder, highest);
    if (const auto checked = checkLabels(set, *labelFile); !checked)
        return tl::unexpected(checked.error());
    return set;
}

/// A set of the images at `indices`, in that order.
ImageSet subset(const ImageSet& set, const std::vector<std::int64_t>& indices)
{
    ImageSet result{set.channels, set.height, set.width, {}, {}, set.classNames};
    result.pixels.reserve(indices.size() * set.imageBytes());
    for (const auto index : indices) {
        const auto image = set.image(index);
        result.pixels.insert(result.pixels.end(), image.begin(), image.end());
        result.labels.push_back(set.labels[static_cast<std::size_t>(index)]);
    }
    return result;
}

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
                            joined(names) + (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
        }
        auto& label = map[static_cast<std::size_t>(found - names.begin())];
        if (label >= 0)
            return badInput("/data/classes: class \"" + selected[i] + "\" is selected twice");
        label = static_cast<std::int64_t>(i);
    }
    return map;
}

Result<ImageSet> selectClasses(ImageSet set, const std::vector<std::string>& selected)
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

/// The first `limit` of each class in `order`, the order kept.
std::vector<std::int64_t> limited(const ImageSet& set, const std::vector<std::int64_t>& order,
                                  std::int64_t limit)
{
    std::vector<std::int64_t> taken(set.classNames.size());
    std::vector<std::int64_t> kept;
    for (const auto index : order) {
        auto& count = taken[static_cast<std::size_t>(set.labels[static_cast<std::size_t>(index)])];
        if (limit == 0 || count++ < limit)
            kept.push_back(index);
    }
    return kept;
}

std::vector<std::int64_t> inFileOrder(std::vector<std::int64_t> indices)
{
    std::ranges::sort(indices);
    return indices;
}

ImageSet limitedSet(const ImageSet& set, std::int64_t limit, std::uint64_t seed)
{
    if (limit == 0)
        return set;
    return subset(
        set, inFileOrder(limited(set, permutation(set.size(), streamSeed(seed, Purpose::Limit)), limit)));
}

void splitFromTrain(const ImageSet& all, const DataRecipe& recipe, std::uint64_t seed, ImageSplits& splits)
{
    const auto order = permutation(all.size(), streamSeed(seed, Purpose::Split));
    const auto held =
        static_cast<std::ptrdiff_t>(recipe.validation.fraction * static_cast<double>(all.size()));
    const std::vector<std::int64_t> validation(order.begin(), order.begin() + held);
    const std::vector<std::int64_t> train(order.begin() + held, order.end());
    splits.validation = subset(all, inFileOrder(limited(all, validation, recipe.validation.limit)));
    splits.train = subset(all, inFileOrder(limited(all, train, recipe.trainLimit)));
}

Status checkSplits(const ImageSplits& splits, const DataRecipe& recipe)
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
    return {};
}

} // namespace

Result<ImageSplits> loadImages(const DataRecipe& recipe, std::uint64_t seed, const fs::path& folder)
{
    const auto path = resolvePath(recipe.path, folder);
    if (!path)
        return tl::unexpected(path.error());
    std::error_code code;
    if (!fs::is_directory(*path, code))
        return failure(ErrorCode::FileSystem, "data folder " + path->string() + " does not exist");
    const auto select = [&recipe](ImageSet set) { return selectClasses(std::move(set), recipe.classes); };
    auto train = readPair(*path, "train").and_then(select);
    auto test = train ? readPair(*path, "t10k").and_then(select) : Result<ImageSet>(ImageSet{});
    if (!train || !test)
        return tl::unexpected(train ? test.error() : train.error());
    if (train->channels != test->channels || train->height != test->height || train->width != test->width)
        return badInput(path->string() + ": training and test images differ in size");
    if (test->classNames.size() > train->classNames.size())
        return badInput(path->string() + ": the test labels go up to " +
                        std::to_string(test->classNames.size() - 1) + ", the training labels to " +
                        std::to_string(train->classNames.size() - 1));
    ImageSplits splits;
    if (recipe.validation.from == ValidationRecipe::From::Train) {
        splitFromTrain(*train, recipe, seed, splits);
    } else {
        splits.train = limitedSet(*train, recipe.trainLimit, seed);
        splits.validation = limitedSet(*test, recipe.validation.limit, seed);
    }
    splits.test = std::move(*test);
    if (const auto checked = checkSplits(splits, recipe); !checked)
        return tl::unexpected(checked.error());
    return splits;
}

} // namespace frostline
