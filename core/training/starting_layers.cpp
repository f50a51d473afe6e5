#include "training/starting_layers.h"

#include "model/layer_diff.h"

namespace frostline {

std::vector<Change> changesOf(const LayerRule& rule)
{
    std::vector<Change> changes;
    if (rule.trainable)
        changes.push_back({ChangeKind::Trainable, rule.match, *rule.trainable});
    if (rule.statistics)
        changes.push_back({ChangeKind::Statistics, rule.match, std::string(nameOf(*rule.statistics))});
    if (rule.rate)
        changes.push_back({ChangeKind::RateMultiplier, rule.match, *rule.rate});
    if (rule.sparsity)
        changes.push_back({ChangeKind::Sparsity, rule.match, *rule.sparsity});
    return changes;
}

std::vector<Change> startingChanges(const Recipe& recipe)
{
    std::vector<Change> changes;
    if (recipe.pruning.sparsity > 0.0)
        changes.push_back({ChangeKind::Sparsity, "*", recipe.pruning.sparsity});
    for (const auto& rule : recipe.layers) {
        const auto own = changesOf(rule);
        changes.insert(changes.end(), own.begin(), own.end());
    }
    return changes;
}

LayerTable startingLayers(LayerTable layers, const Recipe& recipe)
{
    for (auto& layer : layers) {
        layer.settings = {};
        layer.drift = layer.gradientNorm = layer.sparsity = 0.0;
    }
    return withChanges(std::move(layers), startingChanges(recipe));
}

} // namespace frostline
