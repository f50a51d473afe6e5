#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace frostline {

/// What a normalisation layer does with its running statistics while training.
enum class Statistics {
    Follow,   ///< Updated while the layer is trainable, frozen with it otherwise.
    Frozen,   ///< Stored statistics are used and never updated.
    Updating, ///< Always updated, as PyTorch's bare `requires_grad = false` would.
};

std::string_view nameOf(Statistics statistics);
std::optional<Statistics> statisticsOf(std::string_view name);

/// What a user decides about one layer.
struct LayerSettings {
    bool trainable = true;
    Statistics statistics = Statistics::Follow;
    double rateMultiplier = 1.0;
    double sparsityTarget = 0.0; ///< Fraction 0..1 of the prunable weights.

    bool operator==(const LayerSettings&) const = default;
};

/// One node of the layer tree. Torch-free; a snapshot, safe to hand between threads.
struct LayerInfo {
    std::string path; ///< As PyTorch writes it: `layer3.0.conv1`.
    std::string name; ///< Last part of the path.
    std::string kind; ///< `Conv2d`, `BatchNorm2d`, `BasicBlock`, ...
    int parent = -1;  ///< Index in the table; -1 for a top-level layer.
    int stage = 0;    ///< Index of the stage that the layer lies in; for a container its first.
    bool isLeaf = true;
    bool isNormalisation = false;
    std::vector<std::int64_t> outputShape; ///< Without the batch dimension; empty while unknown.
    std::int64_t parameters = 0;           ///< Learnable values: weights, biases, scales, shifts.
    std::int64_t statisticValues = 0;      ///< Running means and variances.
    std::int64_t prunable = 0;             ///< Weights that a mask may hide: no biases, no norms.
    int parameterTensors = 0;              ///< Learnable tensors (Keras counts lists: dense 2, norm 2).
    int statisticTensors = 0;              ///< Statistics tensors (norm 2).
    LayerSettings settings;                ///< Meaningful on leaves; containers derive theirs.
    bool statisticsUpdating = false;       ///< What the settings come to while training.
    double drift = 0.0;        ///< |w - w0| / |w0|, statistics included; exactly 0 if no byte moved.
    double gradientNorm = 0.0; ///< Of the last step's gradient; 0 where there is none.
    double weightNorm = 0.0;   ///< Of the parameters, when that gradient was measured; 0 while unknown.
    double sparsity = 0.0;     ///< Measured fraction of prunable weights that are masked.

    bool hasParameters() const { return parameters > 0; }
};

/// Layers in pre-order: a parent stands before its children.
using LayerTable = std::vector<LayerInfo>;

inline const LayerInfo& layerAt(const LayerTable& table, int index)
{
    return table[static_cast<std::size_t>(index)];
}

struct LayerTotals {
    std::int64_t parameters = 0; ///< Learnable values.
    std::int64_t trainable = 0;  ///< Learnable values that train.
    std::int64_t frozen = 0;     ///< Learnable values that do not.
    std::int64_t statistics = 0; ///< Running statistics; Keras counts them as non-trainable.
    std::int64_t prunable = 0;
    std::int64_t prunableTrainable = 0; ///< Of these, in layers that train.
    std::int64_t masked = 0;

    double trainableFraction() const;
    double sparsity() const; ///< Masked share of the prunable weights, 0..1.
};

LayerTotals totalsOf(const LayerTable& table);

/// Leaves at or under table[index], itself included.
std::vector<int> leavesUnder(const LayerTable& table, int index);

/// Indices of the leaves that a pattern selects: a glob, which selects all in a container that it matches, or
/// `last N layers` (that have parameters), or `last N stages` (blocks; the last one is the head).
std::vector<int> matchLeaves(const LayerTable& table, std::string_view pattern);

/// Shell glob over a whole path; `*` crosses dots, so `layer4.*` matches `layer4.0.conv1`.
bool globMatches(std::string_view pattern, std::string_view path);

} // namespace frostline
