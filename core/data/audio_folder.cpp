// Sounds in a folder for each class, as log-mel patches: decoded once, on all cores.

#include <algorithm>
#include <atomic>
#include <utility>

#include "base/machine.h"
#include "base/parallel.h"
#include "data/folder_tree.h"
#include "data/left_out.h"
#include "data/log_mel.h"
#include "data/sound.h"
#include "data/sources.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

/// What patches may take: half of what is free, for they are copied once.
constexpr std::int64_t kShareOfMemory = 2;

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

void addClip(DataSet& set, const ClassFile& file, std::vector<float> patches)
{
    const auto clip = set.clips.empty() ? 0 : set.clips.back() + 1;
    const auto count = patches.size() / set.sampleSize();
    set.values.insert(set.values.end(), patches.begin(), patches.end());
    set.labels.insert(set.labels.end(), count, file.label);
    set.clips.insert(set.clips.end(), count, clip);
    set.origins.insert(set.origins.end(), count, file.path.string());
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
    LeftOut leftOut;
    std::vector<std::int64_t> labels;
    std::size_t values = 0;
    for (std::size_t i = 0; i < files.size(); ++i) {
        labels.push_back(files[i].label);
        if (!all[i] && !skipDamaged)
            return damagedFile(all[i].error());
        if (!all[i])
            leftOut.emplace(static_cast<std::int64_t>(i), all[i].error());
        else
            values += all[i]->size();
    }
    tellLeftOut(leftOut, log);
    if (const auto checked = checkClasses(leftOut, labels, classNames); !checked)
        return tl::unexpected(checked.error());
    set.values.reserve(values);
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (all[i])
            addClip(set, files[i], std::exchange(*all[i], {}));
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
