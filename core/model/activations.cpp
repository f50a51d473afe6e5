#include "model/activations.h"

#include <array>

namespace frostline {

namespace {

struct Known {
    const char* name;
    torch::Tensor (*function)(const torch::Tensor& x);
};

const Known& knownOf(Activation::Kind kind)
{
    static const std::array<Known, 9> all{{
        {"ReLU", [](const torch::Tensor& x) { return torch::relu(x); }},
        {"ReLU6", [](const torch::Tensor& x) { return torch::hardtanh(x, 0.0, 6.0); }},
        {"Hardswish", [](const torch::Tensor& x) { return torch::hardswish(x); }},
        {"Hardsigmoid", [](const torch::Tensor& x) { return torch::hardsigmoid(x); }},
        {"Sigmoid", [](const torch::Tensor& x) { return torch::sigmoid(x); }},
        {"Tanh", [](const torch::Tensor& x) { return torch::tanh(x); }},
        {"LeakyReLU", [](const torch::Tensor& x) { return torch::leaky_relu(x, 0.01); }},
        {"GELU", [](const torch::Tensor& x) { return torch::gelu(x); }},
        {"SiLU", [](const torch::Tensor& x) { return torch::silu(x); }},
    }};
    return all[static_cast<std::size_t>(kind)];
}

} // namespace

Activation::Activation(Kind kind) : Layer(knownOf(kind).name), m_function(knownOf(kind).function) {}

} // namespace frostline
