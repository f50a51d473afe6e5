#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/json.h"
#include "base/number.h"
#include "cli/advice_text.h"
#include "cli/run_to_end.h"
#include "cli/study_commands.h"

namespace frostline::cli {

namespace {

/// What a recipe comes to that follows an advice.
Recipe advisedRecipe(Recipe recipe, const Advice& advice, const LayerTable& layers)
{
    std::vector<LayerRule> rules;
    for (const auto& change : changesFor(advice, layers)) {
        auto rule = std::ranges::find(rules, change.target, &LayerRule::match);
        if (rule == rules.end())
            rule = rules.insert(rule, LayerRule{change.target, {}, {}, {}, {}});
        if (change.kind == ChangeKind::Trainable)
            rule->trainable = std::get<bool>(change.value);
        else
            rule->rate = std::get<double>(change.value);
    }
    recipe.layers.insert(recipe.layers.end(), rules.begin(), rules.end());
    recipe.optimizer.learningRate = advice.learningRate;
    return recipe;
}

std::string layersText(const Recipe& recipe)
{
    return jsonText(toJson(recipe)["layers"]);
}

Json scoresJson(const FeatureScores& scores)
{
    return {{"samples", scores.samples},       {"classes", scores.classes}, {"features", scores.features},
            {"random", scores.random},         {"inputs", scores.inputs},   {"gain", scores.gain()},
            {"gain_error", scores.gainError()}};
}

Json adviceJson(const Advice& advice, const Recipe& advised)
{
    const auto& basis = advice.basis;
    Json json{{"recipe", advised.name},
              {"part", nameOf(advice.part)},
              {"frozen_up_to", nullptr},
              {"learning_rate", advice.learningRate},
              {"base_multiplier", advice.baseMultiplier},
              {"confidence", nameOf(advice.confidence)},
              {"likeness", nameOf(basis.likeness)},
              {"samples", basis.samples},
              {"amount", nameOf(advice.amount)},
              {"closeness", nameOf(advice.closeness)},
              {"probe", basis.scores ? scoresJson(*basis.scores) : Json()}};
    if (const int up = advice.frozenUpTo(); up >= 0)
        json["frozen_up_to"] = basis.blocks[static_cast<std::size_t>(up)].path;
    json["blocks"] = Json::array();
    for (std::size_t i = 0; i < basis.blocks.size(); ++i)
        json["blocks"].push_back({{"path", basis.blocks[i].path},
                                  {"parameters", basis.blocks[i].parameters},
                                  {"ratio", basis.blocks[i].ratio},
                                  {"trains", static_cast<bool>(advice.trains[i])}});
    json["reasons"] = Json::array();
    for (const auto& reason : advice.reasons)
        json["reasons"].push_back(
            {{"kind", nameOf(reason.kind)}, {"doubt", reason.isDoubt}, {"text", sentence(reason, advice)}});
    json["set"] = {{"layers", toJson(advised)["layers"]}, {"optimizer.learning_rate", advice.learningRate}};
    return json;
}

void printBlocks(const Advice& advice)
{
    constexpr double kBar = 24.0;
    const double largest = advice.basis.largestBaseRatio();
    std::printf("\n%-24s %12s  %-9s  gradient / weight\n", "block", "parameters", "");
    for (std::size_t i = 0; i < advice.basis.blocks.size(); ++i) {
        const auto& block = advice.basis.blocks[i];
        const bool isBeyond = block.ratio > largest; // A new head's.
        const auto bar = largest > 0.0 ? std::llround(kBar * std::min(1.0, block.ratio / largest)) : 0;
        std::printf("%-24s %12ld  %-9s  %-8.3g %s\n", block.path.c_str(), static_cast<long>(block.parameters),
                    advice.trains[i] ? "trainable" : "frozen", block.ratio,
                    (std::string(static_cast<std::size_t>(bar), '#') + (isBeyond ? "+" : "")).c_str());
    }
}

void print(const Advice& advice, const Recipe& advised)
{
    std::printf("%s\nlearning rate %s\nconfidence %s\n\n", suggestion(advice).c_str(),
                rateText(advice).c_str(), std::string(nameOf(advice.confidence)).c_str());
    for (const auto& reason : advice.reasons)
        std::printf("%c %s.\n", reason.isDoubt ? '?' : '-', sentence(reason, advice).c_str());
    printBlocks(advice);
    std::printf(
        "\nNothing was changed. To follow it:\n  --set 'layers=%s' --set optimizer.learning_rate=%s\n",
        layersText(advised).c_str(), formatNumber(advice.learningRate).c_str());
    if (!advised.phases.empty())
        std::printf("This recipe has phases: they set layers and rates anew where they begin.\n");
}

ProbeProgress progressOn(FILE* terminal)
{
    return [terminal](int done, int all) {
        std::fprintf(terminal, "\r\033[Klooking: %d of %d", done, all);
        if (done == all)
            std::fputs("\r\033[K", terminal);
        std::fflush(terminal);
    };
}

Result<std::unique_ptr<Run>> preparedRun(const Recipe& recipe, const AdviseArguments& arguments)
{
    RunArguments run;
    run.device = arguments.device;
    run.threads = arguments.threads;
    return optionsOf(run).and_then([&](const RunOptions& options) { return Run::prepare(recipe, options); });
}

} // namespace

int advise(const AdviseArguments& arguments)
{
    const auto likeness = likenessOf(arguments.likeness);
    if (!likeness)
        return report({ErrorCode::BadInput, "--likeness: " + likeness.error().message});
    const auto overrides = overridesOf(arguments.set);
    const auto recipe =
        overrides ? loadRecipe(arguments.recipe, *overrides) : tl::unexpected(overrides.error());
    if (!recipe)
        return report(recipe.error());
    const auto run = preparedRun(*recipe, arguments);
    if (!run)
        return report(run.error());
    const auto probe =
        (*run)->probe(::isatty(STDERR_FILENO) == 1 ? progressOn(stderr) : ProbeProgress(), stopOnInterrupt());
    if (!probe)
        return report(probe.error());
    if (probe->isStopped)
        return report({ErrorCode::RunFailed, "stopped; nothing was changed"});
    const auto& layers = (*run)->layers();
    const auto advice = adviseOn(adviceBasis(*recipe, layers, (*run)->data()->train, *likeness, *probe));
    const auto advised = advisedRecipe(*recipe, advice, layers);
    if (arguments.json)
        std::printf("%s\n", jsonText(adviceJson(advice, advised)).c_str());
    else
        print(advice, advised);
    return kDone;
}

} // namespace frostline::cli
