#pragma once

#include <cstdint>

namespace frostline {

/// Slices of one parameter's tensors, all `count` long. `mask` may be null; where it is 0 the weight and its
/// moments are held at zero, whatever gradient, decay or momentum say.
struct UpdateSlice {
    float* weight;
    float* before; ///< Gets the weights as they were.
    const float* gradient;
    float* first;  ///< Momentum buffer, or first moment; null for SGD without momentum.
    float* second; ///< Second moment; null for SGD.
    const std::uint8_t* mask;
    std::int64_t count;
};

struct SgdFactors {
    float rate;
    float weightDecay;
    float momentum;
    bool nesterov;
};

struct AdamFactors {
    float stepSize;       ///< rate / (1 - beta1^t)
    float rootCorrection; ///< 1 / sqrt(1 - beta2^t)
    float beta1;
    float beta2;
    float epsilon;
    float decay;     ///< Added to the gradient: Adam's weight decay.
    float shrinkage; ///< Multiplies the weight: AdamW's decoupled decay, 1 for Adam.
};

/// Stochastic gradient descent with momentum as PyTorch defines it (Sutskever et al. 2013).
void sgdUpdate(const UpdateSlice& slice, const SgdFactors& factors);

/// Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019).
void adamUpdate(const UpdateSlice& slice, const AdamFactors& factors);

/// Sum of squares in double precision; not finite where any value is not.
double squaredSum(const float* values, std::int64_t count);

} // namespace frostline
