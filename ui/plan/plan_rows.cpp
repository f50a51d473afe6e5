#include "plan/plan_rows.h"

#include <algorithm>
#include <optional>

#include "training/course.h"
#include "training/phase_changes.h"
#include "training/starting_layers.h"

namespace frostline {

namespace {

bool learns(const LayerInfo& layer)
{
    return layer.isLeaf && layer.hasParameters() && layer.settings.trainable;
}

/// What all normalisation layers share.
std::optional<Statistics> commonStatistics(const LayerTable& table)
{
    std::optional<Statistics> common;
    for (const auto& layer : table) {
        if (!layer.isLeaf || !layer.isNormalisation)
            continue;
        if (common && *common != layer.settings.statistics)
            return std::nullopt;
        common = layer.settings.statistics;
    }
    return common;
}

std::vector<int> learningLeaves(const LayerTable& table, const std::string& pattern)
{
    auto leaves = matchLeaves(table, pattern);
    std::erase_if(leaves, [&](int leaf) { return !layerAt(table, leaf).hasParameters(); });
    return leaves;
}

/// Why these patterns cannot say what the run begins with.
std::string problemOf(const std::vector<std::string>& patterns, const LayerTable& table)
{
    if (patterns.empty())
        return "name at least one layer to begin with";
    for (const auto& pattern : patterns) {
        if (learningLeaves(table, pattern).empty())
            return "no layer with parameters matches \"" + pattern + "\"; the ticks stay as they are";
    }
    return {};
}

void takeWholeRun(Recipe& recipe)
{
    const auto whole = recipe.phases.front();
    recipe.phases.clear();
    recipe.epochs = whole.epochs;
    recipe.schedule = whole.schedule.value_or(ScheduleRecipe());
    recipe.earlyStopping = whole.until;
    recipe.checkpoints.restoresBest = whole.restoresBest;
}

/// A message without the place in the recipe that it begins with.
std::string sentenceOf(const std::string& message, std::string_view place)
{
    const auto at = message.find(place);
    const auto colon = message.find(": ", at == std::string::npos ? 0 : at);
    auto sentence = colon == std::string::npos ? message : message.substr(colon + 2);
    // The Layers dock lists the names here.
    if (const auto hint = sentence.find("; `frostline-cli"); hint != std::string::npos)
        sentence.erase(hint);
    return sentence;
}

/// What there is to say of the rows by themselves, which is all but what depends on the network.
void addCourseProblem(std::vector<PlanReport>& reports, const Recipe& recipe)
{
    const auto read = withOverrides(recipe, {});
    const auto goes = checkCourse(recipe);
    if (read && goes)
        return;
    const auto& message = read ? goes.error().message : read.error().message;
    for (std::size_t i = 0; i < reports.size() && !recipe.phases.empty(); ++i) {
        const auto place = "/phases/" + std::to_string(i) + "/";
        if (message.find(place) != std::string::npos && reports[i].problem.empty())
            reports[i].problem = sentenceOf(message, place);
    }
    for (const std::string place : {"/phases: ", "/schedule", "/early_stopping", "/checkpoints"}) {
        if (message.find(place) != std::string::npos && reports.front().problem.empty())
            reports.front().problem = sentenceOf(message, place);
    }
}

} // namespace

std::vector<std::string> trainablePatterns(const LayerTable& table)
{
    std::vector<int> wanted;
    auto flipped = table;
    for (int i = 0; i < static_cast<int>(table.size()); ++i) {
        if (learns(layerAt(table, i)))
            wanted.push_back(i);
        auto& settings = flipped[static_cast<std::size_t>(i)].settings;
        settings.trainable = !settings.trainable;
    }
    if (wanted == learningLeaves(table, "*"))
        return {"*"};
    std::vector<std::string> names;
    for (const auto& rule : rulesFor(flipped)) {
        if (rule.trainable)
            names.push_back(rule.match);
    }
    const int stages = table.empty() ? 0 : table.back().stage + 1;
    for (int count = 2; count < stages && names.size() > 1; ++count) {
        const auto pattern = "last " + std::to_string(count) + " stages";
        if (learningLeaves(table, pattern) == wanted)
            return {pattern};
    }
    return names;
}

std::vector<PhaseRecipe> planRows(const Recipe& recipe, const LayerTable& table)
{
    auto rows = phasesOf(recipe);
    auto& first = rows.front();
    if (!table.empty())
        first.trainable = trainablePatterns(table);
    first.statistics = commonStatistics(table);
    first.learningRate = recipe.optimizer.learningRate;
    if (recipe.phases.empty()) {
        first.schedule = recipe.schedule;
        first.until = recipe.earlyStopping;
        first.restoresBest = recipe.checkpoints.restoresBest;
    }
    return rows;
}

Result<Recipe> withPlanRows(const Recipe& recipe, const LayerTable& table, std::vector<PhaseRecipe> rows,
                            bool isWhole)
{
    const auto shown = planRows(recipe, table).front();
    auto& first = rows.front();
    // What stays as ticked stays so in each layer, whatever the patterns say.
    if (first.trainable == shown.trainable)
        first.trainable.reset();
    if (first.statistics == shown.statistics)
        first.statistics.reset();
    if (first.trainable) {
        if (auto problem = problemOf(*first.trainable, table); !problem.empty())
            return badInput(std::move(problem));
    }
    auto next = recipe;
    next.phases = std::move(rows);
    moveBeginning(next);
    if (next.layers != recipe.layers && !table.empty())
        next.layers = rulesFor(startingLayers(table, next));
    if (isWhole) {
        takeWholeRun(next);
        return next;
    }
    next.epochs = 0;
    for (const auto& phase : next.phases)
        next.epochs += phase.epochs;
    return next;
}

std::vector<PlanReport> planReports(const Recipe& recipe, const LayerTable& table)
{
    std::vector<PlanReport> reports;
    auto layers = table;
    double rate = recipe.optimizer.learningRate;
    int epochs = 0;
    for (const auto& phase : phasesOf(recipe)) {
        PlanReport report;
        report.rate = rate = phase.learningRate.value_or(rate);
        report.schedule = phase.schedule.value_or(recipe.schedule);
        report.epochsBefore = epochs;
        report.epochs = phase.epochs;
        report.mayEndEarly = phase.until || recipe.earlyStopping;
        epochs += phase.epochs;
        if (!table.empty()) {
            // One after the other, so that each row with a mistake is told and those below go on.
            auto alone = recipe;
            alone.phases = {phase};
            if (auto planned = plannedLayers(alone, layers))
                layers = std::move(planned->front());
            else
                report.problem = sentenceOf(planned.error().message, "/phases/0");
            report.layers = layers;
        }
        reports.push_back(std::move(report));
    }
    addCourseProblem(reports, recipe);
    return reports;
}

} // namespace frostline
