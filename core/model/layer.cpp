#include "model/layer.h"

#include <stdexcept>

namespace frostline {

torch::Tensor Layer::forward(const torch::Tensor& x)
{
    try {
        auto y = compute(x);
        m_outputShape.assign(y.sizes().begin() + 1, y.sizes().end());
        return y;
    } catch (const c10::Error& error) {
        throw std::runtime_error("layer " + m_path + ": " + error.what_without_backtrace());
    }
}

torch::Tensor Layer::addParameter(const std::string& name, torch::IntArrayRef shape)
{
    return addParameter(name, torch::zeros(shape).set_requires_grad(true));
}

torch::Tensor Layer::addParameter(const std::string& name, torch::Tensor tensor)
{
    m_parameters.push_back({name, tensor});
    return tensor;
}

torch::Tensor Layer::addBuffer(const std::string& name, torch::Tensor value)
{
    m_buffers.push_back({name, value});
    return value;
}

} // namespace frostline
