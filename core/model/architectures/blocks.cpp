#include "model/architectures/blocks.h"

#include "model/pooling.h"

namespace frostline {

LayerPtr convNormActivation(Conv2dOptions conv, const NormOptions& norm,
                            std::optional<Activation::Kind> activation)
{
    conv.padding = (conv.kernel - 1) / 2;
    auto block = std::make_shared<Sequential>("Conv2dNormActivation");
    block->add(std::make_shared<Conv2d>(conv)).add(std::make_shared<BatchNorm2d>(conv.out, norm));
    if (activation)
        block->add(std::make_shared<Activation>(*activation));
    return block;
}

InvertedResidual::InvertedResidual(const std::string& name, std::shared_ptr<Sequential> body, bool addsInput)
    : Layer("InvertedResidual"),
      m_body(addChild(name, std::move(body))),
      m_addsInput(addsInput)
{
}

torch::Tensor InvertedResidual::compute(const torch::Tensor& x)
{
    const auto y = m_body->forward(x);
    return m_addsInput ? x + y : y;
}

SqueezeExcitation::SqueezeExcitation(std::int64_t channels, std::int64_t squeezed)
    : Layer("SqueezeExcitation"),
      m_pool(addChild<Layer>("avgpool", std::make_shared<GlobalPool>(GlobalPool::Kind::Average))),
      m_squeeze(
          addChild<Layer>("fc1", std::make_shared<Conv2d>(Conv2dOptions{channels, squeezed, 1, 1, 0, true}))),
      m_excite(
          addChild<Layer>("fc2", std::make_shared<Conv2d>(Conv2dOptions{squeezed, channels, 1, 1, 0, true}))),
      m_activation(addChild<Layer>("activation", std::make_shared<Activation>(Activation::Kind::Relu))),
      m_scale(
          addChild<Layer>("scale_activation", std::make_shared<Activation>(Activation::Kind::Hardsigmoid)))
{
}

torch::Tensor SqueezeExcitation::compute(const torch::Tensor& x)
{
    const auto squeezed = m_activation->forward(m_squeeze->forward(m_pool->forward(x)));
    return m_scale->forward(m_excite->forward(squeezed)) * x;
}

} // namespace frostline
