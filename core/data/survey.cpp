#include "data/survey.h"

#include <algorithm>

#include "data/decode_image.h"
#include "data/folder_tree.h"
#include "data/image_files.h"
#include "data/sources.h"
#include "data/tensors.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kLookedAt = 64; ///< Images whose size is looked at.
constexpr int kMostEntries = 100'000;  ///< Of a folder, until it is given up to look for files of a kind.

std::int64_t sizeOf(const std::optional<DataSet>& set)
{
    return set ? set->size() : 0;
}

DataSurvey surveyOf(const SourceData& data, const std::string& source, const fs::path& path)
{
    DataSurvey survey;
    survey.source = source;
    survey.path = path;
    survey.classNames = data.train.classNames;
    survey.classCounts = data.train.classCounts();
    survey.train = data.train.size();
    survey.validation = sizeOf(data.validation);
    survey.test = sizeOf(data.test);
    survey.channels = data.train.channels;
    survey.height = data.train.height;
    survey.width = data.train.width;
    return survey;
}

DataSurvey surveyOf(const ClassFolders& folders, const std::string& source, const fs::path& path)
{
    DataSurvey survey;
    survey.source = source;
    survey.path = path;
    survey.classNames = folders.classNames;
    survey.classCounts.resize(folders.classNames.size());
    for (const auto& file : folders.train)
        ++survey.classCounts[static_cast<std::size_t>(file.label)];
    survey.train = static_cast<std::int64_t>(folders.train.size());
    survey.validation = folders.validation ? static_cast<std::int64_t>(folders.validation->size()) : 0;
    survey.test = folders.test ? static_cast<std::int64_t>(folders.test->size()) : 0;
    return survey;
}

/// The size that a sample of the images have; nothing where they differ.
ImageSize commonSize(const fs::path& root, const ClassFolders& folders)
{
    std::vector<std::string> names;
    for (const auto& file : folders.train)
        names.push_back(file.path.lexically_relative(root).string());
    const auto count = static_cast<std::int64_t>(names.size());
    const ImageFiles files(root, std::move(names), {});
    std::optional<ImageSize> common;
    const auto stride = std::max<std::int64_t>(1, count / kLookedAt);
    for (std::int64_t i = 0; i < count; i += stride) {
        const auto size = files.storedSize(i);
        if (!size)
            continue;
        if (common && *common != *size)
            return {};
        common = *size;
    }
    return common.value_or(ImageSize{});
}

Result<DataSurvey> surveyImages(const fs::path& path)
{
    return listClassFolders(path, kImageFiles).map([&](const ClassFolders& folders) {
        auto survey = surveyOf(folders, "image_folder", path);
        const auto size = commonSize(path, folders);
        survey.height = size.height;
        survey.width = size.width;
        return survey;
    });
}

Result<DataSurvey> surveySounds(const fs::path& path)
{
    return listClassFolders(path, kSoundFiles).map([&](const ClassFolders& folders) {
        auto survey = surveyOf(folders, "audio_folder", path);
        survey.channels = 1;
        return survey;
    });
}

/// What the targets in the file's header are good for: labels, values, or nothing but samples.
Result<Task> taskOf(const fs::path& file)
{
    return TensorReader::open(file).map([](const TensorReader& reader) {
        const auto* target = reader.find("data_target");
        if (!target)
            return Task::Reconstruction;
        return isFloatType(target->dtype) || target->shape.size() != 1 ? Task::Values : Task::Classes;
    });
}

Result<DataSurvey> surveyTensors(const fs::path& path)
{
    std::error_code code;
    const auto task = taskOf(fs::is_directory(path, code) ? path / "train.safetensors" : path);
    if (!task)
        return tl::unexpected(task.error());
    return readTensors(path, *task).map([&](const SourceData& read) {
        auto survey = surveyOf(read, "tensors", path);
        survey.task = *task;
        return survey;
    });
}

/// How many files of this kind a folder has.
std::int64_t countOf(const fs::path& folder, const FileKind& kind)
{
    std::error_code code;
    int entries = 0;
    std::int64_t count = 0;
    for (fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, code),
         end;
         !code && it != end && entries < kMostEntries; it.increment(code), ++entries) {
        count += isOfKind(it->path(), kind) ? 1 : 0;
    }
    return count;
}

bool hasFile(const fs::path& folder, std::initializer_list<const char*> names)
{
    std::error_code code;
    return std::ranges::any_of(names, [&](const char* name) { return fs::exists(folder / name, code); });
}

Result<DataSurvey> surveyFolder(const fs::path& path)
{
    if (hasFile(path, {"train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "train-images-idx4-ubyte",
                       "train-images-idx4-ubyte.gz"}))
        return readIdxFolder(path).map([&](const SourceData& data) { return surveyOf(data, "idx", path); });
    if (hasFile(path, {"data_batch_1.bin", "train.bin", "cifar-10-batches-bin", "cifar-100-binary"}))
        return readCifarFolder(path).map(
            [&](const SourceData& data) { return surveyOf(data, "cifar", path); });
    if (hasFile(path, {"train.safetensors"}))
        return surveyTensors(path);
    auto images = surveyImages(path);
    auto sounds = surveySounds(path);
    // A picture among sounds is a cover.
    if (images && (!sounds || images->train >= sounds->train))
        return images;
    if (sounds)
        return sounds;
    const auto imageFiles = countOf(path, kImageFiles);
    const auto soundFiles = countOf(path, kSoundFiles);
    if (imageFiles + soundFiles > 0)
        return imageFiles >= soundFiles ? images : sounds;
    return badInput(
        path.string() +
        ": has nothing to train on; expected a sub-folder for each class with images (JPEG, PNG) or "
        "sounds (WAV, FLAC), or IDX, CIFAR or safetensors files");
}

} // namespace

Result<DataSurvey> surveyData(const fs::path& path)
{
    std::error_code code;
    const auto status = fs::status(path, code);
    if (fs::is_directory(status))
        return surveyFolder(path);
    if (!fs::exists(status))
        return failure(ErrorCode::FileSystem, path.string() + " does not exist");
    if (path.extension() == ".safetensors")
        return surveyTensors(path);
    return badInput(path.string() + ": expected a folder of data, or a safetensors file");
}

} // namespace frostline
