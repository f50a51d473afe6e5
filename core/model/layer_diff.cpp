#include "model/layer_diff.h"

#include <algorithm>
#include <span>

#include "model/layer_changes.h"

namespace frostline {

namespace {

bool concerns(ChangeKind kind, const LayerInfo& leaf)
{
    switch (kind) {
    case ChangeKind::Statistics:
        return leaf.isNormalisation;
    case ChangeKind::Sparsity:
        return leaf.prunable > 0;
    default:
        return leaf.hasParameters();
    }
}

ChangeValue valueOf(ChangeKind kind, const LayerSettings& settings)
{
    switch (kind) {
    case ChangeKind::Statistics:
        return std::string(nameOf(settings.statistics));
    case ChangeKind::Sparsity:
        return settings.sparsityTarget;
    case ChangeKind::RateMultiplier:
        return settings.rateMultiplier;
    default:
        return settings.trainable;
    }
}

/// Names whole containers where it can, and goes into them where it must.
class Cover {
public:
    Cover(ChangeKind kind, const LayerTable& before, const LayerTable& after, const std::set<int>& decided)
        : m_kind(kind),
          m_before(before),
          m_after(after),
          m_decided(decided)
    {
    }

    std::vector<Change> changes()
    {
        std::vector<int> everything;
        for (int i = 0; i < size(); ++i)
            everything.push_back(i);
        if (!covered("*", everything))
            descend(-1);
        return std::move(m_changes);
    }

private:
    int size() const { return static_cast<int>(m_after.size()); }
    ChangeValue wanted(int leaf) const { return valueOf(m_kind, layerAt(m_after, leaf).settings); }

    /// Whether nothing is left to do under `target`.
    bool covered(const std::string& target, std::vector<int> leaves)
    {
        std::erase_if(leaves, [this](int leaf) {
            return !layerAt(m_after, leaf).isLeaf || !concerns(m_kind, layerAt(m_after, leaf));
        });
        const auto asBefore = [this](int leaf) {
            return valueOf(m_kind, layerAt(m_before, leaf).settings) == wanted(leaf);
        };
        if (std::ranges::all_of(leaves, asBefore))
            return true;
        const auto value = wanted(leaves.front());
        const auto decidedAlike = [&](int leaf) { return m_decided.contains(leaf) && wanted(leaf) == value; };
        if (!std::ranges::all_of(leaves, decidedAlike))
            return false;
        m_changes.push_back({m_kind, target, value});
        return true;
    }

    void descend(int parent)
    {
        for (int i = parent + 1; i < size(); ++i) {
            if (layerAt(m_after, i).parent == parent &&
                !covered(layerAt(m_after, i).path, leavesUnder(m_after, i)))
                descend(i);
        }
    }

    ChangeKind m_kind;
    const LayerTable& m_before;
    const LayerTable& m_after;
    const std::set<int>& m_decided;
    std::vector<Change> m_changes;
};

} // namespace

std::vector<Change> changesBetween(const LayerTable& before, const LayerTable& after,
                                   const std::set<int>& decided)
{
    std::vector<Change> all;
    for (const auto kind :
         {ChangeKind::Trainable, ChangeKind::Statistics, ChangeKind::RateMultiplier, ChangeKind::Sparsity}) {
        auto changes = Cover(kind, before, after, decided).changes();
        // Not std::ranges': clang 14, which the fuzzers need, cannot read g++ 12's subranges.
        std::stable_partition(changes.begin(), changes.end(),
                              [](const Change& change) { return change.value == ChangeValue(true); });
        std::ranges::move(changes, std::back_inserter(all));
    }
    return all;
}

std::vector<Change> inverseOf(const LayerTable& before, const std::vector<Change>& changes)
{
    LayerTable after = before;
    std::set<int> touched;
    for (const auto& change : changes) {
        if (const auto leaves = applyChange(after, change))
            touched.insert(leaves->begin(), leaves->end());
    }
    return changesBetween(after, before, touched);
}

LayerTable withChanges(LayerTable table, const std::vector<Change>& changes)
{
    for (const auto& change : changes)
        static_cast<void>(applyChange(table, change));
    return table;
}

} // namespace frostline
