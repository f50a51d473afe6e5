// Phases as JSON: written out one by one, or in a short form that is written out on reading.

#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "training/phase_changes.h"
#include "training/recipe_parts.h"

namespace frostline {

namespace {

constexpr int kMostEpochs = 1'000'000;

std::string lastStages(std::int64_t count)
{
    return "last " + std::to_string(count) + (count == 1 ? " stage" : " stages");
}

/// Where it ends, and whether that can be.
void readEndOf(JsonReader& reader, PhaseRecipe& phase, Task task)
{
    phase.epochs = static_cast<int>(reader.integer("epochs", 0, 1, kMostEpochs));
    if (auto until = reader.object("until"))
        phase.until = readEnd(*until, task);
    if (phase.epochs == 0 && !phase.until)
        reader.refuse("epochs", "a phase needs \"epochs\", or \"until\" to end by");
    if (phase.epochs == 0)
        phase.epochs = PhaseRecipe::kMostEpochs;
}

/// What it does not name is as in the phase before.
OptimizerRecipe readPhaseOptimizer(JsonReader& reader, const Recipe& recipe)
{
    if (reader.has("learning_rate"))
        reader.refuse("learning_rate", "stands in the phase itself");
    auto usual = recipe.optimizer;
    for (const auto& phase : recipe.phases)
        usual = phase.optimizer.value_or(usual);
    auto optimizer = readOptimizer(reader, usual);
    const bool isSgd = optimizer.kind == OptimizerKind::Sgd;
    if (isSgd && !recipe.phases.empty() && optimizer.nesterov != usual.nesterov)
        reader.refuse("nesterov", "cannot change while a network trains");
    optimizer.learningRate = OptimizerRecipe().learningRate; // The phase says it.
    return optimizer;
}

PhaseRecipe readPhase(JsonReader& reader, const Recipe& recipe, std::size_t number)
{
    PhaseRecipe phase;
    phase.name = reader.text("name", "phase " + std::to_string(number));
    readEndOf(reader, phase, recipe.data.task);
    if (reader.has("trainable"))
        phase.trainable = reader.texts("trainable");
    if (phase.trainable && phase.trainable->empty())
        reader.refuse("trainable", "name at least one layer, or leave it out");
    for (auto& rule : reader.objects("layers"))
        phase.layers.push_back(readRule(rule));
    if (reader.has("statistics"))
        phase.statistics =
            statisticsOf(reader.choice("statistics", {"follow", "frozen", "updating"}, "follow"));
    if (reader.has("learning_rate"))
        phase.learningRate = reader.number("learning_rate", 0.0, 0.0, 1000.0);
    if (auto optimizer = reader.object("optimizer"))
        phase.optimizer = readPhaseOptimizer(*optimizer, recipe);
    if (auto schedule = reader.object("schedule"))
        phase.schedule = readSchedule(*schedule, recipe.data.task);
    phase.restoresBest = reader.boolean("restore_best", false);
    reader.finish();
    return phase;
}

/// Head first, then more (Kumar et al. 2022).
std::vector<PhaseRecipe> readTwoPhase(JsonReader& reader)
{
    PhaseRecipe head;
    head.name = "head";
    head.trainable = {lastStages(1)};
    head.epochs = static_cast<int>(reader.integer("head_epochs", 0, 1, kMostEpochs));
    PhaseRecipe rest;
    rest.trainable = reader.has("trainable") ? reader.texts("trainable") : std::vector<std::string>{"*"};
    rest.name = rest.trainable == std::vector<std::string>{"*"} ? "everything" : "unfrozen";
    rest.epochs = static_cast<int>(reader.integer("epochs", 0, 1, kMostEpochs));
    for (const auto* key : {"head_epochs", "epochs", "learning_rate"}) {
        if (!reader.has(key))
            reader.refuse(key, "is missing");
    }
    if (rest.trainable->empty())
        reader.refuse("trainable", "name at least one layer, or leave it out");
    rest.learningRate = reader.number("learning_rate", 0.0, 0.0, 1000.0);
    head.restoresBest = rest.restoresBest = reader.boolean("restore_best", false);
    reader.finish();
    return {head, rest};
}

/// `stages` more from the top down in each phase, lower ones at a rate `ratio` times smaller for each group
/// (Howard and Ruder 2018: ULMFiT, ratio 2.6).
std::vector<PhaseRecipe> readGradual(JsonReader& reader)
{
    const auto stages = reader.integer("stages", 1, 1, 1000);
    const auto every = static_cast<int>(reader.integer("every", 0, 1, kMostEpochs));
    const auto count = reader.integer("phases", 0, 1, 1000);
    for (const auto* key : {"every", "phases"}) {
        if (!reader.has(key))
            reader.refuse(key, "is missing");
    }
    const double ratio = reader.number("ratio", 1.0, 1.0, 1e6);
    const auto all = static_cast<int>(reader.integer("all_epochs", 0, 0, kMostEpochs));
    const bool restoresBest = reader.boolean("restore_best", false);
    reader.finish();
    std::vector<PhaseRecipe> phases;
    for (std::int64_t number = 1; number <= count; ++number) {
        PhaseRecipe phase;
        phase.name = lastStages(number * stages);
        phase.epochs = every;
        phase.trainable = {lastStages(number * stages)};
        phase.restoresBest = restoresBest;
        phases.push_back(phase);
    }
    if (all > 0) {
        PhaseRecipe everything;
        everything.name = "everything";
        everything.epochs = all;
        everything.trainable = {"*"};
        everything.restoresBest = restoresBest;
        phases.push_back(everything);
    }
    if (ratio == 1.0 || phases.empty())
        return phases;
    const auto rule = [&](const std::string& match, std::int64_t depth) {
        phases.front().layers.push_back({match, {}, {}, std::pow(ratio, -static_cast<double>(depth)), {}});
    };
    if (all > 0)
        rule("*", count);
    for (std::int64_t depth = count - 1; depth >= 0; --depth)
        rule(lastStages((depth + 1) * stages), depth);
    return phases;
}

std::vector<PhaseRecipe> readForm(JsonReader& reader)
{
    std::vector<PhaseRecipe> phases;
    if (auto form = reader.object("two_phase"))
        phases = readTwoPhase(*form);
    if (auto form = reader.object("gradual")) {
        if (!phases.empty())
            reader.refuse("gradual", "there is \"two_phase\" already; take one of the two");
        phases = readGradual(*form);
    }
    if (phases.empty())
        reader.refuse("two_phase", "expected a list of phases, or \"two_phase\" or \"gradual\"");
    reader.finish();
    return phases;
}

} // namespace

void moveBeginning(Recipe& recipe)
{
    auto& first = recipe.phases.front();
    if (first.trainable) {
        recipe.layers.push_back({"*", false, {}, {}, {}});
        for (const auto& pattern : *first.trainable)
            recipe.layers.push_back({pattern, true, {}, {}, {}});
    }
    if (first.statistics)
        recipe.layers.push_back({"*", {}, first.statistics, {}, {}});
    recipe.layers.insert(recipe.layers.end(), first.layers.begin(), first.layers.end());
    const double rate = first.learningRate.value_or(recipe.optimizer.learningRate);
    recipe.optimizer = first.optimizer.value_or(recipe.optimizer);
    recipe.optimizer.learningRate = rate;
    first.trainable.reset();
    first.statistics.reset();
    first.layers.clear();
    first.learningRate.reset();
    first.optimizer.reset();
}

void readPhases(JsonReader& reader, Recipe& recipe)
{
    if (const auto& value = reader.any("phases"); value.is_object()) {
        if (auto form = reader.object("phases"))
            recipe.phases = readForm(*form);
    } else {
        for (auto& phase : reader.objects("phases"))
            recipe.phases.push_back(readPhase(phase, recipe, recipe.phases.size() + 1));
        if (recipe.phases.empty())
            reader.refuse("phases", "at least one phase is needed; leave it out for a run of one");
    }
    if (recipe.phases.empty())
        return;
    if (reader.has("epochs"))
        reader.refuse("epochs", "does not go with \"phases\", which have epochs of their own");
    std::int64_t epochs = 0;
    for (const auto& phase : recipe.phases)
        epochs += phase.epochs;
    if (epochs > kMostEpochs)
        reader.refuse("phases", "they have more than 1,000,000 epochs together");
    recipe.epochs = static_cast<int>(std::min<std::int64_t>(epochs, kMostEpochs));
    moveBeginning(recipe);
}

Status checkCourse(const Recipe& recipe)
{
    const auto cannotEnd = [](const std::string& place, const std::optional<EndRecipe>& end, const char* what,
                              int epochs) -> Status {
        if (!end || end->patience < epochs)
            return {};
        return badInput(place + ": a patience of " + std::to_string(end->patience) + " cannot end a " + what +
                        " of " + std::to_string(epochs) + " epochs; give it more epochs or less patience");
    };
    const auto tooLow = [](const std::string& place, const ScheduleRecipe& schedule, double rate) -> Status {
        if (schedule.minimum <= 0.0 || schedule.minimum < rate)
            return {};
        return badInput(place + ": its minimum " + formatNumber(schedule.minimum) +
                        " is not below the learning rate " + formatNumber(rate));
    };
    double rate = recipe.optimizer.learningRate;
    auto checked = cannotEnd("/early_stopping", recipe.earlyStopping, "run", recipe.epochs);
    if (recipe.phases.empty() && checked)
        checked = tooLow("/schedule", recipe.schedule, rate);
    for (std::size_t i = 0; i < recipe.phases.size() && checked; ++i) {
        const auto& phase = recipe.phases[i];
        const auto place = "/phases/" + std::to_string(i);
        rate = phase.learningRate.value_or(rate);
        checked = cannotEnd(place + "/until", phase.until, "phase", phase.epochs).and_then([&] {
            return tooLow(place + "/schedule", phase.schedule.value_or(recipe.schedule), rate);
        });
    }
    return checked;
}

Json phaseJson(const PhaseRecipe& phase)
{
    Json json{{"name", phase.name}, {"epochs", phase.epochs}};
    if (phase.until)
        json["until"] = endJson(*phase.until);
    if (phase.trainable)
        json["trainable"] = *phase.trainable;
    for (const auto& rule : phase.layers)
        json["layers"].push_back(ruleJson(rule));
    if (phase.statistics)
        json["statistics"] = nameOf(*phase.statistics);
    if (phase.learningRate)
        json["learning_rate"] = *phase.learningRate;
    if (phase.optimizer) {
        json["optimizer"] = optimizerJson(*phase.optimizer);
        json["optimizer"]["clip_norm"] = phase.optimizer->clipNorm;
        json["optimizer"].erase("learning_rate");
    }
    if (phase.schedule)
        json["schedule"] = scheduleJson(*phase.schedule);
    if (phase.restoresBest)
        json["restore_best"] = true;
    return json;
}

} // namespace frostline
