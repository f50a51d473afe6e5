#include "session/session_at.h"

#include <numeric>
#include <set>
#include <span>

#include "base/json.h"
#include "model/layer_changes.h"
#include "model/layer_diff.h"
#include "training/phase_changes.h"
#include "training/starting_layers.h"

namespace frostline {

namespace {

/// The first setting that differs and cannot change while a network trains; empty if there is none.
std::string fixedDifference(const Recipe& before, const Recipe& after)
{
    if (before.data != after.data)
        return "data";
    if (before.model != after.model)
        return "model";
    if (before.seed != after.seed)
        return "seed";
    if (before.batchSize != after.batchSize)
        return "batch_size";
    if (before.pruning.scope != after.pruning.scope)
        return "pruning.scope";
    if (before.schedule != after.schedule)
        return "schedule";
    if (before.phases != after.phases)
        return "phases";
    return before.optimizer.nesterov != after.optimizer.nesterov ? "optimizer.nesterov" : "";
}

Recipe recipeWith(const Session& session, std::span<const Intervention> interventions)
{
    auto recipe = session.recipe;
    auto layers = startingLayers(session.layers, recipe);
    for (const auto& [at, change, origin, when] : interventions) {
        applyToOptimizer(recipe.optimizer, change);
        if (change.kind == ChangeKind::PruneFrozen)
            recipe.pruning.frozen = std::get<bool>(change.value);
        else if (isOnLayers(change.kind))
            layers = withChanges(std::move(layers), {change});
    }
    recipe.pruning.sparsity = 0.0; // The rules say it for each layer.
    recipe.layers = rulesFor(layers);
    return recipe;
}

} // namespace

Result<Recipe> recipeAt(const Session& session, Step step)
{
    const auto steps = static_cast<Step>(session.steps.size());
    if (step < 0 || step > steps)
        return badInput("session " + session.id + " has no step " + std::to_string(step) +
                        " to go back to; it has the steps 0 to " + std::to_string(steps));
    const auto later = std::ranges::find_if(session.interventions,
                                            [step](const Intervention& made) { return made.step >= step; });
    return recipeWith(session, {session.interventions.begin(), later});
}

Recipe recipeAtEnd(const Session& session)
{
    return recipeWith(session, session.interventions);
}

Result<std::vector<Change>> changesTo(const LayerTable& layers, const Recipe& before, const Recipe& after)
{
    if (const auto fixed = fixedDifference(before, after); !fixed.empty())
        return badInput(after.source + "/" + fixed +
                        " cannot change in a branch, whose earlier steps are its parent's; begin a new run");
    auto changes = optimizerChanges(before.optimizer, after.optimizer);
    if (before.pruning.frozen != after.pruning.frozen)
        changes.push_back({ChangeKind::PruneFrozen, "", after.pruning.frozen});
    std::set<int> all;
    for (int i = 0; i < static_cast<int>(layers.size()); ++i)
        all.insert(i);
    const auto settings = changesBetween(startingLayers(layers, before), startingLayers(layers, after), all);
    changes.insert(changes.end(), settings.begin(), settings.end());
    return changes;
}

} // namespace frostline
