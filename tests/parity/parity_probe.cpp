// parity_probe WEIGHTS INPUTS OUTPUT ARCHITECTURE VALUES: our network of this name with given weights over
// given images; VALUES is how many it gives back for each, or `image`. INPUTS holds `images` [N, C, H, W],
// `batches` [S, B, C, H, W] and, to take steps, `labels` [S, B]; images are their own targets. OUTPUT gets
// `outputs` in evaluation mode, `losses` [S] of as many steps of SGD with momentum, and all running
// statistics after them as `statistics`.
// Prints a line for each tensor before the weights are loaded: name, shape, standard deviation; then the
// counts of parameters, and of those that train where only the last layer does.

#include <cstdio>

#include <torch/types.h>

#include "model/architectures/architecture.h"
#include "model/layer_changes.h"
#include "training/optimizer.h"
#include "weights/load_weights.h"
#include "weights/safetensors.h"

using namespace frostline;

namespace {

torch::Tensor tensorOf(const TensorFile& file, const char* name)
{
    for (const auto& entry : file.tensors) {
        if (entry.name == name)
            return entry.tensor;
    }
    return {};
}

int failed(const Error& error)
{
    std::fprintf(stderr, "parity_probe: %s\n", error.message.c_str());
    return 1;
}

void printTensors(const Network& network)
{
    for (const auto& [name, tensor] : network.state()) {
        std::printf("%s", name.c_str());
        for (const auto size : tensor.sizes())
            std::printf(" %lld", static_cast<long long>(size));
        const auto deviation = tensor.numel() > 1 ? tensor.to(torch::kFloat).std().item<double>() : 0.0;
        std::printf(" %.6g\n", deviation);
    }
}

void printCounts(LayerTable table, const std::string& headName)
{
    for (const auto& change :
         {Change{ChangeKind::Trainable, "*", false}, Change{ChangeKind::Trainable, headName, true}})
        std::ignore = applyChange(table, change);
    const auto totals = totalsOf(table);
    std::printf("%lld %lld\n", static_cast<long long>(totals.parameters),
                static_cast<long long>(totals.trainable));
}

torch::Tensor trainedLosses(Network& network, const LayerTable& table, const TensorFile& inputs)
{
    std::vector<torch::Tensor> parameters;
    for (const auto& entry : network.state()) {
        if (entry.tensor.requires_grad())
            parameters.push_back(entry.tensor);
    }
    Optimizer optimizer(
        {.kind = OptimizerKind::Sgd, .learningRate = 2e-4, .weightDecay = 1e-4, .momentum = 0.9}, parameters);
    network.configure(table, true);
    const auto batches = tensorOf(inputs, "batches");
    const auto labels = tensorOf(inputs, "labels");
    auto losses = torch::zeros({batches.size(0)}, torch::kDouble);
    for (std::int64_t step = 0; step < batches.size(0); ++step) {
        optimizer.dropGradients();
        const auto outputs = network.forward(batches[step]);
        const bool isImage = outputs.dim() == 4;
        if (!isImage && !labels.defined())
            continue;
        const auto loss = isImage ? torch::mse_loss(outputs, batches[step])
                                  : torch::cross_entropy_loss(outputs, labels[step]);
        loss.backward();
        optimizer.step();
        losses[step] = loss.item<double>();
    }
    return losses;
}

torch::Tensor statisticsOf(const Network& network)
{
    std::vector<torch::Tensor> all{torch::zeros({0})};
    for (const auto& [name, tensor] : network.state()) {
        if (name.find(".running_") != std::string::npos)
            all.push_back(tensor.flatten());
    }
    return torch::cat(all);
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 6)
        return 2;
    const auto inputs = loadSafetensors(argv[2]);
    if (!inputs)
        return failed(inputs.error());
    const auto images = tensorOf(*inputs, "images");
    const bool isImage = std::string(argv[5]) == "image";
    ModelRecipe recipe;
    recipe.architecture = argv[4];
    if (argc > 6)
        recipe.head = HeadRecipe{.pooling = HeadRecipe::Pooling::Average, .hidden = {}, .dropout = 0.0};
    const InputShape shape{images.size(1), images.size(2), images.size(3)};
    auto network = buildNetwork(recipe, shape, {isImage ? 0 : std::atoll(argv[5]), isImage}, 1);
    if (!network)
        return failed(network.error());
    printTensors(**network);
    if (const auto loaded = loadWeights(**network, argv[1], ""); !loaded)
        return failed(loaded.error());
    const auto table = (*network)->describe({shape.channels, shape.height, shape.width});
    printCounts(table, (*network)->headName());
    torch::Tensor outputs;
    {
        const torch::NoGradGuard guard;
        (*network)->configure(table, false);
        outputs = (*network)->forward(images);
    }
    const auto losses = trainedLosses(**network, table, *inputs);
    const auto saved = saveSafetensors(
        {{{"outputs", outputs}, {"losses", losses}, {"statistics", statisticsOf(**network)}}, {}}, argv[3]);
    return saved ? 0 : failed(saved.error());
}
