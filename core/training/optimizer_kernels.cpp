// One pass over memory for each step. Torch-free, so that the compiler's flags for it are our own.

#include "training/optimizer_kernels.h"

#include <cmath>

namespace frostline {

namespace {

template <bool hasMask>
void adamLoop(const UpdateSlice& slice, const AdamFactors& factors)
{
    const AdamFactors f = factors;
    float* __restrict weight = slice.weight;
    float* __restrict before = slice.before;
    float* __restrict first = slice.first;
    float* __restrict second = slice.second;
    const float* __restrict gradient = slice.gradient;
    for (std::int64_t i = 0; i < slice.count; ++i) {
        before[i] = weight[i];
        const float g = gradient[i] + f.decay * weight[i];
        const float m = f.beta1 * first[i] + (1.0F - f.beta1) * g;
        const float v = f.beta2 * second[i] + (1.0F - f.beta2) * g * g;
        const float w =
            weight[i] * f.shrinkage - f.stepSize * m / (std::sqrt(v) * f.rootCorrection + f.epsilon);
        const bool kept = !hasMask || slice.mask[i] != 0;
        first[i] = kept ? m : 0.0F;
        second[i] = kept ? v : 0.0F;
        weight[i] = kept ? w : 0.0F;
    }
}

template <bool hasMask>
void plainSgdLoop(const UpdateSlice& slice, const SgdFactors& f)
{
    for (std::int64_t i = 0; i < slice.count; ++i) {
        slice.before[i] = slice.weight[i];
        const float g = slice.gradient[i] + f.weightDecay * slice.weight[i];
        const bool kept = !hasMask || slice.mask[i] != 0;
        slice.weight[i] = kept ? slice.weight[i] - f.rate * g : 0.0F;
    }
}

template <bool hasMask>
void momentumLoop(const UpdateSlice& slice, const SgdFactors& factors)
{
    const SgdFactors f = factors;
    float* __restrict weight = slice.weight;
    float* __restrict before = slice.before;
    float* __restrict buffer = slice.first;
    const float* __restrict gradient = slice.gradient;
    for (std::int64_t i = 0; i < slice.count; ++i) {
        before[i] = weight[i];
        const float g = gradient[i] + f.weightDecay * weight[i];
        const float m = f.momentum * buffer[i] + g;
        const float w = weight[i] - f.rate * (f.nesterov ? g + f.momentum * m : m);
        const bool kept = !hasMask || slice.mask[i] != 0;
        buffer[i] = kept ? m : 0.0F;
        weight[i] = kept ? w : 0.0F;
    }
}

} // namespace

void sgdUpdate(const UpdateSlice& slice, const SgdFactors& factors)
{
    const bool momentum = slice.first != nullptr;
    if (slice.mask)
        momentum ? momentumLoop<true>(slice, factors) : plainSgdLoop<true>(slice, factors);
    else
        momentum ? momentumLoop<false>(slice, factors) : plainSgdLoop<false>(slice, factors);
}

void adamUpdate(const UpdateSlice& slice, const AdamFactors& factors)
{
    slice.mask ? adamLoop<true>(slice, factors) : adamLoop<false>(slice, factors);
}

double squaredSum(const float* values, std::int64_t count)
{
    constexpr std::int64_t kLanes = 8; // Independent sums, so that the loop vectorises in a fixed order.
    double lanes[kLanes] = {};
    std::int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        for (std::int64_t lane = 0; lane < kLanes; ++lane) {
            const double value = values[i + lane];
            lanes[lane] += value * value;
        }
    }
    double sum = 0.0;
    for (; i < count; ++i)
        sum += static_cast<double>(values[i]) * values[i];
    for (const double lane : lanes)
        sum += lane;
    return sum;
}

} // namespace frostline
