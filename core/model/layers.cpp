#include "model/layers.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>

namespace frostline {

std::array<std::int64_t, 4> samePadding(const torch::Tensor& x, std::int64_t kernel, std::int64_t stride)
{
    const auto missing = [&](std::int64_t size) {
        const auto windows = (size + stride - 1) / stride;
        return std::max<std::int64_t>((windows - 1) * stride + kernel - size, 0);
    };
    const auto across = missing(x.size(3));
    const auto down = missing(x.size(2));
    return {across / 2, across - across / 2, down / 2, down - down / 2};
}

Conv2d::Conv2d(const Conv2dOptions& options)
    : Layer("Conv2d"),
      m_options(options),
      m_weight(
          addParameter("weight", {options.out, options.in / options.groups, options.kernel, options.kernel}))
{
    if (options.bias)
        m_bias = addParameter("bias", {options.out});
}

void Conv2d::initialise(torch::Generator& generator)
{
    const torch::NoGradGuard guard;
    // As PyTorch counts them: the outputs are not divided by the groups.
    const auto channels = m_options.start == Conv2dOptions::Start::FanOut ? m_options.out : m_weight.size(1);
    const auto fan = static_cast<double>(channels * m_options.kernel * m_options.kernel);
    m_weight.normal_(0.0, std::sqrt(2.0 / fan), generator);
    if (m_bias.defined())
        m_bias.zero_();
}

torch::Tensor Conv2d::compute(const torch::Tensor& x)
{
    const auto convolve = [this](const torch::Tensor& input, torch::IntArrayRef padding) {
        return torch::conv2d(input, m_weight, m_bias, m_options.stride, padding, 1, m_options.groups);
    };
    if (m_options.mode == Padding::Given)
        return convolve(x, {m_options.padding, m_options.padding});
    const auto around = samePadding(x, m_options.kernel, m_options.stride);
    if (around[0] == around[1] && around[2] == around[3])
        return convolve(x, {around[2], around[0]});
    return convolve(torch::constant_pad_nd(x, around, 0.0), {0, 0});
}

BatchNorm2d::BatchNorm2d(std::int64_t channels, const NormOptions& options)
    : Layer("BatchNorm2d"),
      m_options(options),
      m_weight(addParameter("weight", {channels})),
      m_bias(addParameter("bias", {channels})),
      m_mean(addBuffer("running_mean", torch::zeros({channels}))),
      m_variance(addBuffer("running_var", torch::ones({channels}))),
      m_batches(addBuffer("num_batches_tracked", torch::zeros({}, torch::kLong)))
{
}

void BatchNorm2d::initialise(torch::Generator& /*generator*/)
{
    const torch::NoGradGuard guard;
    m_weight.fill_(1.0);
    m_bias.zero_();
}

torch::Tensor BatchNorm2d::compute(const torch::Tensor& x)
{
    TORCH_CHECK(
        !isActive() || x.numel() > x.size(1),
        "needs more than one value for each channel to train on; raise batch_size, or freeze its statistics");
    if (isActive())
        m_batches += 1;
    return torch::batch_norm(x, m_weight, m_bias, m_mean, m_variance, isActive(), m_options.momentum,
                             m_options.epsilon, true);
}

Linear::Linear(std::int64_t in, std::int64_t out, Start start)
    : Layer("Linear"),
      m_start(start),
      m_weight(addParameter("weight", {out, in})),
      m_bias(addParameter("bias", {out}))
{
}

void Linear::initialise(torch::Generator& generator)
{
    const torch::NoGradGuard guard;
    if (m_start == Start::Small) {
        m_weight.normal_(0.0, 0.01, generator);
        m_bias.zero_();
        return;
    }
    const double bound = 1.0 / std::sqrt(static_cast<double>(m_weight.size(1)));
    m_weight.uniform_(-bound, bound, generator);
    m_bias.uniform_(-bound, bound, generator);
}

torch::Tensor Linear::compute(const torch::Tensor& x)
{
    return torch::linear(x, m_weight, m_bias);
}

Dropout::Dropout(double probability)
    : Layer("Dropout"),
      m_probability(probability),
      m_generator(at::detail::createCPUGenerator())
{
}

torch::Tensor Dropout::compute(const torch::Tensor& x)
{
    if (!isActive() || m_probability == 0.0)
        return x;
    auto mask = torch::empty(x.sizes(), torch::kFloat).bernoulli_(1.0 - m_probability, m_generator);
    return x * mask.div_(1.0 - m_probability).to(x.device());
}

Sequential& Sequential::add(const std::string& name, LayerPtr layer)
{
    addChild(name, std::move(layer));
    return *this;
}

torch::Tensor Sequential::compute(const torch::Tensor& x)
{
    auto y = x;
    for (const auto& child : children())
        y = child.layer->forward(y);
    return y;
}

} // namespace frostline
