// How deep to unfreeze: a recipe trained once for each depth, one after another in one process that keeps
// what lies under the frost line. From the deepest to the shallowest, so each stage's output is computed
// once. bench_sweep RECIPE FOLDER THREADS LAYERS...: each LAYERS is a recipe's list `layers` as JSON, the one
// with the lowest frost line first. Prints a line of JSON for each. It asserts nothing.

#include <cstdio>
#include <cstdlib>
#include <span>

#include "base/machine.h"
#include "training/recipe.h"
#include "training/run.h"

using namespace frostline;

namespace {

Status trainOne(const char* file, const char* layers, const RunOptions& options)
{
    const auto recipe = loadRecipe(file, {{"layers", layers}});
    if (!recipe)
        return tl::unexpected(recipe.error());
    const auto run = Run::prepare(*recipe, options);
    if (!run)
        return tl::unexpected(run.error());
    RunObserver observer;
    const auto session = (*run)->execute(observer, {});
    if (!session)
        return tl::unexpected(session.error());
    std::printf("{\"seconds\": %.6f, \"steps\": %lld, \"accuracy\": %.4f}\n", session->summary.seconds,
                static_cast<long long>(session->summary.steps), session->epochs.back().validation->accuracy);
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    tuneAllocator();
    const std::span arguments(argv, static_cast<std::size_t>(argc));
    if (arguments.size() < 5) {
        std::fprintf(stderr, "usage: bench_sweep RECIPE FOLDER THREADS LAYERS...\n");
        return 2;
    }
    RunOptions options;
    options.sessionsFolder = arguments[2];
    options.threads = std::atoi(arguments[3]);
    options.featureCache = makeFeatureCache(options.features);
    for (const char* layers : arguments.subspan(4)) {
        if (const auto trained = trainOne(arguments[1], layers, options); !trained) {
            std::fprintf(stderr, "%s\n", trained.error().message.c_str());
            return 1;
        }
    }
    return 0;
}
