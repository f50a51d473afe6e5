// Image files in a folder for each class, as torchvision's ImageFolder has them.

#include <algorithm>

#include "base/parallel.h"
#include "data/folder_tree.h"
#include "data/image_files.h"
#include "data/sources.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

/// The one size that all images have, for recipes that do not ask for one. What is damaged is told when it is
/// read.
Result<ImageSize> commonSize(const ImageFiles& files, std::int64_t count, const DataRecipe& recipe)
{
    std::vector<ImageSize> sizes(static_cast<std::size_t>(count));
    onAllCores(count, [&](std::int64_t index) {
        sizes[static_cast<std::size_t>(index)] = files.storedSize(index).value_or(ImageSize{});
        return true;
    });
    const auto known = [](const ImageSize& size) { return size.height > 0; };
    const auto first = std::ranges::find_if(sizes, known);
    if (first == sizes.end())
        return files.storedSize(0);
    const auto other =
        std::ranges::find_if(sizes, [&](const auto& size) { return known(size) && size != *first; });
    if (other == sizes.end())
        return *first;
    const auto told = [&](auto place) {
        return files.file(place - sizes.begin()).string() + " has " + std::to_string(place->width) + "x" +
               std::to_string(place->height) + " pixels";
    };
    return badInput("/data/input_size: is missing, and the images of " + recipe.path +
                    " differ in size: " + told(first) + ", " + told(other));
}

Result<DataSet> setOf(const fs::path& root, const std::vector<ClassFile>& listed,
                      const std::vector<std::string>& classes, const DataRecipe& recipe)
{
    DataSet set;
    for (const auto& file : listed) {
        set.origins.push_back(file.path.lexically_relative(root).string());
        set.labels.push_back(file.label);
    }
    Result<ImageSize> size = ImageSize{};
    if (recipe.inputSize.size() == 2)
        size = ImageSize{static_cast<int>(recipe.inputSize[0]), static_cast<int>(recipe.inputSize[1])};
    else
        size = commonSize(ImageFiles(root, set.origins, {}), set.size(), recipe);
    if (!size)
        return tl::unexpected(size.error());
    set.channels = 3;
    set.height = size->height;
    set.width = size->width;
    set.classNames = classes;
    set.stream = std::make_shared<ImageFiles>(root, set.origins, *size);
    return set;
}

} // namespace

Result<SourceData> readImageFolder(const fs::path& root, const DataRecipe& recipe)
{
    const auto folders = listClassFolders(root, kImageFiles);
    if (!folders)
        return tl::unexpected(folders.error());
    const auto read = [&](const std::vector<ClassFile>& files) {
        return setOf(root, files, folders->classNames, recipe);
    };
    auto train = read(folders->train);
    if (!train)
        return tl::unexpected(train.error());
    SourceData data{std::move(*train), {}, {}};
    for (auto [files, set] :
         {std::pair{&folders->validation, &data.validation}, {&folders->test, &data.test}}) {
        if (!*files)
            continue;
        auto other = read(**files);
        if (!other)
            return tl::unexpected(other.error());
        *set = std::move(*other);
    }
    return data;
}

} // namespace frostline
