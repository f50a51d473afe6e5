#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/layer_info.h"
#include "model/network.h"
#include "training/recipe.h"

namespace frostline {

/// Magnitude pruning: the smallest weights are hidden behind masks, and come back when the target is lowered.
/// Biases and norms are never masked. Raising a target only hides more, lowering it only restores.
class Pruner {
public:
    Pruner(const Network& network, const LayerTable& table);

    /// Brings every layer that may be pruned to its target. With the global scope, layers that share a target
    /// share one ranking. A frozen layer keeps the mask it has unless `frozenToo`.
    void apply(const LayerTable& table, PruningScope scope, bool frozenToo);

    /// Mask of a row of the table as bytes, 0 where a weight is hidden; undefined where nothing is.
    torch::Tensor maskOf(std::size_t row) const;
    double sparsityOf(std::size_t row) const; ///< Hidden fraction, 0..1.
    double sparsity() const;                  ///< Over all prunable weights.

    /// The mask of one layer that can be pruned.
    struct Mask {
        std::size_t row = 0;
        torch::Tensor weight;
        torch::Tensor hides;  ///< Bool, as the weight; undefined while nothing is hidden.
        torch::Tensor hidden; ///< Values that the mask hides, zero elsewhere.
    };
    std::vector<Mask> masks() const;
    /// Goes on from earlier masks, given in the order of masks(). The weights are not touched.
    void setMasks(const std::vector<Mask>& masks);

private:
    struct Entry {
        std::size_t row = 0;
        torch::Tensor weight;
        torch::Tensor hides;  ///< Bool, as the weight; undefined while nothing is hidden.
        torch::Tensor hidden; ///< Values that the mask hides, zero elsewhere.
        std::int64_t count = 0;
    };

    static void bringTo(std::span<Entry* const> group, std::int64_t target);
    static void hideSmallest(std::span<Entry* const> group, std::int64_t count);
    static void restoreLargest(std::span<Entry* const> group, std::int64_t count);
    const Entry* find(std::size_t row) const;

    std::vector<Entry> m_entries;
};

} // namespace frostline
