#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/run_to_end.h"
#include "evaluation/evaluate.h"
#include "session/session_parts.h"

namespace frostline::cli {

namespace {

constexpr std::size_t kMostColumns = 16; ///< Of a confusion matrix in text.
constexpr std::size_t kMostMistakes = 20;
constexpr std::size_t kWidest = 14; ///< Of a class name in a table.

std::string cut(const std::string& name)
{
    if (name.size() <= kWidest)
        return name;
    const auto isInsideCharacter = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
    auto end = kWidest - 1;
    while (end > 0 && isInsideCharacter(name[end]))
        --end;
    return name.substr(0, end) + "~";
}

std::string percent(double share)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2f %%", 100.0 * share);
    return std::isfinite(share) ? text : "-";
}

void printScores(const Evaluation& evaluation)
{
    const auto& scores = evaluation.scores;
    std::printf("%-14s %.6g\n", "loss", scores.loss);
    const std::pair<const char*, double> shares[] = {{"accuracy", scores.accuracy},
                                                     {"top-5 accuracy", scores.top5},
                                                     {"clip accuracy", scores.clipAccuracy}};
    for (const auto& [name, share] : shares) {
        if (std::isfinite(share))
            std::printf("%-14s %s\n", name, percent(share).c_str());
    }
    if (std::isfinite(scores.mae))
        std::printf("%-14s %.6g\n", "MAE", scores.mae);
    if (std::isfinite(scores.psnr))
        std::printf("%-14s %.2f dB\n", "PSNR", scores.psnr);
}

void printConfusion(const Evaluation& evaluation)
{
    const auto& names = evaluation.classNames;
    const auto matrix = confusionOf(evaluation);
    std::printf("\n%-14s  taken for\n%-14s", "class", "");
    for (const auto& name : names)
        std::printf("  %14s", cut(name).c_str());
    std::printf("\n");
    for (std::size_t row = 0; row < names.size(); ++row) {
        std::printf("%-14s", cut(names[row]).c_str());
        for (std::size_t column = 0; column < names.size(); ++column)
            std::printf("  %14ld", static_cast<long>(matrix[row * names.size() + column]));
        std::printf("\n");
    }
}

void printMistakes(const Evaluation& evaluation)
{
    std::printf("\n%-14s  %-14s  %8s\n", "class", "taken for", "samples");
    for (const auto& mistake : mistakesOf(evaluation, kMostMistakes))
        std::printf("%-14s  %-14s  %8ld\n",
                    cut(evaluation.classNames[static_cast<std::size_t>(mistake.label)]).c_str(),
                    cut(evaluation.classNames[static_cast<std::size_t>(mistake.predicted)]).c_str(),
                    static_cast<long>(mistake.samples));
}

void printClasses(const Evaluation& evaluation)
{
    const auto figures = classFiguresOf(evaluation);
    std::printf("\n%-14s  %8s  %10s  %10s\n", "class", "samples", "precision", "recall");
    for (std::size_t i = 0; i < figures.size(); ++i)
        std::printf("%-14s  %8ld  %10s  %10s\n", cut(evaluation.classNames[i]).c_str(),
                    static_cast<long>(figures[i].samples), percent(figures[i].precision).c_str(),
                    percent(figures[i].recall).c_str());
}

void print(const Evaluation& evaluation, const std::string& source)
{
    std::printf("%s, step %ld, %s: %zu samples\n", source.c_str(), static_cast<long>(evaluation.step),
                std::string(nameOf(evaluation.split)).c_str(), evaluation.size());
    printScores(evaluation);
    if (!hasAccuracy(evaluation.task))
        return;
    if (evaluation.classNames.size() <= kMostColumns)
        printConfusion(evaluation);
    else
        printMistakes(evaluation);
    printClasses(evaluation);
}

Json jsonOf(const Evaluation& evaluation, const EvaluateArguments& arguments)
{
    Json json{{"source", arguments.source},
              {"step", evaluation.step},
              {"split", nameOf(evaluation.split)},
              {"task", nameOf(evaluation.task)},
              {"samples", evaluation.size()}};
    json.update(scoresJson(evaluation.scores));
    if (!arguments.predictions.empty())
        json["predictions"] = arguments.predictions;
    if (!hasAccuracy(evaluation.task))
        return json;
    json["classes"] = Json::array();
    const auto figures = classFiguresOf(evaluation);
    for (std::size_t i = 0; i < figures.size(); ++i)
        json["classes"].push_back({{"name", evaluation.classNames[i]},
                                   {"samples", figures[i].samples},
                                   {"precision", finite(figures[i].precision)},
                                   {"recall", finite(figures[i].recall)}});
    const auto matrix = confusionOf(evaluation);
    json["confusion"] = Json::array();
    for (auto row = matrix.begin(); row != matrix.end(); row += static_cast<std::ptrdiff_t>(figures.size()))
        json["confusion"].push_back(
            std::vector<std::int64_t>(row, row + static_cast<std::ptrdiff_t>(figures.size())));
    return json;
}

void showProgress(std::int64_t done, std::int64_t all)
{
    std::fprintf(stderr, "\r\033[K%ld of %ld samples", static_cast<long>(done), static_cast<long>(all));
    if (done == all)
        std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
}

Result<Evaluation> evaluated(const EvaluateArguments& arguments)
{
    const auto split = splitOf(arguments.split);
    if (!split)
        return tl::unexpected(Error{ErrorCode::BadInput, "--split: " + split.error().message});
    EvaluationRequest request;
    request.split = *split;
    request.keepsOutputs = !arguments.predictions.empty();
    if (::isatty(STDERR_FILENO) == 1)
        request.progress = showProgress;
    EvaluationOptions options;
    options.device = arguments.device;
    options.threads = arguments.threads;
    options.isBest = arguments.best;
    if (arguments.step >= 0)
        options.step = arguments.step;
    options.log = [](LogLevel level, const std::string& text) {
        if (level != LogLevel::Info)
            std::fprintf(stderr, "%s\n", text.c_str());
    };
    std::error_code code;
    if (std::filesystem::is_directory(arguments.source, code))
        return evaluateSession(arguments.source, request, options, stopOnInterrupt());
    if (options.step || options.isBest)
        return badInput("--step and --best go with a session's folder, and " + arguments.source + " is none");
    return loadRecipe(arguments.source).and_then([&](const Recipe& recipe) {
        return evaluateRecipe(recipe, request, options, stopOnInterrupt());
    });
}

} // namespace

int evaluate(const EvaluateArguments& arguments)
{
    const auto evaluation = evaluated(arguments);
    if (!evaluation)
        return report(evaluation.error());
    if (evaluation->isStopped)
        return report({ErrorCode::RunFailed, "stopped after " + std::to_string(evaluation->size()) +
                                                 " samples; nothing was written"});
    if (!arguments.predictions.empty()) {
        if (const auto saved = savePredictions(*evaluation, arguments.predictions); !saved)
            return report(saved.error());
    }
    if (arguments.json)
        std::printf("%s\n", jsonText(jsonOf(*evaluation, arguments)).c_str());
    else
        print(*evaluation, arguments.source);
    return kDone;
}

} // namespace frostline::cli
