// schedule_probe < CASES: the rate of every step of each case, as a line of JSON. A case is a recipe's
// schedule, `base` rates (the step that each holds from on, and the rate), `steps_per_epoch`, `epochs`, and
// for each epoch the validation's figures, or null.

#include <cstdio>
#include <iostream>
#include <string>

#include "base/json.h"
#include "training/course.h"

namespace {

using namespace frostline;

Result<Recipe> recipeOf(const Json& scheduled)
{
    const Json json{{"frostline", "recipe/1"},
                    {"name", "probe"},
                    {"data", {{"path", "nowhere"}}},
                    {"model", {{"architecture", "mlp"}}},
                    {"optimizer", {{"learning_rate", scheduled["base"][0][1]}}},
                    {"schedule", scheduled["schedule"]},
                    {"epochs", scheduled["epochs"]}};
    return recipeFromJson(json, "probe", {});
}

double baseAt(const Json& scheduled, Step step)
{
    double rate = 0.0;
    for (const auto& each : scheduled["base"]) {
        if (each[0].get<Step>() <= step)
            rate = each[1].get<double>();
    }
    return rate;
}

double figureOf(const Json& scheduled, int epoch)
{
    const auto& figures = scheduled.value("figures", Json::array());
    const auto index = static_cast<std::size_t>(epoch);
    return index < figures.size() && figures[index].is_number() ? figures[index].get<double>() : kNoFigure;
}

/// As the run's loop does it: an epoch's steps, then its record.
Json ratesOf(const Json& scheduled, const Recipe& recipe)
{
    const auto perEpoch = scheduled["steps_per_epoch"].get<Step>();
    Course course(recipe, perEpoch);
    Json rates = Json::array();
    for (int epoch = 0; epoch < recipe.epochs; ++epoch) {
        for (Step step = epoch * perEpoch; step < (epoch + 1) * perEpoch; ++step)
            rates.push_back(course.rateAt(step, baseAt(scheduled, step)));
        EpochRecord record;
        record.epoch = epoch + 1;
        record.step = (epoch + 1) * perEpoch;
        record.learningRate = rates.back().get<double>();
        const double figure = figureOf(scheduled, epoch);
        record.validation = Scores{.loss = figure, .accuracy = figure};
        course.addEpoch(record);
    }
    return rates;
}

} // namespace

int main()
{
    for (std::string line; std::getline(std::cin, line);) {
        const auto scheduled = parseJson(line, "probe");
        const auto recipe =
            scheduled.and_then([](const Json& json) -> Result<Recipe> { return recipeOf(json); });
        if (!recipe) {
            std::fprintf(stderr, "schedule_probe: %s\n", recipe.error().message.c_str());
            return 1;
        }
        std::printf("%s\n", jsonText(ratesOf(*scheduled, *recipe)).c_str());
        std::fflush(stdout);
    }
    return 0;
}
