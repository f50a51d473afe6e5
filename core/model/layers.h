#pragma once

#include "model/layer.h"

namespace frostline {

struct Conv2dOptions {
    std::int64_t in;
    std::int64_t out;
    std::int64_t kernel;
    std::int64_t stride = 1;
    std::int64_t padding = 0;
    bool bias = false;
};

/// Parameters `weight` [out, in, k, k] and, where asked for, `bias` [out].
class Conv2d final : public Layer {
public:
    explicit Conv2d(const Conv2dOptions& options);
    /// He et al. 2015, fan out, as torchvision's residual networks start.
    void initialise(torch::Generator& generator) override;

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    Conv2dOptions m_options;
    torch::Tensor m_weight;
    torch::Tensor m_bias;
};

/// Batch normalisation (Ioffe and Szegedy 2015) with PyTorch's momentum 0.1 and epsilon 1e-5.
/// Parameters `weight`, `bias`; buffers `running_mean`, `running_var`, `num_batches_tracked`.
class BatchNorm2d final : public Layer {
public:
    explicit BatchNorm2d(std::int64_t channels);
    void initialise(torch::Generator& generator) override;
    bool isNormalisation() const override { return true; }

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    torch::Tensor m_weight;
    torch::Tensor m_bias;
    torch::Tensor m_mean;
    torch::Tensor m_variance;
    torch::Tensor m_batches;
};

/// Parameters `weight` [out, in] and `bias` [out]; starts as PyTorch's: uniform within 1/sqrt(in).
class Linear final : public Layer {
public:
    Linear(std::int64_t in, std::int64_t out);
    void initialise(torch::Generator& generator) override;

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    torch::Tensor m_weight;
    torch::Tensor m_bias;
};

class Relu final : public Layer {
public:
    Relu() : Layer("ReLU") {}

protected:
    torch::Tensor compute(const torch::Tensor& x) override { return torch::relu(x); }
};

class MaxPool2d final : public Layer {
public:
    MaxPool2d(std::int64_t kernel, std::int64_t stride, std::int64_t padding = 0)
        : Layer("MaxPool2d"),
          m_kernel(kernel),
          m_stride(stride),
          m_padding(padding)
    {
    }

protected:
    torch::Tensor compute(const torch::Tensor& x) override
    {
        return torch::max_pool2d(x, m_kernel, m_stride, m_padding);
    }

private:
    std::int64_t m_kernel;
    std::int64_t m_stride;
    std::int64_t m_padding;
};

/// [N, C, H, W] to [N, C, 1, 1]. The average is the mean over the map, as torchvision's adaptive pooling to
/// 1x1.
class GlobalPool final : public Layer {
public:
    enum class Kind { Average, Max };
    explicit GlobalPool(Kind kind)
        : Layer(kind == Kind::Average ? "AdaptiveAvgPool2d" : "AdaptiveMaxPool2d"),
          m_pooling(kind)
    {
    }

protected:
    torch::Tensor compute(const torch::Tensor& x) override
    {
        return m_pooling == Kind::Average ? torch::adaptive_avg_pool2d(x, {1, 1})
                                          : torch::amax(x, {2, 3}, true);
    }

private:
    Kind m_pooling;
};

class Flatten final : public Layer {
public:
    Flatten() : Layer("Flatten") {}

protected:
    torch::Tensor compute(const torch::Tensor& x) override { return x.flatten(1); }
};

/// Inverted dropout (Srivastava et al. 2014). Its masks come from a generator of its own, seeded for each
/// step, and are drawn on the CPU, so that they are the same on every device.
class Dropout final : public Layer {
public:
    explicit Dropout(double probability);
    bool isDropout() const override { return true; }
    void seed(std::uint64_t seed) { m_generator.set_current_seed(seed); }

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    double m_probability;
    torch::Generator m_generator;
};

/// Children run one after another.
class Sequential final : public Layer {
public:
    explicit Sequential(std::string kind = "Sequential") : Layer(std::move(kind)) {}
    Sequential& add(const std::string& name, LayerPtr layer);
    /// Named by number, as PyTorch's nn.Sequential does.
    Sequential& add(LayerPtr layer) { return add(std::to_string(children().size()), std::move(layer)); }

protected:
    torch::Tensor compute(const torch::Tensor& x) override;
};

} // namespace frostline
