#include "weights/export_torchscript.h"

#include "base/resources.h"
#include "model/network.h"
#include "model/script_file.h"
#include "model/script_module.h"
#include "model/torchscript.h"
#include "training/torch_errors.h"
#include "weights/load_weights.h"
#include "weights/session_weights.h"

namespace frostline {

namespace {

Status exportWith(Checkpoint&& checkpoint, const std::string& name, const std::filesystem::path& module,
                  const std::filesystem::path& file)
{
    auto script = loadScript(module);
    if (!script)
        return tl::unexpected(script.error());
    auto tree = ScriptModule::create(script->module, module.filename().string());
    if (!tree)
        return tl::unexpected(tree.error());
    Network network({{"", *tree}});
    const TensorFile weights{std::move(checkpoint.tensors), {}};
    return takeWeights(network, weights, name, "").and_then([&](const WeightsReport&) -> Status {
        script->module.eval();
        return saveScript(*script, file);
    });
}

} // namespace

Status exportTorchScript(const Session& session, const std::filesystem::path& sessionFolder,
                         const std::filesystem::path& file)
{
    const auto& model = session.recipe.model;
    if (!isTorchScript(model) || !model.options.module)
        return badInput("the session's model is \"" + model.architecture +
                        "\", no TorchScript module; only what was opened as one is saved as one, and the "
                        "session's checkpoints hold the weights as safetensors");
    const auto record = chooseCheckpoint(session, sessionFolder, {});
    if (!record)
        return tl::unexpected(record.error());
    const auto module = resolvePath(*model.options.module, session.recipe.folder);
    if (!module)
        return tl::unexpected(module.error());
    return caught([&]() -> Status {
        return loadCheckpointOf(*record, sessionFolder).and_then([&](Checkpoint&& checkpoint) {
            return exportWith(std::move(checkpoint), (sessionFolder / record->file).string(), *module, file);
        });
    });
}

} // namespace frostline
