// How long batches take to gather, resize and augment, and how much of that a trainer waits for.
// bench_feed [THREADS [STEPS]] prints a line of JSON for each case: milliseconds of a batch asked for without
// notice, of a batch that was announced before a step of ResNet-18, and of that step. It asserts nothing.

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/machine.h"
#include "base/random.h"
#include "data/batch_feed.h"
#include "model/architectures/architecture.h"

using namespace frostline;

namespace {

constexpr std::int64_t kImages = 2048;

struct Case {
    const char* name;
    int channels;
    int side;
    std::int64_t batch;
    DataRecipe recipe;
};

std::vector<Case> cases()
{
    Case plain{"plain 28x28", 1, 28, 128, {}};
    Case cifar{"plain 32x32", 3, 32, 64, {}};
    Case shifted{"32x32, shift and flip", 3, 32, 64, {}};
    shifted.recipe.augment.shift = 4;
    shifted.recipe.augment.flip = 0.5;
    Case all{"32x32, all that images have", 3, 32, 64, shifted.recipe};
    auto& augment = all.recipe.augment;
    augment.smallestCrop = 0.4;
    augment.brightness = augment.contrast = augment.saturation = 0.4;
    augment.hue = 0.1;
    Case larger{"32x32 to 64x64, all", 3, 32, 64, all.recipe};
    larger.recipe.inputSize = {64, 64};
    return {plain, cifar, shifted, all, larger};
}

DataSet imagesFor(const Case& test)
{
    DataSet set;
    set.channels = test.channels;
    set.height = set.width = test.side;
    set.pixels.resize(kImages * set.sampleSize());
    RandomStream random(1);
    std::ranges::generate(set.pixels, [&random] { return static_cast<std::uint8_t>(random.next()); });
    set.labels.assign(kImages, 0);
    set.classNames = {"a", "b"};
    return set;
}

double secondsOf(const auto& function)
{
    const auto began = std::chrono::steady_clock::now();
    function();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

double median(std::vector<double> seconds)
{
    std::ranges::sort(seconds);
    return seconds[seconds.size() / 2];
}

/// A batch of each epoch's, in its order.
std::span<const std::int64_t> batchOf(const std::vector<std::int64_t>& order, std::int64_t batch, int step)
{
    const auto from = step * batch % (kImages - batch + 1);
    return std::span(order).subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(batch));
}

void measure(const Case& test, int steps)
{
    const auto set = imagesFor(test);
    const SamplePreparer samples(set, test.recipe, 1);
    const BatchFeed feed(samples, {0.5}, {0.25}, torch::kCPU);
    const auto order = permutation(kImages, 1);
    std::vector<double> alone;
    for (int step = 0; step < 20 * steps; ++step)
        alone.push_back(secondsOf([&] { feed.images(batchOf(order, test.batch, step)); }));

    ModelRecipe model;
    model.architecture = "resnet18";
    model.options.stem = "small";
    const auto network =
        buildNetwork(model, {samples.channels(), samples.height(), samples.width()}, {.values = 2}, 1)
            .value();
    network->configure(network->describe({samples.channels(), samples.height(), samples.width()}), true);
    std::vector<double> waited;
    std::vector<double> trained;
    for (int step = 0; step < steps; ++step) {
        torch::Tensor images;
        waited.push_back(secondsOf([&] { images = feed.images(batchOf(order, test.batch, step)); }));
        feed.announce(batchOf(order, test.batch, step + 1));
        trained.push_back(secondsOf([&] { network->forward(images).square().mean().backward(); }));
    }
    constexpr double kMilli = 1e3;
    std::printf("{\"case\": \"%s\", \"batch\": %d, \"alone\": %.3f, \"announced\": %.3f, \"step\": %.1f}\n",
                test.name, static_cast<int>(test.batch), median(alone) * kMilli, median(waited) * kMilli,
                median(trained) * kMilli);
}

} // namespace

int main(int argc, char** argv)
{
    tuneAllocator();
    at::set_num_threads(std::max(1, argc > 1 ? std::atoi(argv[1]) : 1));
    for (const auto& test : cases())
        measure(test, std::max(2, argc > 2 ? std::atoi(argv[2]) : 10));
    return 0;
}
