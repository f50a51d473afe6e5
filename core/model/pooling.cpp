#include "model/pooling.h"

#include <limits>

namespace frostline {

MaxPool2d::MaxPool2d(std::int64_t kernel, std::int64_t stride, std::int64_t padding, Padding mode)
    : Layer("MaxPool2d"),
      m_kernel(kernel),
      m_stride(stride),
      m_padding(padding),
      m_mode(mode)
{
}

torch::Tensor MaxPool2d::compute(const torch::Tensor& x)
{
    if (m_mode == Padding::Given)
        return torch::max_pool2d(x, m_kernel, m_stride, m_padding);
    const auto around = samePadding(x, m_kernel, m_stride);
    // What is added must never be the largest.
    const auto wide = torch::constant_pad_nd(x, around, -std::numeric_limits<double>::infinity());
    return torch::max_pool2d(wide, m_kernel, m_stride);
}

GlobalPool::GlobalPool(Kind kind)
    : Layer(kind == Kind::Average ? "AdaptiveAvgPool2d" : "AdaptiveMaxPool2d"),
      m_pooling(kind)
{
}

torch::Tensor GlobalPool::compute(const torch::Tensor& x)
{
    return m_pooling == Kind::Average ? torch::adaptive_avg_pool2d(x, {1, 1}) : torch::amax(x, {2, 3}, true);
}

} // namespace frostline
