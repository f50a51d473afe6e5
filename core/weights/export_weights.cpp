#include "weights/export_weights.h"

#include "weights/load_weights.h"
#include "weights/session_weights.h"

namespace frostline {

Status exportWeights(const SessionHead& session, const std::filesystem::path& sessionFolder,
                     std::optional<Step> step, const std::filesystem::path& file)
{
    auto checkpoint =
        chooseCheckpoint(session, sessionFolder, {step, false}).and_then([&](const CheckpointRecord& record) {
            return loadCheckpointOf(record, sessionFolder);
        });
    if (!checkpoint)
        return tl::unexpected(checkpoint.error());
    TensorFile weights{std::move(checkpoint->tensors), {{"format", "pt"}}};
    std::erase_if(weights.tensors,
                  [](const NamedTensor& entry) { return entry.name.find('/') != entry.name.npos; });
    return saveTensors(weights, file);
}

} // namespace frostline
