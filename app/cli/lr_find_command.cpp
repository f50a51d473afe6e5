#include <unistd.h>

#include <cstdio>

#include "base/file.h"
#include "base/json.h"
#include "cli/run_to_end.h"
#include "cli/study_commands.h"
#include "session/range_chart.h"

namespace frostline::cli {

namespace {

constexpr const char* kUntouched =
    "weights, running statistics, optimizer and session are as they were: nothing was changed";

void showProgress(int done, int all)
{
    std::fprintf(stderr, "\r\033[K%d of %d steps", done, all);
    if (done == all)
        std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
}

Json jsonOf(const RangeTest& test, const Run& run, const std::string& recipe)
{
    Json json{{"recipe", recipe},
              {"start", test.options.start},
              {"end", test.options.end},
              {"steps", test.options.steps},
              {"device", run.environment().device},
              {"threads", run.environment().threads},
              {"ended", nameOf(test.end)},
              {"end_rate", test.endRate},
              {"why", describeEnd(test)}};
    json["suggestions"] = Json::object();
    json["absent"] = Json::object();
    for (const auto& suggestion : test.suggestions) {
        const std::string name(nameOf(suggestion.method));
        json["suggestions"][name] = suggestion.rate ? Json(*suggestion.rate) : Json();
        if (!suggestion.rate)
            json["absent"][name] = suggestion.absence;
    }
    for (const auto* key : {"learning_rate", "loss", "smoothed_loss"})
        json[key] = Json::array();
    for (const auto& point : test.points) {
        json["learning_rate"].push_back(point.rate);
        json["loss"].push_back(point.loss);
        json["smoothed_loss"].push_back(point.smoothed);
    }
    return json;
}

void print(const RangeTest& test)
{
    std::printf("%-10s  %s\n", "suggestion", "learning rate");
    for (const auto& suggestion : test.suggestions) {
        const std::string name(nameOf(suggestion.method));
        if (suggestion.rate)
            std::printf("%-10s  %.2e\n", name.c_str(), *suggestion.rate);
        else
            std::printf("%-10s  none: %s\n", name.c_str(), suggestion.absence.c_str());
    }
}

Result<std::unique_ptr<Run>> preparedRun(const LrFindArguments& arguments)
{
    const auto overrides = overridesOf(arguments.set);
    if (!overrides)
        return tl::unexpected(overrides.error());
    RunOptions options;
    options.device = arguments.device;
    options.threads = arguments.threads;
    options.log = [](LogLevel level, const std::string& text) {
        if (level != LogLevel::Info)
            std::fprintf(stderr, "%s\n", text.c_str());
    };
    return loadRecipe(arguments.recipe, *overrides).and_then([&options](const Recipe& recipe) {
        return Run::prepare(recipe, options);
    });
}

Status writeFiles(const RangeTest& test, const LrFindArguments& arguments)
{
    const auto write = [](const std::string& file, const std::string& content) {
        return file.empty() ? Status() : writeFile(file, content);
    };
    return write(arguments.csv, csvOf(test)).and_then([&] { return write(arguments.svg, svgOf(test)); });
}

} // namespace

int lrFind(const LrFindArguments& arguments)
{
    const auto& options = arguments.range;
    if (const auto fits = check(options); !fits)
        return report(fits.error());
    const auto run = preparedRun(arguments);
    if (!run)
        return report(run.error());
    int done = 0;
    RangeProgress progress;
    if (::isatty(STDERR_FILENO) == 1)
        progress = [&](const RangePoint&) { showProgress(++done, options.steps); };
    const auto test = (*run)->testRange(options, progress, stopOnInterrupt());
    if (!test)
        return report(test.error());
    if (test->end == RangeEnd::Stopped)
        return report({ErrorCode::RunFailed, describeEnd(*test) + "; nothing was changed"});
    if (const auto written = writeFiles(*test, arguments); !written)
        return report(written.error());
    std::fprintf(stderr, "%s%s; %s\n", progress ? "\r\033[K" : "", describeEnd(*test).c_str(), kUntouched);
    if (arguments.json)
        std::printf("%s\n", jsonText(jsonOf(*test, **run, arguments.recipe)).c_str());
    else
        print(*test);
    return kDone;
}

} // namespace frostline::cli
