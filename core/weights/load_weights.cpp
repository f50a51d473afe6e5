#include "weights/load_weights.h"

#include <map>

#include "weights/state_dict.h"
#include "weights/weights_file.h"

namespace frostline {

Result<TensorFile> loadTensors(const std::filesystem::path& file)
{
    return weightsFormatOf(file).and_then([&file](WeightsFormat format) {
        return format == WeightsFormat::PyTorch ? loadStateDict(file) : loadSafetensors(file);
    });
}

Status saveTensors(const TensorFile& tensors, const std::filesystem::path& file)
{
    const auto ending = file.extension();
    if (ending == ".safetensors")
        return saveSafetensors(tensors, file);
    if (ending == ".pth" || ending == ".pt")
        return saveStateDict(tensors, file);
    return badInput("cannot write weights to " + file.string() +
                    ": expected a name that ends in .safetensors, .pth or .pt");
}

std::vector<TensorShape> shapesOf(const std::vector<NamedTensor>& tensors)
{
    std::vector<TensorShape> shapes;
    for (const auto& [name, tensor] : tensors)
        shapes.push_back({name, tensor.sizes().vec(), !tensor.is_floating_point()});
    return shapes;
}

Result<WeightsReport> takeWeights(Network& network, const TensorFile& file, const std::string& where,
                                  const std::string& replacedHead, WeightsMatch match)
{
    const auto state = network.state();
    auto report = compareWeights(shapesOf(state), shapesOf(file.tensors), replacedHead);
    const bool isStrict = match == WeightsMatch::Strict;
    if (isStrict ? !report.fits() : report.loaded.empty())
        return badInput("weights " + where +
                        (isStrict ? " do not fit the network" : " fit nothing of the network") +
                        problemsOf(report));
    std::map<std::string, torch::Tensor> targets;
    for (const auto& [name, tensor] : state)
        targets[name] = tensor;
    std::map<std::string, torch::Tensor> sources;
    for (const auto& [name, tensor] : file.tensors)
        sources[name] = tensor;
    const torch::NoGradGuard guard;
    for (const auto& name : report.loaded)
        targets[name].copy_(sources[report.prefix + name]);
    return report;
}

Result<WeightsReport> loadWeights(Network& network, const std::filesystem::path& path,
                                  const std::string& replacedHead, WeightsMatch match)
{
    return loadTensors(path).and_then([&](const TensorFile& file) {
        return takeWeights(network, file, path.string(), replacedHead, match);
    });
}

} // namespace frostline
