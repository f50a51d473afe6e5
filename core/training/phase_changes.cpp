#include "training/phase_changes.h"

#include <algorithm>
#include <set>

#include "model/layer_changes.h"
#include "model/layer_diff.h"
#include "training/course.h"
#include "training/starting_layers.h"

namespace frostline {

namespace {

/// What a phase says of layers, in the order in which it is applied; each with its place in the recipe.
std::vector<std::pair<std::string, Change>> wordsOf(const PhaseRecipe& phase)
{
    std::vector<std::pair<std::string, Change>> words;
    for (const auto& pattern : phase.trainable.value_or(std::vector<std::string>()))
        words.push_back({"/trainable", {ChangeKind::Trainable, pattern, true}});
    if (phase.statistics)
        words.push_back(
            {"/statistics", {ChangeKind::Statistics, "*", std::string(nameOf(*phase.statistics))}});
    for (const auto& rule : phase.layers) {
        for (auto& change : changesOf(rule))
            words.emplace_back("/layers", std::move(change));
    }
    return words;
}

std::string placeOf(std::size_t phase)
{
    return "/phases/" + std::to_string(phase);
}

/// The layers as the phase sets them; an empty list of patterns trains nothing.
Status applyPhase(LayerTable& table, const PhaseRecipe& phase, const std::string& place)
{
    if (phase.trainable)
        static_cast<void>(applyChange(table, {ChangeKind::Trainable, "*", false}));
    for (const auto& [key, change] : wordsOf(phase)) {
        std::string where = place;
        where += key;
        if (const auto applied = applyChange(table, change); !applied)
            return badInput(where + ": " + applied.error().message);
    }
    return {};
}

/// Pruning that frozen layers would keep from being put in force.
Status checkReach(const LayerTable& table, const PhaseRecipe& phase, const std::string& place)
{
    for (const auto& rule : phase.layers) {
        const auto leaves = matchLeaves(table, rule.match);
        const auto trains = [&table](int leaf) {
            return layerAt(table, leaf).prunable > 0 && layerAt(table, leaf).settings.trainable;
        };
        if (rule.sparsity.value_or(0.0) > 0.0 && std::ranges::none_of(leaves, trains))
            return badInput(place + "/layers: sparsity of \"" + rule.match +
                            "\": all these layers are frozen then and keep their weights; allow it with "
                            "\"pruning\": {\"frozen\": true}");
    }
    return {};
}

bool isSame(const LayerSettings& first, const LayerSettings& second, ChangeKind kind)
{
    switch (kind) {
    case ChangeKind::Trainable:
        return first.trainable == second.trainable;
    case ChangeKind::Statistics:
        return first.statistics == second.statistics;
    case ChangeKind::RateMultiplier:
        return first.rateMultiplier == second.rateMultiplier;
    default:
        return first.sparsityTarget == second.sparsityTarget;
    }
}

void take(LayerSettings& target, const LayerSettings& source, ChangeKind kind)
{
    switch (kind) {
    case ChangeKind::Trainable:
        target.trainable = source.trainable;
        break;
    case ChangeKind::Statistics:
        target.statistics = source.statistics;
        break;
    case ChangeKind::RateMultiplier:
        target.rateMultiplier = source.rateMultiplier;
        break;
    default:
        target.sparsityTarget = source.sparsityTarget;
        break;
    }
}

/// The layers as they are, with what the phase means to set put in.
LayerTable withPhase(const LayerTable& now, const PhaseRecipe& phase, const LayerTable& before,
                     const LayerTable& planned)
{
    constexpr ChangeKind kKinds[] = {ChangeKind::Trainable, ChangeKind::Statistics,
                                     ChangeKind::RateMultiplier, ChangeKind::Sparsity};
    auto table = now;
    for (const auto kind : kKinds) {
        std::set<int> named;
        for (const auto& [key, change] : wordsOf(phase)) {
            if (change.kind == kind) {
                const auto leaves = matchLeaves(planned, change.target);
                named.insert(leaves.begin(), leaves.end());
            }
        }
        for (std::size_t i = 0; i < table.size(); ++i) {
            if (named.contains(static_cast<int>(i)) || !isSame(before[i].settings, planned[i].settings, kind))
                take(table[i].settings, planned[i].settings, kind);
        }
    }
    return table;
}

} // namespace

Result<std::vector<LayerTable>> plannedLayers(const Recipe& recipe, const LayerTable& start)
{
    std::vector<LayerTable> tables;
    auto table = start;
    for (const auto& phase : phasesOf(recipe)) {
        const auto place = placeOf(tables.size());
        if (const auto applied = applyPhase(table, phase, place); !applied)
            return tl::unexpected(applied.error());
        if (const auto reaches = checkReach(table, phase, place); !reaches && !recipe.pruning.frozen)
            return tl::unexpected(reaches.error());
        if (!recipe.phases.empty() && totalsOf(table).trainable == 0)
            return badInput(place +
                            ": nothing would be trainable; name at least one layer that has parameters");
        tables.push_back(table);
    }
    return tables;
}

Result<std::vector<Change>> phaseChanges(const Recipe& recipe, int phase, const LayerTable& start,
                                         const LayerTable& now, const OptimizerRecipe& optimizer)
{
    const auto planned = plannedLayers(recipe, start);
    if (!planned)
        return tl::unexpected(planned.error());
    const auto index = static_cast<std::size_t>(phase);
    const auto own = phasesOf(recipe)[index];
    const auto& before = index == 0 ? start : (*planned)[index - 1];
    std::set<int> all;
    for (int i = 0; i < static_cast<int>(now.size()); ++i)
        all.insert(i);
    auto changes = changesBetween(now, withPhase(now, own, before, (*planned)[index]), all);
    auto wanted = own.optimizer.value_or(optimizer);
    wanted.learningRate = own.learningRate.value_or(optimizer.learningRate);
    const auto ofOptimizer = optimizerChanges(optimizer, wanted);
    changes.insert(changes.end(), ofOptimizer.begin(), ofOptimizer.end());
    return changes;
}

std::vector<Change> optimizerChanges(const OptimizerRecipe& before, const OptimizerRecipe& after)
{
    std::vector<Change> changes;
    if (before.kind != after.kind)
        changes.push_back({ChangeKind::Optimizer, "kind", std::string(nameOf(after.kind))});
    const auto compare = [&](const char* field, double from, double to) {
        if (from != to)
            changes.push_back({ChangeKind::Optimizer, field, to});
    };
    compare("weight_decay", before.weightDecay, after.weightDecay);
    compare("clip_norm", before.clipNorm, after.clipNorm);
    if (after.kind == OptimizerKind::Sgd) {
        compare("momentum", before.momentum, after.momentum);
    } else {
        compare("beta1", before.beta1, after.beta1);
        compare("beta2", before.beta2, after.beta2);
        compare("epsilon", before.epsilon, after.epsilon);
    }
    if (before.learningRate != after.learningRate)
        changes.push_back({ChangeKind::LearningRate, "", after.learningRate});
    return changes;
}

void applyToOptimizer(OptimizerRecipe& optimizer, const Change& change)
{
    const auto* number = std::get_if<double>(&change.value);
    if (change.kind == ChangeKind::LearningRate && number)
        optimizer.learningRate = *number;
    if (change.kind != ChangeKind::Optimizer)
        return;
    if (const auto* name = std::get_if<std::string>(&change.value); name && change.target == "kind") {
        // One that there is not was refused when it was made.
        optimizer.kind = optimizerKindOf(*name).value_or(optimizer.kind);
        return;
    }
    const std::pair<const char*, double*> fields[] = {{"weight_decay", &optimizer.weightDecay},
                                                      {"momentum", &optimizer.momentum},
                                                      {"beta1", &optimizer.beta1},
                                                      {"beta2", &optimizer.beta2},
                                                      {"epsilon", &optimizer.epsilon},
                                                      {"clip_norm", &optimizer.clipNorm}};
    for (const auto& [name, field] : fields) {
        if (change.target == name && number)
            *field = *number;
    }
}

} // namespace frostline
