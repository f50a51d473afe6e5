#include "model/layer_info.h"

#include <fnmatch.h>

#include <charconv>
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

namespace {

/// `last N layers` or `last N stages`.
struct Last {
    std::size_t count = 0;
    bool stages = false;
};

std::optional<Last> lastOf(std::string_view pattern)
{
    constexpr std::string_view kBegin = "last ";
    if (!pattern.starts_with(kBegin))
        return std::nullopt;
    Last last;
    const auto* end = pattern.data() + pattern.size();
    const auto [rest, problem] = std::from_chars(pattern.data() + kBegin.size(), end, last.count);
    const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    last.stages = unit == " stages" || unit == " stage";
    if (problem != std::errc() || (!last.stages && unit != " layers" && unit != " layer"))
        return std::nullopt;
    return last;
}

/// Counted from the top down over what has parameters.
std::vector<int> lastLeaves(const LayerTable& table, const Last& last)
{
    std::vector<int> leaves;
    std::vector<int> counted;
    for (int i = static_cast<int>(table.size()) - 1; i >= 0; --i) {
        const auto& layer = layerAt(table, i);
        if (!layer.isLeaf || !layer.hasParameters())
            continue;
        const int unit = last.stages ? layer.stage : i;
        if (counted.empty() || counted.back() != unit) {
            if (counted.size() == last.count)
                break;
            counted.push_back(unit);
        }
        leaves.insert(leaves.begin(), i);
    }
    return leaves;
}

} // namespace

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
    if (const auto last = lastOf(pattern))
        return lastLeaves(table, *last);
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
