#pragma once

#include <array>

#include "model/layer.h"

namespace frostline {

/// How many values lie around a map before a convolution or a pooling takes its windows.
enum class Padding {
    Given, ///< The same number on all sides.
    Same,  ///< As TensorFlow's SAME: the output is the input's size by the stride, rounded up, and where the
           ///< number is odd, the odd one is below and on the right.
};

/// What to put around [N, C, H, W] for Padding::Same, in the order that torch::constant_pad_nd takes.
std::array<std::int64_t, 4> samePadding(const torch::Tensor& x, std::int64_t kernel, std::int64_t stride);

struct Conv2dOptions {
    /// He et al. 2015, by the number of outputs as torchvision's networks start, or of inputs.
    enum class Start { FanOut, FanIn };

    std::int64_t in;
    std::int64_t out;
    std::int64_t kernel;
    std::int64_t stride = 1;
    std::int64_t padding = 0;
    bool bias = false;
    std::int64_t groups = 1; ///< As many as channels: a depthwise convolution.
    Padding mode = Padding::Given;
    Start start = Start::FanOut;
};

/// Parameters `weight` [out, in / groups, k, k] and, where asked for, `bias` [out].
class Conv2d final : public Layer {
public:
    explicit Conv2d(const Conv2dOptions& options);
    void initialise(torch::Generator& generator) override;

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    Conv2dOptions m_options;
    torch::Tensor m_weight;
    torch::Tensor m_bias;
};

/// PyTorch's defaults. Momentum is the share of the newest batch: 0.01 is what Keras calls 0.99.
struct NormOptions {
    double epsilon = 1e-5;
    double momentum = 0.1;
};

/// Batch normalisation (Ioffe and Szegedy 2015).
/// Parameters `weight`, `bias`; buffers `running_mean`, `running_var`, `num_batches_tracked`.
class BatchNorm2d final : public Layer {
public:
    explicit BatchNorm2d(std::int64_t channels, const NormOptions& options = {});
    void initialise(torch::Generator& generator) override;
    bool isNormalisation() const override { return true; }

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    NormOptions m_options;
    torch::Tensor m_weight;
    torch::Tensor m_bias;
    torch::Tensor m_mean;
    torch::Tensor m_variance;
    torch::Tensor m_batches;
};

/// Parameters `weight` [out, in], `bias` [out].
class Linear final : public Layer {
public:
    enum class Start {
        Uniform, ///< Within 1/sqrt(in), as PyTorch's.
        Small,   ///< Normal with deviation 0.01, as in the classifiers of torchvision's VGG and MobileNet.
    };
    Linear(std::int64_t in, std::int64_t out, Start start = Start::Uniform);
    void initialise(torch::Generator& generator) override;

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    Start m_start;
    torch::Tensor m_weight;
    torch::Tensor m_bias;
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
    void seed(std::uint64_t seed) override { m_generator.set_current_seed(seed); }

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
