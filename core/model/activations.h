#pragma once

#include "model/layer.h"

namespace frostline {

/// A function of each value alone. Has no parameters; its kind is PyTorch's name for it.
class Activation final : public Layer {
public:
    enum class Kind { Relu, Relu6, Hardswish, Hardsigmoid, Sigmoid, Tanh, LeakyRelu, Gelu, Silu };
    explicit Activation(Kind kind);

protected:
    torch::Tensor compute(const torch::Tensor& x) override { return m_function(x); }

private:
    torch::Tensor (*m_function)(const torch::Tensor& x);
};

} // namespace frostline
