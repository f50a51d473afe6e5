// The least that a step above a frost line can cost: the same network, optimizer and batch size as a recipe's
// run, on features that lie in memory from the start. No cache, no record, no checks.
// bench_limit RECIPE [THREADS [STEPS]] prints the median step as a line of JSON. It asserts nothing.

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/machine.h"
#include "base/random.h"
#include "data/load_data.h"
#include "model/architectures/architecture.h"
#include "model/layer_changes.h"
#include "training/optimizer.h"
#include "training/starting_layers.h"

using namespace frostline;

namespace {

/// A network with a recipe's layer settings, and random features in place of what lies below its frost line.
struct Scene {
    std::unique_ptr<Network> network;
    std::optional<Optimizer> optimizer;
    int line = 0;
    torch::Tensor features; ///< [images, ...]
    torch::Tensor labels;   ///< [images]
};

std::vector<torch::Tensor> parametersOf(const Network& network)
{
    std::vector<torch::Tensor> parameters;
    for (const auto& node : network.nodes()) {
        if (!node.layer)
            continue;
        for (const auto& parameter : node.layer->parameters())
            parameters.push_back(parameter.tensor);
    }
    return parameters;
}

Result<Scene> sceneOf(const Recipe& recipe)
{
    const auto data = loadData(recipe.data, recipe.seed, recipe.folder);
    if (!data)
        return tl::unexpected(data.error());
    const auto& train = data->train;
    auto network = buildNetwork(recipe.model, {train.channels, train.height, train.width},
                                {static_cast<std::int64_t>(train.classNames.size())}, recipe.seed);
    if (!network)
        return tl::unexpected(network.error());
    Scene scene;
    scene.network = std::move(*network);
    const auto layers =
        startingLayers(scene.network->describe({train.channels, train.height, train.width}), recipe);
    scene.network->configure(layers, true);
    scene.line = frostLine(layers);
    scene.optimizer.emplace(recipe.optimizer, parametersOf(*scene.network));
    const torch::NoGradGuard guard;
    const auto image = torch::zeros({2, train.channels, train.height, train.width});
    auto shape = scene.network->forward(image, 0, scene.line).sizes().vec();
    shape[0] = train.size();
    scene.features = torch::rand(shape);
    scene.labels = torch::tensor(std::vector<std::int64_t>(train.labels.begin(), train.labels.end()));
    return scene;
}

double secondsOfStep(Scene& scene, const torch::Tensor& samples)
{
    const auto began = std::chrono::steady_clock::now();
    const auto features = scene.features.index_select(0, samples);
    const auto labels = scene.labels.index_select(0, samples);
    scene.optimizer->dropGradients();
    const auto logits = scene.network->forward(features, scene.line, scene.network->stageCount());
    const auto loss = torch::cross_entropy_loss(logits, labels);
    loss.backward();
    scene.optimizer->step();
    static_cast<void>(loss.item<double>());
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

/// The first tenth warms up.
double medianStep(Scene& scene, const Recipe& recipe, int steps)
{
    const auto images = scene.labels.size(0);
    const auto order = torch::tensor(permutation(images, recipe.seed));
    const auto batch = std::min(recipe.batchSize, images);
    std::vector<double> seconds;
    for (int step = 0; step < steps; ++step) {
        const auto from = step * batch % (images - batch + 1);
        seconds.push_back(secondsOfStep(scene, order.narrow(0, from, batch)));
    }
    seconds.erase(seconds.begin(), seconds.begin() + steps / 10);
    std::ranges::sort(seconds);
    return seconds[seconds.size() / 2];
}

} // namespace

int main(int argc, char** argv)
{
    tuneAllocator();
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_limit RECIPE [THREADS [STEPS]]\n");
        return 2;
    }
    const int steps = std::max(2, argc > 3 ? std::atoi(argv[3]) : 200);
    at::set_num_threads(std::max(1, argc > 2 ? std::atoi(argv[2]) : 1));
    const auto recipe = loadRecipe(argv[1]);
    auto scene = recipe ? sceneOf(*recipe) : tl::unexpected(recipe.error());
    if (!scene) {
        std::fprintf(stderr, "%s\n", scene.error().message.c_str());
        return 2;
    }
    std::printf("{\"step\": %.9f, \"steps\": %d, \"line\": %d}\n", medianStep(*scene, *recipe, steps), steps,
                scene->line);
    return 0;
}
