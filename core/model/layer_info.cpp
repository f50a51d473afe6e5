#include "model/layer_info.h"

#include <fnmatch.h>

#include <cmath>

namespace frostline {

std::string_view nameOf(Statistics statistics)
{
    switch (statistics) {
    case Statistics::Frozen:
        return "frozen";
    case Statistics::Updating:
        return "updating";
    case Statistics::Follow:
        break;
    }
    return "follow";
}

std::optional<Statistics> statisticsOf(std::string_view name)
{
    for (const auto value : {Statistics::Follow, Statistics::Frozen, Statistics::Updating}) {
        if (nameOf(value) == name)
            return value;
    }
    return std::nullopt;
}

double LayerTotals::trainableFraction() const
{
    return parameters > 0 ? static_cast<double>(trainable) / static_cast<double>(parameters) : 0.0;
}

double LayerTotals::sparsity() const
{
    return prunable > 0 ? static_cast<double>(masked) / static_cast<double>(prunable) : 0.0;
}

LayerTotals totalsOf(const LayerTable& table)
{
    LayerTotals totals;
    for (const auto& layer : table) {
        if (!layer.isLeaf)
            continue;
        totals.parameters += layer.parameters;
        (layer.settings.trainable ? totals.trainable : totals.frozen) += layer.parameters;
        totals.statistics += layer.statisticValues;
        totals.prunable += layer.prunable;
        totals.prunableTrainable += layer.settings.trainable ? layer.prunable : 0;
        totals.masked += std::llround(layer.sparsity * static_cast<double>(layer.prunable));
    }
    return totals;
}

std::vector<int> leavesUnder(const LayerTable& table, int index)
{
    const auto isUnder = [&table, index](int candidate) {
        while (candidate > index)
            candidate = table[static_cast<std::size_t>(candidate)].parent;
        return candidate == index;
    };
    std::vector<int> leaves;
    for (int i = index; i < static_cast<int>(table.size()) && isUnder(i); ++i) {
        if (table[static_cast<std::size_t>(i)].isLeaf)
            leaves.push_back(i);
    }
    return leaves;
}

bool globMatches(std::string_view pattern, std::string_view path)
{
    return ::fnmatch(std::string(pattern).c_str(), std::string(path).c_str(), 0) == 0;
}

std::vector<int> matchLeaves(const LayerTable& table, std::string_view pattern)
{
    std::vector<int> leaves;
    std::vector<bool> selected(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        const bool insideSelected =
            table[i].parent >= 0 && selected[static_cast<std::size_t>(table[i].parent)];
        selected[i] = insideSelected || globMatches(pattern, table[i].path);
        if (selected[i] && table[i].isLeaf)
            leaves.push_back(static_cast<int>(i));
    }
    return leaves;
}

} // namespace frostline
