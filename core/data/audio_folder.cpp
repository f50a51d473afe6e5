// Sounds in a folder for each class, as log-mel patches: decoded once, on all cores.

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/machine.h"
#include "base/parallel.h"
#include "data/folder_tree.h"
#include "data/log_mel.h"
#include "data/sound.h"
#include "data/sources.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

/// What patches may take: half of what is free, for they are copied once.
constexpr std::int64_t kShareOfMemory = 2;
constexpr std::size_t kTold = 10; ///< Files left out that are named one by one.

using Patches = Result<std::vector<float>>;

Patches patchesOf(const fs::path& file)
{
    return readSound(file).map([](const std::vector<float>& samples) { return logMelPatches(samples); });
}

/// Patches of each file. After an error that ends it the first one of the list is among them.
Result<std::vector<Patches>> decoded(const std::vector<ClassFile>& files, bool skipDamaged)
{
    std::vector<Patches> all(files.size());
    const auto most = availableMemoryBytes() / kShareOfMemory;
    std::atomic<std::int64_t> held = 0;
    onAllCores(std::ssize(files), [&](std::int64_t index) {
        const auto i = static_cast<std::size_t>(index);
        all[i] = patchesOf(files[i].path);
        if (!all[i])
            return skipDamaged;
        return (held += static_cast<std::int64_t>(all[i]->size() * sizeof(float))) <= most;
    });
    if (held > most)
        return badInput(
            "the sounds take more than half of the memory that is free; take fewer, or shorter ones");
    return all;
}

void tellLeftOut(const std::vector<const Error*>& errors, const LogSink& log)
{
    if (!log)
        return;
    for (std::size_t i = 0; i < std::min(kTold, errors.size()); ++i)
        log(LogLevel::Warning, "left out: " + errors[i]->message);
    if (errors.size() > kTold)
        log(LogLevel::Warning, "left out: " + std::to_string(errors.size() - kTold) + " more damaged files");
}

void addClip(DataSet& set, const ClassFile& file, std::vector<float> patches)
{
    const auto clip = set.clips.empty() ? 0 : set.clips.back() + 1;
    const auto count = patches.size() / set.sampleSize();
    set.values.insert(set.values.end(), patches.begin(), patches.end());
    set.labels.insert(set.labels.end(), count, file.label);
    set.clips.insert(set.clips.end(), count, clip);
    set.origins.insert(set.origins.end(), count, file.path.string());
}

/// Leaving files out may not leave a class without any.
Status checkClasses(const DataSet& set, const std::vector<ClassFile>& files, const Error& first)
{
    const auto counts = set.classCounts();
    for (const auto& file : files) {
        if (counts[static_cast<std::size_t>(file.label)] == 0)
            return badInput("all files of class \"" + set.classNames[static_cast<std::size_t>(file.label)] +
                            "\" are damaged; the first that was left out: " + first.message);
    }
    return {};
}

Result<DataSet> readSet(const std::vector<ClassFile>& files, const std::vector<std::string>& classNames,
                        bool skipDamaged, const LogSink& log)
{
    DataSet set;
    set.height = static_cast<int>(kPatchFrames);
    set.width = static_cast<int>(kPatchBands);
    set.classNames = classNames;
    auto decodedFiles = decoded(files, skipDamaged);
    if (!decodedFiles)
        return tl::unexpected(decodedFiles.error());
    auto& all = *decodedFiles;
    std::vector<const Error*> leftOut;
    std::size_t values = 0;
    for (const auto& patches : all) {
        if (!patches && !skipDamaged)
            return failure(patches.error().code,
                           patches.error().message + R"(; "damaged": "skip" in /data leaves such files out)");
        if (!patches)
            leftOut.push_back(&patches.error());
        else
            values += patches->size();
    }
    set.values.reserve(values);
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (all[i])
            addClip(set, files[i], std::exchange(*all[i], {}));
    }
    tellLeftOut(leftOut, log);
    if (!leftOut.empty()) {
        if (const auto checked = checkClasses(set, files, *leftOut.front()); !checked)
            return tl::unexpected(checked.error());
    }
    return set;
}

} // namespace

Result<SourceData> readAudioFolder(const fs::path& folder, bool skipDamaged, const LogSink& log)
{
    const auto found = listClassFolders(folder, kSoundFiles);
    if (!found)
        return tl::unexpected(found.error());
    SourceData data;
    auto train = readSet(found->train, found->classNames, skipDamaged, log);
    if (!train)
        return tl::unexpected(train.error());
    data.train = std::move(*train);
    for (const auto& [files, target] :
         {std::pair(&found->validation, &data.validation), std::pair(&found->test, &data.test)}) {
        if (!*files)
            continue;
        auto set = readSet(**files, found->classNames, skipDamaged, log);
        if (!set)
            return tl::unexpected(set.error());
        *target = std::move(*set);
    }
    return data;
}

} // namespace frostline
