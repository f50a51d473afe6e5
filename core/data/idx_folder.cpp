// Data in MNIST's layout: four IDX files.

#include <algorithm>
#include <map>

#include "data/idx.h"
#include "data/names.h"
#include "data/sources.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

const std::map<std::string, std::vector<std::string>, std::less<>> kKnownClassNames{
    {"fashion-mnist",
     {"t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"}},
};

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
Result<std::vector<std::string>> classNamesOf(const fs::path& folder, std::int64_t highestLabel)
{
    std::error_code code;
    if (const auto file = folder / "classes.txt"; fs::exists(file, code))
        return readNames(file);
    const auto name = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
    if (const auto known = kKnownClassNames.find(name); known != kKnownClassNames.end())
        return known->second;
    std::vector<std::string> names;
    for (std::int64_t label = 0; label <= highestLabel; ++label)
        names.push_back(std::to_string(label));
    return names;
}

Status checkLabels(const DataSet& set, const fs::path& file)
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

Result<DataSet> readPair(const fs::path& folder, const std::string& prefix)
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
    DataSet set;
    set.channels = static_cast<int>(images->shape[1]);
    set.height = static_cast<int>(images->shape[2]);
    set.width = static_cast<int>(images->shape[3]);
    set.pixels = std::move(images->bytes);
    set.labels.assign(labels->bytes.begin(), labels->bytes.end());
    const auto highest = set.labels.empty() ? 0 : *std::ranges::max_element(set.labels);
    auto names = classNamesOf(folder, highest);
    if (!names)
        return tl::unexpected(names.error());
    set.classNames = std::move(*names);
    if (const auto checked = checkLabels(set, *labelFile); !checked)
        return tl::unexpected(checked.error());
    return set;
}

} // namespace

Result<SourceData> readIdxFolder(const fs::path& folder)
{
    auto train = readPair(folder, "train");
    auto test = train ? readPair(folder, "t10k") : Result<DataSet>(DataSet{});
    if (!train || !test)
        return tl::unexpected(train ? test.error() : train.error());
    if (test->classNames.size() > train->classNames.size())
        return badInput(folder.string() + ": the test labels go up to " +
                        std::to_string(test->classNames.size() - 1) + ", the training labels to " +
                        std::to_string(train->classNames.size() - 1));
    // Where numbers name the classes, the test may lack the highest.
    test->classNames = train->classNames;
    return SourceData{std::move(*train), std::move(*test), {}};
}

} // namespace frostline
