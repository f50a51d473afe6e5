#include <cstdio>

#include "base/clock.h"
#include "base/number.h"
#include "cli/commands.h"
#include "cli/run_to_end.h"
#include "session/session_store.h"

namespace frostline::cli {

namespace {

/// `120:trainable:layer4.*=on`
Result<Intervention> plannedChange(const std::string& text)
{
    const auto colon = text.find(':');
    const auto step = colon == std::string::npos ? std::nullopt : parseNumber(text.substr(0, colon));
    if (!step || *step < 0 || *step > 1e15 || *step != static_cast<double>(static_cast<Step>(*step)))
        return badInput("--at " + text + ": expected STEP:CHANGE, as in 120:trainable:layer4.*=on");
    auto change = parseChange(text.substr(colon + 1));
    if (!change)
        return badInput("--at " + text + ": " + change.error().message);
    return Intervention{static_cast<Step>(*step), std::move(*change), Origin::User, timestamp()};
}

FeatureOptions featuresOf(const RunArguments& arguments)
{
    constexpr std::int64_t kMegabyte = 1'000'000;
    const auto bytes = [](std::int64_t megabytes) {
        return megabytes < 0 ? megabytes : megabytes * kMegabyte;
    };
    return {!arguments.noFeatureCache, bytes(arguments.cacheMemoryMegabytes),
            bytes(arguments.cacheDiskMegabytes), arguments.cacheFolder};
}

} // namespace

Result<RunOptions> optionsOf(const RunArguments& arguments)
{
    constexpr double kRetrySeconds = 2.0;
    RunOptions options;
    options.device = arguments.device;
    options.threads = arguments.threads;
    options.maximumSteps = arguments.steps;
    options.features = featuresOf(arguments);
    options.saveRetrySeconds = kRetrySeconds;
    options.log = [](LogLevel level, const std::string& text) {
        if (level == LogLevel::Warning)
            std::fprintf(stderr, "warning: %s\n", text.c_str());
    };
    options.sessionsFolder =
        arguments.out.empty() ? SessionStore::defaultFolder() : std::filesystem::path(arguments.out);
    for (const auto& text : arguments.at) {
        auto planned = plannedChange(text);
        if (!planned)
            return tl::unexpected(planned.error());
        options.planned.push_back(std::move(*planned));
    }
    return options;
}

int train(const TrainArguments& arguments)
{
    auto overrides = overridesOf(arguments.set);
    if (!overrides)
        return report(overrides.error());
    if (arguments.run.epochs > 0)
        overrides->emplace_back("epochs", std::to_string(arguments.run.epochs));
    const auto recipe = loadRecipe(arguments.recipe, *overrides);
    if (!recipe)
        return report(recipe.error());
    const auto options = optionsOf(arguments.run);
    return options ? runToEnd(*recipe, *options, arguments.run.json) : report(options.error());
}

} // namespace frostline::cli
