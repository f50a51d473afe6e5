#include "model/layers.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

namespace frostline {

Conv2d::Conv2d(const Conv2dOptions& options)
    : Layer("Conv2d"),
      m_options(options),
      m_weight(addParameter("weight", {options.out, options.in, options.kernel, options.kernel}))
{
    if (options.bias)
        m_bias = addParameter("bias", {options.out});
}

void Conv2d::initialise(torch::Generator& generator)
{
    const torch::NoGradGuard guard;
    const auto fanOut = static_cast<double>(m_options.out * m_options.kernel * m_options.kernel);
    m_weight.normal_(0.0, std::sqrt(2.0 / fanOut), generator);
    if (m_bias.defined())
        m_bias.zero_();
}

torch::Tensor Conv2d::compute(const torch::Tensor& x)
{
    return torch::conv2d(x, m_weight, m_bias, m_options.stride, m_options.padding);
}

BatchNorm2d::BatchNorm2d(std::int64_t channels)
    : Layer("BatchNorm2d"),
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
    constexpr double kMomentum = 0.1;
    constexpr double kEpsilon = 1e-5;
    TORCH_CHECK(
        !isActive() || x.numel() > x.size(1),
        "needs more than one value for each channel to train on; raise batch_size, or freeze its statistics");
    if (isActive())
        m_batches += 1;
    return torch::batch_norm(x, m_weight, m_bias, m_mean, m_variance, isActive(), kMomentum, kEpsilon, true);
}

Linear::Linear(std::int64_t in, std::int64_t out)
    : Layer("Linear"),
      m_weight(addParameter("weight", {out, in})),
      m_bias(addParameter("bias", {out}))
{
}

void Linear::initialise(torch::Generator& generator)
{
    const torch::NoGradGuard guard;
    const double bound = 1.0 / std::sqrt(static_cast<double>(m_weight.size(1)));
    m_weight.uniform_(-bound, bound, generator);
    m_bias.uniform_(-bound, bound, generator);
}

torch::Tensor Linear::compute(const torch::Tensor& x)
{
    return torch::linear(x, m_weight, m_bias);
}

MaxPool2d::MaxPool2d(std::int64_t kernel, std::int64_t stride, std::int64_t padding)
    : Layer("MaxPool2d"),
      m_kernel(kernel),
      m_stride(stride),
      m_padding(padding)
{
}

GlobalPool::GlobalPool(Kind kind)
    : Layer(kind == Kind::Average ? "AdaptiveAvgPool2d" : "AdaptiveMaxPool2d"),
      m_pooling(kind)
{
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
