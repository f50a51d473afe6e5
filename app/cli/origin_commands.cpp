// resume, branch, replay: what begins with a saved session.

#include <cstdio>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/run_to_end.h"
#include "session/session_at.h"
#include "session/session_store.h"
#include "training/replay.h"

namespace frostline::cli {

namespace {

/// The recipe in force at the branch's step, with what the user sets differently.
Result<Recipe> branchRecipe(const Session& session, const BranchArguments& arguments)
{
    auto overrides = overridesOf(arguments.set);
    if (!overrides)
        return tl::unexpected(overrides.error());
    if (arguments.run.epochs > 0)
        overrides->emplace_back("epochs", std::to_string(arguments.run.epochs));
    const auto there = recipeAt(session, arguments.step);
    return there ? withOverrides(*there, *overrides) : there;
}

std::string sentenceOf(const ReplayDifference& difference)
{
    char text[256];
    std::string sentence =
        "first differs at step " + std::to_string(difference.step) + ": " + difference.what;
    if (difference.what != "weights") {
        std::snprintf(text, sizeof text, " %.17g recorded, %.17g replayed, difference %.3g",
                      difference.recorded, difference.replayed, difference.replayed - difference.recorded);
        sentence += text;
    }
    if (!difference.layer.empty()) {
        std::snprintf(text, sizeof text, ", largest difference %.3g", difference.largestDifference);
        sentence += "; first layer that differs in the checkpoint of step " +
                    std::to_string(difference.layerStep) + ": " + difference.layer + text;
    }
    return sentence;
}

Json jsonOf(const ReplayReport& report)
{
    Json json{{"identical", report.isIdentical()}, {"steps", report.steps}, {"epochs", report.epochs}};
    json["checkpoints"] = report.checkpoints;
    json["environment"] = report.environment;
    if (const auto& difference = report.difference) {
        json["difference"] = {{"step", difference->step},
                              {"what", difference->what},
                              {"recorded", difference->recorded},
                              {"replayed", difference->replayed},
                              {"layer", difference->layer},
                              {"layer_step", difference->layerStep},
                              {"largest_difference", difference->largestDifference}};
    }
    return json;
}

void print(const ReplayReport& report)
{
    for (const auto& sentence : report.environment)
        std::printf("environment differs, %s\n", sentence.c_str());
    if (report.difference)
        std::printf("%s\n", sentenceOf(*report.difference).c_str());
    else
        std::printf("identical to the bit: %ld steps, %d epochs, %d checkpoints\n",
                    static_cast<long>(report.steps), report.epochs, report.checkpoints);
}

} // namespace

int resume(const std::string& session, const RunArguments& arguments)
{
    auto options = optionsOf(arguments);
    if (!options)
        return report(options.error());
    options->origin = RunOrigin{RunOrigin::Kind::Resume, session, 0, false};
    return runToEnd({}, *options, arguments.json);
}

int branch(const BranchArguments& arguments)
{
    auto options = optionsOf(arguments.run);
    if (!options)
        return report(options.error());
    if (SessionStore::isRunning(arguments.session))
        return report({ErrorCode::BadInput, arguments.session + " is running; stop it first"});
    const auto parent = SessionStore::load(arguments.session);
    if (!parent)
        return report(parent.error());
    const auto recipe = branchRecipe(*parent, arguments);
    if (!recipe)
        return report(recipe.error());
    if (arguments.run.out.empty())
        options->sessionsFolder =
            std::filesystem::absolute(arguments.session).lexically_normal().parent_path();
    options->origin =
        RunOrigin{RunOrigin::Kind::Branch, arguments.session, arguments.step, arguments.keepLater};
    return runToEnd(*recipe, *options, arguments.run.json);
}

int replay(const std::string& session, const RunArguments& arguments)
{
    const auto options = optionsOf(arguments);
    if (!options)
        return report(options.error());
    const auto done = frostline::replay(session, *options, stopOnInterrupt());
    if (!done)
        return report(done.error());
    if (arguments.json)
        std::printf("%s\n", jsonText(jsonOf(*done)).c_str());
    else if (!done->stopped)
        print(*done);
    if (done->stopped)
        std::fprintf(stderr, "stopped after %ld steps, all as recorded\n", static_cast<long>(done->steps));
    return done->isIdentical() ? kDone : kRunFailed;
}

} // namespace frostline::cli
