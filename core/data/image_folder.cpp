// Image files in a folder for each class, as torchvision's ImageFolder has them.

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <set>

#include <sys/stat.h>

#include "base/file.h"
#include "base/parallel.h"
#include "data/image_files.h"
#include "data/sources.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr int kDeepest = 32;

/// What makes a folder the same one, whatever links lead to it.
using FolderId = std::pair<dev_t, ino_t>;

FolderId idOf(const fs::path& folder)
{
    struct stat facts {};
    ::stat(folder.c_str(), &facts);
    return {facts.st_dev, facts.st_ino};
}

bool isFolder(const fs::path& path)
{
    std::error_code code;
    return fs::is_directory(path, code);
}

bool isImageName(const std::string& name)
{
    auto ending = fs::path(name).extension().string();
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
    return ending == ".jpg" || ending == ".jpeg" || ending == ".png";
}

/// What waits for a writer, or has no end, is left alone. Links that lead nowhere count: they are told when
/// read.
bool isImageFile(const fs::path& path)
{
    std::error_code code;
    const auto type = fs::status(path, code).type();
    return isImageName(path.filename().string()) &&
           (type == fs::file_type::regular || type == fs::file_type::not_found ||
            type == fs::file_type::none);
}

/// Names of what is in a folder, sorted; without hidden ones.
Result<std::vector<std::string>> namesIn(const fs::path& folder)
{
    std::error_code code;
    std::vector<std::string> names;
    for (auto entry = fs::directory_iterator(folder, code); !code && entry != fs::directory_iterator();
         entry.increment(code)) {
        auto name = entry->path().filename().string();
        if (!name.starts_with('.'))
            names.push_back(std::move(name));
    }
    if (code)
        return failure(ErrorCode::FileSystem, "cannot read " + folder.string() + ": " + code.message());
    std::ranges::sort(names);
    return names;
}

Result<std::vector<std::string>> foldersIn(const fs::path& folder)
{
    auto names = namesIn(folder);
    if (names)
        std::erase_if(*names, [&](const std::string& name) { return !isFolder(folder / name); });
    return names;
}

/// Collects the image files of one class, those in folders below it too.
class ClassWalk {
public:
    /// `above`: folders that links may not lead back to.
    ClassWalk(const fs::path& root, std::set<FolderId> above) : m_root(root), m_seen(std::move(above)) {}

    /// `place` is relative to the root.
    Status enter(const fs::path& place, int depth)
    {
        const auto folder = m_root / place;
        if (!m_seen.insert(idOf(folder)).second)
            return {};
        if (depth > kDeepest)
            return badInput(folder.string() + ": is more than " + std::to_string(kDeepest) +
                            " folders below its class");
        const auto names = namesIn(folder);
        if (!names)
            return tl::unexpected(names.error());
        for (const auto& name : *names) {
            if (isFolder(folder / name)) {
                if (auto entered = enter(place / name, depth + 1); !entered)
                    return entered;
            } else if (isImageFile(folder / name)) {
                m_files.push_back((place / name).string());
            }
        }
        return {};
    }
    std::vector<std::string> takeFiles() { return std::move(m_files); }

private:
    const fs::path& m_root;
    std::set<FolderId> m_seen;
    std::vector<std::string> m_files;
};

/// The files of one split and their classes.
struct Listing {
    std::vector<std::string> files; ///< Relative to the root.
    std::vector<std::int64_t> labels;
};

Result<std::vector<std::string>> filesOf(const fs::path& root, const fs::path& split, const std::string& name)
{
    ClassWalk walk(root, {idOf(root), idOf(root / split)});
    if (const auto entered = walk.enter(split / name, 0); !entered)
        return tl::unexpected(entered.error());
    auto files = walk.takeFiles();
    if (files.empty())
        return badInput((root / split / name).string() +
                        ": holds no image; each class's folder needs at least one JPEG or PNG file");
    return files;
}

/// `split` is a folder in the root, or empty for the root itself. Labels are places in `classes`.
Result<Listing> list(const fs::path& root, const fs::path& split, const std::vector<std::string>& classes)
{
    const auto folders = foldersIn(root / split);
    if (!folders)
        return tl::unexpected(folders.error());
    Listing listing;
    for (const auto& name : *folders) {
        const auto place = std::ranges::find(classes, name);
        if (place == classes.end())
            return badInput((root / split / name).string() + ": there is no class \"" + name +
                            "\" among the training images");
        auto files = filesOf(root, split, name);
        if (!files)
            return tl::unexpected(files.error());
        listing.labels.insert(listing.labels.end(), files->size(), place - classes.begin());
        std::ranges::move(*files, std::back_inserter(listing.files));
    }
    return listing;
}

/// Which folders in the root are splits; `train` is empty where the classes are in the root itself.
struct SplitFolders {
    std::string train;
    std::string validation;
    std::string test;
};

Result<SplitFolders> findSplits(const fs::path& root)
{
    const auto inTrain = foldersIn(root / "train");
    if (!isFolder(root / "train") || !inTrain || inTrain->empty())
        return SplitFolders{};
    SplitFolders splits{"train", "", isFolder(root / "test") ? "test" : ""};
    for (const auto* name : {"val", "valid", "validation"}) {
        if (!isFolder(root / name))
            continue;
        if (!splits.validation.empty())
            return badInput(root.string() + ": has both " + splits.validation + " and " + name +
                            "; one of them can be for validation");
        splits.validation = name;
    }
    return splits;
}

Result<std::vector<std::string>> classesIn(const fs::path& folder)
{
    auto classes = foldersIn(folder);
    if (classes && classes->empty())
        return badInput(folder.string() +
                        ": holds no folders; expected one for each class with its images, or train "
                        "and val with these in them");
    return classes;
}

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
        return files.path(place - sizes.begin()).string() + " has " + std::to_string(place->width) + "x" +
               std::to_string(place->height) + " pixels";
    };
    return badInput("/data/input_size: is missing, and the images of " + recipe.path +
                    " differ in size: " + told(first) + ", " + told(other));
}

Result<DataSet> setOf(const fs::path& root, Listing listing, const std::vector<std::string>& classes,
                      const DataRecipe& recipe)
{
    const auto count = static_cast<std::int64_t>(listing.files.size());
    Result<ImageSize> size = ImageSize{};
    if (recipe.inputSize.size() == 2)
        size = ImageSize{static_cast<int>(recipe.inputSize[0]), static_cast<int>(recipe.inputSize[1])};
    else
        size = commonSize(ImageFiles(root, listing.files, {}), count, recipe);
    if (!size)
        return tl::unexpected(size.error());
    DataSet set;
    set.channels = 3;
    set.height = size->height;
    set.width = size->width;
    set.labels = std::move(listing.labels);
    set.classNames = classes;
    set.origins = listing.files;
    set.stream = std::make_shared<ImageFiles>(root, std::move(listing.files), *size);
    return set;
}

} // namespace

Result<SourceData> readImageFolder(const fs::path& root, const DataRecipe& recipe)
{
    const auto splits = findSplits(root);
    if (!splits)
        return tl::unexpected(splits.error());
    const auto classes = classesIn(root / splits->train);
    if (!classes)
        return tl::unexpected(classes.error());
    const auto read = [&](const std::string& split) {
        return list(root, split, *classes).and_then([&](Listing listing) {
            return setOf(root, std::move(listing), *classes, recipe);
        });
    };
    auto train = read(splits->train);
    if (!train)
        return tl::unexpected(train.error());
    SourceData data{std::move(*train), {}, {}};
    for (auto [name, set] : {std::pair{&splits->validation, &data.validation}, {&splits->test, &data.test}}) {
        if (name->empty())
            continue;
        auto other = read(*name);
        if (!other)
            return tl::unexpected(other.error());
        *set = std::move(*other);
    }
    return data;
}

} // namespace frostline
