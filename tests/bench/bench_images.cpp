// How long images take from their files to normalised batches in memory, and again in later epochs.
// bench_images RECIPE EPOCHS THREADS: prints the seconds of each epoch; loading counts as part of the first.

#include <ATen/Parallel.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "base/machine.h"
#include "base/random.h"
#include "data/batch_feed.h"
#include "data/load_data.h"

using namespace frostline;

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// All batches in a new order. Gives their sum, so that nothing is left out as unused.
double epoch(const BatchFeed& feed, std::int64_t batch, std::uint64_t seed)
{
    const auto order = permutation(feed.size(), seed);
    double sum = 0.0;
    for (std::int64_t from = 0; from < feed.size(); from += batch) {
        const auto indices = std::span(order).subspan(
            static_cast<std::size_t>(from), static_cast<std::size_t>(std::min(batch, feed.size() - from)));
        sum += static_cast<double>(feed.images(indices).data_ptr<float>()[0]);
        sum += static_cast<double>(feed.labels(indices)[0].item<std::int64_t>());
    }
    return sum;
}

Status measure(const char* path, int epochs)
{
    const auto recipe = loadRecipe(path);
    if (!recipe)
        return tl::unexpected(recipe.error());
    auto start = Clock::now();
    const auto data = loadData(recipe->data, recipe->seed, std::filesystem::path(path).parent_path());
    if (!data)
        return tl::unexpected(data.error());
    const BatchFeed feed(SamplePreparer(data->train, recipe->data, recipe->seed), recipe->data.mean,
                         recipe->data.deviation, torch::kCPU);
    std::printf("{\"load\": %.6f, \"epochs\": [", secondsSince(start));
    double sum = 0.0;
    for (int number = 0; number < epochs; ++number) {
        sum += epoch(feed, recipe->batchSize, static_cast<std::uint64_t>(number));
        std::printf("%s%.6f", number > 0 ? ", " : "", secondsSince(start));
        start = Clock::now();
    }
    std::printf("], \"sum\": %.6f}\n", sum);
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    tuneAllocator();
    if (argc != 4) {
        std::fprintf(stderr, "usage: bench_images RECIPE EPOCHS THREADS\n");
        return 2;
    }
    at::set_num_threads(std::max(1, std::atoi(argv[3])));
    const auto measured = measure(argv[1], std::atoi(argv[2]));
    if (!measured)
        std::fprintf(stderr, "%s\n", measured.error().message.c_str());
    return measured ? 0 : 1;
}
