#include "weights/export_torchscript.h"

#include <algorithm>

#include "base/file.h"
#include "base/resources.h"
#include "model/network.h"
#include "model/script_file.h"
#include "model/script_module.h"
#include "model/torchscript.h"
#include "session/session_path.h"
#include "training/torch_errors.h"
#include "weights/load_weights.h"

namespace frostline {

namespace {

Result<std::filesystem::path> lastCheckpoint(const Session& session, const std::filesystem::path& folder)
{
    if (session.checkpoints.empty())
        return badInput(folder.string() + " has no checkpoint to take weights from");
    const auto& last = *std::ranges::max_element(session.checkpoints, {}, [](const CheckpointRecord& each) {
        return std::pair(each.step, each.interventions);
    });
    const auto file = fileInside(folder, last.file);
    if (!file || last.sha256.empty())
        return file;
    const auto sha256 = sha256OfFile(*file);
    if (!sha256)
        return tl::unexpected(sha256.error());
    if (*sha256 != last.sha256)
        return badInput(file->string() + " is damaged: its SHA-256 is not the one that the session recorded");
    return file;
}

Status exportWith(const std::filesystem::path& weights, const std::filesystem::path& module,
                  const std::filesystem::path& file)
{
    auto script = loadScript(module);
    if (!script)
        return tl::unexpected(script.error());
    auto tree = ScriptModule::create(script->module, module.filename().string());
    if (!tree)
        return tl::unexpected(tree.error());
    Network network({{"", *tree}});
    return loadWeights(network, weights, "").and_then([&](const WeightsReport&) -> Status {
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
    const auto weights = lastCheckpoint(session, sessionFolder);
    if (!weights)
        return tl::unexpected(weights.error());
    const auto module = resolvePath(*model.options.module, session.recipe.folder);
    if (!module)
        return tl::unexpected(module.error());
    return caught([&] { return exportWith(*weights, *module, file); });
}

} // namespace frostline
