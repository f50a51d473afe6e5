// parity_probe WEIGHTS INPUTS OUTPUT: ResNet-18 with given weights over given images.
// INPUTS holds `images` [N, 3, H, W], `batches` [S, B, 3, H, W] and `labels` [S, B].
// OUTPUT gets `logits` in evaluation mode, then `losses` [S] of as many steps of SGD with momentum.

#include <cstdio>

#include <torch/types.h>

#include "model/architectures/architecture.h"
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
    throw std::runtime_error(std::string("no tensor ") + name);
}

int failed(const Error& error)
{
    std::fprintf(stderr, "parity_probe: %s\n", error.message.c_str());
    return 1;
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
        const auto loss = torch::cross_entropy_loss(network.forward(batches[step]), labels[step]);
        loss.backward();
        optimizer.step();
        losses[step] = loss.item<double>();
    }
    return losses;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 5)
        return 2;
    const auto inputs = loadSafetensors(argv[2]);
    if (!inputs)
        return failed(inputs.error());
    const auto images = tensorOf(*inputs, "images");
    ModelRecipe recipe;
    recipe.architecture = argv[4];
    auto network = buildNetwork(recipe, {3, images.size(2), images.size(3)}, 1000, 1);
    if (!network)
        return failed(network.error());
    if (const auto loaded = loadWeights(**network, argv[1], ""); !loaded)
        return failed(loaded.error());
    const auto table = (*network)->describe({3, images.size(2), images.size(3)});
    torch::Tensor logits;
    {
        const torch::NoGradGuard guard;
        (*network)->configure(table, false);
        logits = (*network)->forward(images);
    }
    const auto losses = trainedLosses(**network, table, *inputs);
    const auto saved = saveSafetensors({{{"logits", logits}, {"losses", losses}}, {}}, argv[3]);
    return saved ? 0 : failed(saved.error());
}
