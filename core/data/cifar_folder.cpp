// CIFAR-10 and CIFAR-100 as their archives unpack.

#include <algorithm>
#include <fstream>
#include <map>

#include "base/file.h"
#include "base/number.h"
#include "data/cifar.h"
#include "data/names.h"
#include "data/sources.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr int kCoarseClasses = 20;

/// The files of one of the two layouts.
struct CifarFiles {
    std::vector<fs::path> train;
    fs::path test;
    fs::path names;
    int coarseClasses = 0;
};

bool isFile(const fs::path& file)
{
    std::error_code code;
    return fs::is_regular_file(file, code);
}

/// data_batch_1.bin, data_batch_2.bin, ..., in the order of their numbers.
std::vector<fs::path> batchesIn(const fs::path& folder)
{
    constexpr std::string_view kStart = "data_batch_";
    std::map<double, fs::path> batches;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(folder, code)) {
        const auto name = entry.path().stem().string();
        if (!name.starts_with(kStart) || entry.path().extension() != ".bin" || !isFile(entry.path()))
            continue;
        if (const auto number = parseNumber(std::string_view(name).substr(kStart.size())))
            batches.emplace(*number, entry.path());
    }
    std::vector<fs::path> files;
    for (const auto& [number, file] : batches)
        files.push_back(file);
    return files;
}

CifarFiles filesIn(const fs::path& folder)
{
    if (isFile(folder / "train.bin"))
        return {{folder / "train.bin"}, folder / "test.bin", folder / "fine_label_names.txt", kCoarseClasses};
    return {batchesIn(folder), folder / "test_batch.bin", folder / "batches.meta.txt", 0};
}

/// In the folder itself, or in the one that the archive makes.
Result<CifarFiles> findFiles(const fs::path& folder)
{
    for (const auto& place : {folder, folder / "cifar-10-batches-bin", folder / "cifar-100-binary"}) {
        auto files = filesIn(place);
        if (files.train.empty())
            continue;
        if (!isFile(files.names))
            return failure(ErrorCode::FileSystem, place.string() + ": has no file " +
                                                      files.names.filename().string() +
                                                      ", which names the classes, one a line");
        return files;
    }
    return failure(ErrorCode::FileSystem, folder.string() +
                                              ": has neither data_batch_1.bin (CIFAR-10) nor train.bin "
                                              "(CIFAR-100); CIFAR's binary version is wanted");
}

Status append(const fs::path& file, const CifarLayout& layout, DataSet& set)
{
    const auto bytes = readFile(file);
    if (!bytes)
        return tl::unexpected(bytes.error());
    return appendCifar({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()}, layout,
                       file.string(), set);
}

Result<DataSet> readSet(const std::vector<fs::path>& files, const CifarLayout& layout,
                        const std::vector<std::string>& names)
{
    DataSet set;
    set.channels = 3;
    set.height = set.width = 32;
    set.classNames = names;
    for (const auto& file : files) {
        if (const auto appended = append(file, layout, set); !appended)
            return tl::unexpected(appended.error());
    }
    return set;
}

} // namespace

Result<SourceData> readCifarFolder(const fs::path& folder)
{
    const auto files = findFiles(folder);
    if (!files)
        return tl::unexpected(files.error());
    const auto names = readNames(files->names);
    if (!names)
        return tl::unexpected(names.error());
    const CifarLayout layout{files->coarseClasses, static_cast<int>(names->size())};
    auto train = readSet(files->train, layout, *names);
    if (!train)
        return tl::unexpected(train.error());
    SourceData data{std::move(*train), {}, {}};
    if (isFile(files->test)) {
        auto test = readSet({files->test}, layout, *names);
        if (!test)
            return tl::unexpected(test.error());
        data.test = std::move(*test);
    }
    return data;
}

} // namespace frostline
