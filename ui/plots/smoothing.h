#pragma once

#include <span>
#include <vector>

namespace frostline {

/// Exponential moving average freed of its start at zero, as TensorBoard draws it (the correction is that of
/// Kingma and Ba, 2015): the n-th mean is divided by 1 - weight^n.
class Smoother {
public:
    /// 0 smooths nothing, 0.99 most.
    explicit Smoother(double weight = 0.0);

    /// The mean with `value` in it. What is not finite comes back as it is and leaves no trace.
    double next(double value);

private:
    double m_weight;
    double m_mean = 0.0;
    double m_share = 1.0; ///< weight^n: how much of the mean is still the zero it began with.
};

std::vector<double> smoothed(std::span<const double> values, double weight);

} // namespace frostline
