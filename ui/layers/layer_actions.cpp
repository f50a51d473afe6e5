#include "layers/layer_actions.h"

#include <algorithm>
#include <functional>
#include <set>

#include "layers/layer_summary.h"
#include "model/layer_diff.h"

namespace frostline {

namespace {

std::set<int> leavesOf(const LayerTable& table, const std::vector<int>& selection)
{
    std::set<int> leaves;
    for (const int index : selection)
        std::ranges::copy(leavesUnder(table, index), std::inserter(leaves, leaves.end()));
    return leaves;
}

/// Which leaves an action decides about, and whether they shall train.
struct Decision {
    std::set<int> leaves;
    std::function<bool(int)> trains;
};

std::vector<Change> changesTo(const LayerTable& table, const Decision& decision)
{
    LayerTable after = table;
    for (const int leaf : decision.leaves)
        after[static_cast<std::size_t>(leaf)].settings.trainable = decision.trains(leaf);
    return changesBetween(table, after, decision.leaves);
}

std::set<int> allLeaves(const LayerTable& table)
{
    std::set<int> leaves;
    for (int i = 0; i < static_cast<int>(table.size()); ++i) {
        if (layerAt(table, i).isLeaf)
            leaves.insert(i);
    }
    return leaves;
}

bool trains(const LayerTable& table, int leaf)
{
    return layerAt(table, leaf).settings.trainable;
}

/// The last top-level layer that has parameters; -1 if there is none.
int headOf(const LayerTable& table)
{
    const auto summaries = summarise(table);
    for (int i = static_cast<int>(table.size()) - 1; i >= 0; --i) {
        if (layerAt(table, i).parent < 0 && summaries[static_cast<std::size_t>(i)].hasParameters())
            return i;
    }
    return -1;
}

/// The last stage with parameters before the head; -1 if there is none.
int stageBefore(const LayerTable& table, int head)
{
    for (int i = head - 1; i >= 0; --i) {
        if (layerAt(table, i).isLeaf && layerAt(table, i).hasParameters())
            return layerAt(table, i).stage;
    }
    return -1;
}

Decision ofSelection(LayerAction action, const LayerTable& table, const std::set<int>& selected)
{
    auto all = allLeaves(table);
    const int first = *selected.begin();
    const int last = *selected.rbegin();
    if (action == LayerAction::FreezeUpTo)
        return {std::move(all), [last](int leaf) { return leaf > last; }};
    if (action == LayerAction::UnfreezeFrom)
        return {{all.lower_bound(first), all.end()}, [](int) { return true; }};
    return {std::move(all), [selected](int leaf) { return selected.contains(leaf); }};
}

std::function<bool(int)> ofTable(LayerAction action, const LayerTable& table)
{
    const int head = headOf(table);
    const int stage = stageBefore(table, head);
    switch (action) {
    case LayerAction::UnfreezeAll:
        return [](int) { return true; };
    case LayerAction::HeadOnly:
        return [head](int leaf) { return leaf >= head; };
    case LayerAction::LastBlock:
        return
            [&table, head, stage](int leaf) { return leaf >= head || layerAt(table, leaf).stage == stage; };
    case LayerAction::NormsOnly:
        return [&table](int leaf) { return layerAt(table, leaf).isNormalisation; };
    case LayerAction::Invert:
        return [&table](int leaf) { return !trains(table, leaf); };
    default:
        return [](int) { return false; };
    }
}

} // namespace

bool needsSelection(LayerAction action)
{
    return action == LayerAction::FreezeUpTo || action == LayerAction::UnfreezeFrom ||
           action == LayerAction::OnlyThis;
}

std::vector<Change> changesFor(LayerAction action, const LayerTable& table, const std::vector<int>& selection)
{
    if (!needsSelection(action))
        return changesTo(table, {allLeaves(table), ofTable(action, table)});
    const auto selected = leavesOf(table, selection);
    return selected.empty() ? std::vector<Change>() : changesTo(table, ofSelection(action, table, selected));
}

std::vector<Change> toggleTrainable(const LayerTable& table, const std::vector<int>& selection)
{
    const auto leaves = leavesOf(table, selection);
    const bool allTrain = std::ranges::all_of(
        leaves, [&](int leaf) { return !layerAt(table, leaf).hasParameters() || trains(table, leaf); });
    return changeSelected(table, selection, ChangeKind::Trainable, !allTrain);
}

std::vector<Change> changeSelected(const LayerTable& table, const std::vector<int>& selection,
                                   ChangeKind kind, const ChangeValue& value)
{
    std::vector<Change> changes;
    for (const int index : selection)
        changes.push_back({kind, layerAt(table, index).path, value});
    return changesBetween(table, withChanges(table, changes), leavesOf(table, selection));
}

} // namespace frostline
