#include "weights/session_weights.h"

#include <set>

#include "session/session_path.h"

namespace frostline {

namespace {

std::string stepsOf(const SessionHead& session)
{
    std::set<Step> steps;
    for (const auto& each : session.checkpoints)
        steps.insert(each.step);
    std::string text;
    for (const auto step : steps)
        text += (text.empty() ? "" : ", ") + std::to_string(step);
    return text;
}

} // namespace

Result<CheckpointRecord> chooseCheckpoint(const SessionHead& session, const std::filesystem::path& folder,
                                          const CheckpointChoice& choice)
{
    const CheckpointRecord* newest = nullptr;
    const auto order = [](const CheckpointRecord& each) { return std::pair(each.step, each.interventions); };
    for (const auto& each : session.checkpoints) {
        const bool fits = (!choice.step || each.step == *choice.step) && (!choice.isBest || each.best);
        if (fits && (!newest || order(*newest) < order(each)))
            newest = &each;
    }
    if (newest)
        return *newest;
    if (session.checkpoints.empty())
        return badInput(folder.string() + ": the session has no checkpoint to take weights from");
    const auto wanted =
        choice.step ? "no checkpoint of step " + std::to_string(*choice.step) : "no best checkpoint";
    return badInput(folder.string() + ": the session has " + wanted + "; it has those of steps " +
                    stepsOf(session));
}

Result<Checkpoint> loadCheckpointOf(const CheckpointRecord& record, const std::filesystem::path& folder)
{
    return fileInside(folder, record.file).and_then([&](const std::filesystem::path& file) {
        return loadCheckpoint(file, record.sha256);
    });
}

} // namespace frostline
