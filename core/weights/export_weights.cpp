#include "weights/export_weights.h"

#include <algorithm>

#include "training/checkpoint.h"
#include "weights/load_weights.h"

namespace frostline {

namespace {

Result<CheckpointRecord> checkpointAt(const SessionHead& session, const std::filesystem::path& folder,
                                      std::optional<Step> step)
{
    if (session.checkpoints.empty())
        return badInput(folder.string() + " has no checkpoint to take weights from");
    const auto last = std::ranges::max_element(session.checkpoints, {}, &CheckpointRecord::step);
    if (!step)
        return *last;
    const auto found = std::ranges::find(session.checkpoints, *step, &CheckpointRecord::step);
    if (found != session.checkpoints.end())
        return *found;
    std::string steps;
    for (const auto& checkpoint : session.checkpoints)
        steps += (steps.empty() ? "" : ", ") + std::to_string(checkpoint.step);
    return badInput(folder.string() + " has no checkpoint of step " + std::to_string(*step) +
                    "; it has those of " + steps);
}

} // namespace

Status exportWeights(const SessionHead& session, const std::filesystem::path& sessionFolder,
                     std::optional<Step> step, const std::filesystem::path& file)
{
    const auto record = checkpointAt(session, sessionFolder, step);
    if (!record)
        return tl::unexpected(record.error());
    auto checkpoint = loadCheckpoint(sessionFolder / record->file, record->sha256);
    if (!checkpoint)
        return tl::unexpected(checkpoint.error());
    TensorFile weights{std::move(checkpoint->tensors), {{"format", "pt"}}};
    std::erase_if(weights.tensors,
                  [](const NamedTensor& entry) { return entry.name.find('/') != entry.name.npos; });
    return saveTensors(weights, file);
}

} // namespace frostline
