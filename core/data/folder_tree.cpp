#include "data/folder_tree.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/json.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr int kDeepest = 8;
constexpr std::size_t kMostFiles = 10'000'000;
constexpr std::size_t kMostClasses = 100'000;
constexpr std::array kValidationNames{"val", "valid", "validation"};

struct Walk {
    const fs::path& home; ///< The folder that the classes lie in, canonical.
    const FileKind& kind;
    std::set<fs::path> visited;
    std::vector<fs::path> files;
};

bool isHidden(const fs::path& path)
{
    return path.filename().native().starts_with('.');
}

/// Whether `inner` lies in `folder`, or is it.
bool contains(const fs::path& folder, const fs::path& inner)
{
    return std::ranges::mismatch(folder, inner).in1 == folder.end();
}

Result<std::vector<fs::path>> entriesOf(const fs::path& folder)
{
    std::error_code code;
    std::vector<fs::path> entries;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
        if (!isHidden(it->path()))
            entries.push_back(it->path());
        if (entries.size() > kMostFiles)
            return badInput(folder.string() + ": has more than " + std::to_string(kMostFiles) + " files");
    }
    if (code)
        return failure(ErrorCode::FileSystem,
                       "cannot read folder " + folder.string() + ": " + code.message());
    std::ranges::sort(entries);
    return entries;
}

/// A file, or a link that leads nowhere: whoever opens it will say so.
bool isFile(const fs::path& path)
{
    std::error_code code;
    const auto type = fs::status(path, code).type();
    return type == fs::file_type::regular || type == fs::file_type::not_found ||
           (type == fs::file_type::none && code == std::errc::too_many_symbolic_link_levels);
}

Status addFiles(Walk& walk, const fs::path& folder, int depth)
{
    std::error_code code;
    const auto canonical = fs::canonical(folder, code);
    if (code)
        return failure(ErrorCode::FileSystem,
                       "cannot read folder " + folder.string() + ": " + code.message());
    if (contains(canonical, walk.home) || !walk.visited.insert(canonical).second)
        return {};
    if (depth > kDeepest)
        return badInput(folder.string() + ": lies more than " + std::to_string(kDeepest) +
                        " folders below its class");
    const auto entries = entriesOf(folder);
    if (!entries)
        return tl::unexpected(entries.error());
    for (const auto& entry : *entries) {
        if (fs::is_directory(entry, code)) {
            if (const auto added = addFiles(walk, entry, depth + 1); !added)
                return added;
        } else if (isOfKind(entry, walk.kind) && isFile(entry)) {
            walk.files.push_back(entry);
        }
    }
    return {};
}

std::string listOf(const std::vector<std::string>& extensions)
{
    std::string text;
    for (const auto& each : extensions)
        text += (text.empty() ? "" : ", ") + each;
    return text;
}

/// The sub-folders of `folder`, by name; links that lead back to it, or to what it lies in, are none.
Result<std::vector<fs::path>> subfolders(const fs::path& folder)
{
    auto entries = entriesOf(folder);
    if (!entries)
        return entries;
    std::error_code code;
    const auto home = fs::canonical(folder, code);
    std::erase_if(*entries, [&](const fs::path& entry) {
        return !fs::is_directory(entry, code) || contains(fs::canonical(entry, code), home);
    });
    return entries;
}

/// Files of the class folders in `folder`. Where `names` is empty they are all taken, and give the names.
Result<std::vector<ClassFile>> filesByClass(const fs::path& folder, const FileKind& kind,
                                            std::vector<std::string>& names)
{
    std::error_code code;
    const auto home = fs::canonical(folder, code);
    const auto folders = subfolders(folder);
    if (!folders)
        return tl::unexpected(folders.error());
    if (folders->size() > kMostClasses)
        return badInput(folder.string() + ": has " + std::to_string(folders->size()) +
                        " sub-folders; there can be " + std::to_string(kMostClasses) + " classes");
    if (folders->empty())
        return badInput(folder.string() + ": has no sub-folders; expected one for each class, with its " +
                        kind.name + " files in it");
    if (names.empty())
        std::ranges::transform(*folders, std::back_inserter(names),
                               [](const fs::path& each) { return each.filename().string(); });
    std::vector<ClassFile> all;
    for (const auto& each : *folders) {
        const auto found = std::ranges::find(names, each.filename().string());
        if (found == names.end()) {
            const auto nearest = nearestName(each.filename().string(), names);
            return badInput(each.string() + ": there is no such class among those for training" +
                            (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
        }
        Walk walk{home, kind, {}, {}};
        if (const auto added = addFiles(walk, each, 0); !added)
            return tl::unexpected(added.error());
        if (walk.files.empty())
            return badInput(each.string() + ": has no " + kind.name + " file (" + listOf(kind.extensions) +
                            "); a class needs at least one");
        for (auto& file : walk.files)
            all.push_back({std::move(file), found - names.begin()});
        if (all.size() > kMostFiles)
            return badInput(folder.string() + ": has more than " + std::to_string(kMostFiles) + " files");
    }
    return all;
}

bool isFolder(const fs::path& path)
{
    std::error_code code;
    return fs::is_directory(path, code);
}

/// The folder for validation; empty if there is none.
Result<fs::path> validationFolder(const fs::path& root)
{
    fs::path found;
    for (const auto* name : kValidationNames) {
        if (!isFolder(root / name))
            continue;
        if (!found.empty())
            return badInput(root.string() + ": has both " + found.filename().string() + " and " + name +
                            "; expected one folder for validation");
        found = root / name;
    }
    return found;
}

bool isSplitName(const fs::path& folder)
{
    const auto name = folder.filename().string();
    return name == "train" || name == "test" ||
           std::ranges::find(kValidationNames, name) != kValidationNames.end();
}

/// Whether `train` is a split, and no class of that name.
bool hasSplits(const fs::path& root)
{
    if (!isFolder(root / "train"))
        return false;
    const auto inside = subfolders(root / "train");
    const auto beside = subfolders(root);
    return !inside || !inside->empty() || !beside || std::ranges::all_of(*beside, isSplitName);
}

Status addSplit(const fs::path& folder, const FileKind& kind, std::vector<std::string>& names,
                std::optional<std::vector<ClassFile>>& target)
{
    if (!isFolder(folder))
        return {};
    return filesByClass(folder, kind, names).map([&](auto files) { target = std::move(files); });
}

} // namespace

bool isOfKind(const fs::path& file, const FileKind& kind)
{
    auto ending = file.extension().string();
    for (auto& c : ending)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return std::ranges::find(kind.extensions, ending) != kind.extensions.end();
}

Result<ClassFolders> listClassFolders(const fs::path& root, const FileKind& kind)
{
    if (!isFolder(root))
        return failure(ErrorCode::FileSystem, "data folder " + root.string() + " does not exist");
    ClassFolders result;
    const bool isSplit = hasSplits(root);
    auto train = filesByClass(isSplit ? root / "train" : root, kind, result.classNames);
    if (!train)
        return tl::unexpected(train.error());
    result.train = std::move(*train);
    if (!isSplit)
        return result;
    const auto validation = validationFolder(root);
    if (!validation)
        return tl::unexpected(validation.error());
    const auto added = addSplit(*validation, kind, result.classNames, result.validation).and_then([&] {
        return addSplit(root / "test", kind, result.classNames, result.test);
    });
    if (!added)
        return tl::unexpected(added.error());
    return result;
}

} // namespace frostline
