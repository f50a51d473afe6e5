#include "plots/smoothing.h"

#include <algorithm>
#include <cmath>

namespace frostline {

Smoother::Smoother(double weight) : m_weight(std::clamp(weight, 0.0, 0.99)) {}

double Smoother::next(double value)
{
    if (!std::isfinite(value))
        return value;
    m_mean = m_weight * m_mean + (1.0 - m_weight) * value;
    m_share *= m_weight;
    return m_mean / (1.0 - m_share);
}

std::vector<double> smoothed(std::span<const double> values, double weight)
{
    Smoother smoother(weight);
    std::vector<double> result;
    result.reserve(values.size());
    for (const double value : values)
        result.push_back(smoother.next(value));
    return result;
}

} // namespace frostline
