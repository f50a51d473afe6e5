#pragma once

#include <cstdint>
#include <vector>

#include "model/layer_info.h"

namespace frostline {

/// What a node of the layer tree comes to, worked out from the leaves at or under it.
struct LayerSummary {
    std::int64_t parameters = 0;      ///< Learnable values.
    std::int64_t trainable = 0;       ///< Learnable values that train.
    std::int64_t statisticValues = 0; ///< Running statistics.
    std::int64_t prunable = 0;
    double masked = 0.0; ///< Prunable weights that are masked.
    int parameterLeaves = 0;
    int frozenLeaves = 0; ///< Of those with parameters.
    int normLeaves = 0;
    int parameterTensors = 0;
    int trainableTensors = 0;
    int statisticTensors = 0;
    double lowestRate = 1.0;
    double highestRate = 1.0;
    double lowestTarget = 0.0; ///< Sparsity targets, fractions 0..1.
    double highestTarget = 0.0;
    double gradientNorm = 0.0; ///< Of all gradients in it together.
    double weightNorm = 0.0;   ///< Of all parameters in it together; 0 while unknown.
    double largestDrift = 0.0; ///< No drift in it is greater, so the whole's own is not either.

    bool operator==(const LayerSummary&) const = default;

    bool hasParameters() const { return parameterLeaves > 0; }
    bool isFrozen() const { return parameterLeaves > 0 && frozenLeaves == parameterLeaves; }
    double sparsity() const; ///< Measured, 0..1.
    double ratio() const;    ///< Of the gradient's norm to that of the weights; 0 where there is none.
};

/// One summary for each row of the table.
std::vector<LayerSummary> summarise(const LayerTable& table);

/// Whether both tables list the same layers; their settings and measures may differ.
bool sameStructure(const LayerTable& left, const LayerTable& right);

} // namespace frostline
