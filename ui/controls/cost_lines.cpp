#include "controls/cost_lines.h"

#include <algorithm>

#include "layers/layer_summary.h"
#include "model/layer_changes.h"

namespace frostline {

namespace {

constexpr std::size_t kFewestGroups = 3; ///< With the head; else the tree's top level says too little.
constexpr std::size_t kMostLines = 8;    ///< With the one where nothing is frozen, and the one in force.

bool isWithinStage(const LayerTable& table, int node)
{
    const auto leaves = leavesUnder(table, node);
    return std::ranges::all_of(leaves, [&table, node](int leaf) {
        return layerAt(table, leaf).stage == layerAt(table, node).stage;
    });
}

/// The outermost layers that pass, among those with parameters.
template <class Passes>
std::vector<int> nodesWhere(const LayerTable& table, Passes passes)
{
    const auto summaries = summarise(table);
    std::vector<int> nodes;
    std::vector<bool> isInside(table.size());
    for (int i = 0; i < static_cast<int>(table.size()); ++i) {
        const int parent = layerAt(table, i).parent;
        const auto at = static_cast<std::size_t>(i);
        const bool isBelow = parent >= 0 && isInside[static_cast<std::size_t>(parent)];
        isInside[at] = isBelow || passes(i);
        if (isInside[at] && !isBelow && summaries[at].hasParameters())
            nodes.push_back(i);
    }
    return nodes;
}

std::vector<int> stageNodes(const LayerTable& table)
{
    return nodesWhere(table, [&table](int node) { return isWithinStage(table, node); });
}

/// Where a line can be: behind each of these. The last is the head, which has to train.
std::vector<int> places(const LayerTable& table)
{
    auto nodes = nodesWhere(table, [&table](int node) { return layerAt(table, node).parent < 0; });
    if (nodes.size() < kFewestGroups)
        nodes = stageNodes(table);
    if (!nodes.empty())
        nodes.pop_back();
    constexpr std::size_t kMost = kMostLines - 2;
    if (nodes.size() <= kMost)
        return nodes;
    std::vector<int> some;
    for (std::size_t i = 1; i <= kMost; ++i)
        some.push_back(nodes[i * nodes.size() / kMost - 1]);
    return some;
}

CostLine lineAt(const CostReport& report, const LayerTable& table, int node)
{
    CostLine line;
    line.node = node;
    line.name = node < 0 ? QString() : QString::fromStdString(layerAt(table, node).path);
    line.estimate = predictAt(report, frozenUpTo(table, node));
    return line;
}

/// The last of the stages below the line that has parameters; -1 where there is none.
int nodeBelow(const LayerTable& table, int line)
{
    int below = -1;
    for (const int node : stageNodes(table)) {
        if (layerAt(table, node).stage < line)
            below = node;
    }
    return below;
}

} // namespace

LayerTable frozenUpTo(LayerTable table, int node)
{
    const int last = node < 0 ? -1 : leavesUnder(table, node).back();
    for (int i = 0; i < static_cast<int>(table.size()); ++i) {
        auto& settings = table[static_cast<std::size_t>(i)].settings;
        settings.trainable = i > last;
        settings.statistics = Statistics::Follow;
    }
    deriveStatistics(table);
    return table;
}

CostEstimate predictAt(const CostReport& report, const LayerTable& table)
{
    if (report.features.remark.empty() || frostLine(table) == report.features.line)
        return predictCost(report, table);
    auto elsewhere = report;
    elsewhere.features.isEnabled = true;
    return predictCost(elsewhere, table);
}

std::vector<CostLine> costLines(const CostReport& report, const LayerTable& table)
{
    if (table.empty())
        return {};
    std::vector<CostLine> lines{lineAt(report, table, -1)};
    for (const int node : places(table))
        lines.push_back(lineAt(report, table, node));
    if (totalsOf(table).trainable == 0)
        return lines;
    const int inForce = frostLine(table);
    auto at =
        std::ranges::lower_bound(lines, inForce, {}, [](const CostLine& line) { return line.estimate.line; });
    if (at == lines.end() || at->estimate.line != inForce)
        at = lines.insert(at, lineAt(report, table, nodeBelow(table, inForce)));
    at->isInForce = true;
    at->estimate = predictAt(report, table);
    return lines;
}

} // namespace frostline
