#pragma once

#include <string_view>

#include "base/error.h"

namespace frostline {

enum class OptimizerKind { Sgd, Adam, AdamW };

struct OptimizerRecipe {
    OptimizerKind kind = OptimizerKind::Adam;
    double learningRate = 1e-3; ///< Base rate: the schedule and a layer's multiplier come on top.
    double weightDecay = 0.0;
    double momentum = 0.0; ///< sgd
    bool nesterov = false; ///< sgd
    double beta1 = 0.9;    ///< adam, adamw
    double beta2 = 0.999;  ///< adam, adamw
    double epsilon = 1e-8; ///< adam, adamw
    double clipNorm = 0.0; ///< Largest global gradient norm; 0 does not clip.

    bool operator==(const OptimizerRecipe&) const = default;
};

std::string_view nameOf(OptimizerKind kind);
Result<OptimizerKind> optimizerKindOf(std::string_view name);

} // namespace frostline
