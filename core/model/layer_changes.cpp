#include "model/layer_changes.h"

#include <algorithm>
#include <functional>

namespace frostline {

namespace {

struct SettingsEdit {
    std::function<bool(const LayerInfo&)> concerns;
    std::function<void(LayerSettings&)> apply;
    const char* what;
};

Result<SettingsEdit> trainableEdit(const Change& change)
{
    const auto* on = std::get_if<bool>(&change.value);
    if (!on)
        return badInput("trainable takes on or off");
    return SettingsEdit{[](const LayerInfo& layer) { return layer.hasParameters(); },
                        [on = *on](LayerSettings& settings) { settings.trainable = on; }, "has parameters"};
}

Result<SettingsEdit> rateEdit(const Change& change)
{
    const auto* rate = std::get_if<double>(&change.value);
    if (!rate || !(*rate >= 0.0) || *rate > 1e6)
        return badInput("rate takes a multiplier from 0 to 1e6");
    return SettingsEdit{[](const LayerInfo& layer) { return layer.hasParameters(); },
                        [rate = *rate](LayerSettings& settings) { settings.rateMultiplier = rate; },
                        "has parameters"};
}

Result<SettingsEdit> statisticsEdit(const Change& change)
{
    const auto* name = std::get_if<std::string>(&change.value);
    const auto statistics = statisticsOf(name ? *name : "");
    if (!statistics)
        return badInput("statistics takes follow, frozen or updating");
    return SettingsEdit{[](const LayerInfo& layer) { return layer.isNormalisation; },
                        [value = *statistics](LayerSettings& settings) { settings.statistics = value; },
                        "is a normalisation layer"};
}

Result<SettingsEdit> sparsityEdit(const Change& change)
{
    const auto* sparsity = std::get_if<double>(&change.value);
    if (!sparsity || !(*sparsity >= 0.0) || *sparsity >= 1.0)
        return badInput("sparsity takes a fraction from 0 up to, but not including, 1");
    return SettingsEdit{
        [](const LayerInfo& layer) { return layer.prunable > 0; },
        [sparsity = *sparsity](LayerSettings& settings) { settings.sparsityTarget = sparsity; },
        "has weights to prune"};
}

Result<SettingsEdit> editOf(const Change& change)
{
    switch (change.kind) {
    case ChangeKind::Trainable:
        return trainableEdit(change);
    case ChangeKind::RateMultiplier:
        return rateEdit(change);
    case ChangeKind::Statistics:
        return statisticsEdit(change);
    case ChangeKind::Sparsity:
        return sparsityEdit(change);
    default:
        return badInput(std::string(nameOf(change.kind)) + " is not a setting of layers");
    }
}

/// Whether a norm trains, or, where it has nothing to train itself, something in the module that it lies in.
bool trainsWithModule(const LayerTable& table, int index)
{
    const auto isParametered = [&table](int leaf) { return layerAt(table, leaf).hasParameters(); };
    auto leaves = std::vector{index};
    while (std::ranges::none_of(leaves, isParametered) && layerAt(table, index).parent >= 0) {
        index = layerAt(table, index).parent;
        leaves = leavesUnder(table, index);
    }
    return std::ranges::none_of(leaves, isParametered) || std::ranges::any_of(leaves, [&](int leaf) {
               return isParametered(leaf) && layerAt(table, leaf).settings.trainable;
           });
}

} // namespace

bool isOnLayers(ChangeKind kind)
{
    return kind == ChangeKind::Trainable || kind == ChangeKind::RateMultiplier ||
           kind == ChangeKind::Statistics || kind == ChangeKind::Sparsity;
}

void deriveStatistics(LayerTable& table)
{
    for (std::size_t i = 0; i < table.size(); ++i) {
        auto& layer = table[i];
        const auto statistics = layer.settings.statistics;
        layer.statisticsUpdating =
            layer.isNormalisation &&
            (statistics == Statistics::Updating ||
             (statistics == Statistics::Follow && trainsWithModule(table, static_cast<int>(i))));
    }
}

int frostLine(const LayerTable& table)
{
    int line = 0;
    for (const auto& layer : table)
        line = std::max(line, layer.stage + 1);
    for (const auto& layer : table) {
        if (layer.isLeaf && ((layer.hasParameters() && layer.settings.trainable) || layer.statisticsUpdating))
            line = std::min(line, layer.stage);
    }
    const bool isAnythingBelow = std::ranges::any_of(table, [line](const LayerInfo& layer) {
        return layer.isLeaf && layer.stage < line && layer.hasParameters();
    });
    return isAnythingBelow ? line : 0;
}

Result<std::vector<int>> applyChange(LayerTable& table, const Change& change)
{
    const auto edit = editOf(change);
    if (!edit)
        return tl::unexpected(edit.error());
    auto leaves = matchLeaves(table, change.target);
    if (leaves.empty())
        return badInput("pattern \"" + change.target +
                        "\" matches no layer; `frostline-cli layers RECIPE` lists their names");
    std::erase_if(leaves, [&](int leaf) { return !edit->concerns(table[static_cast<std::size_t>(leaf)]); });
    if (leaves.empty())
        return badInput("pattern \"" + change.target + "\" matches no layer that " + edit->what);
    for (const int leaf : leaves)
        edit->apply(table[static_cast<std::size_t>(leaf)].settings);
    deriveStatistics(table);
    return leaves;
}

} // namespace frostline
