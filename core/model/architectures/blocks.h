#pragma once

#include <optional>

#include "model/activations.h"
#include "model/layers.h"

namespace frostline {

/// Convolution, norm and, where asked for, an activation, numbered as in torchvision's Conv2dNormActivation.
/// Odd kernels keep the size of the map where the stride is 1.
LayerPtr convNormActivation(Conv2dOptions conv, const NormOptions& norm,
                            std::optional<Activation::Kind> activation);

/// One child, to whose output the input is added where both have the same shape (Sandler et al. 2018).
class InvertedResidual final : public Layer {
public:
    InvertedResidual(const std::string& name, std::shared_ptr<Sequential> body, bool addsInput);

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    std::shared_ptr<Sequential> m_body;
    bool m_addsInput;
};

/// Scales each channel by what a small network makes of all channels' means (Hu et al. 2018), with the hard
/// sigmoid of MobileNetV3.
class SqueezeExcitation final : public Layer {
public:
    SqueezeExcitation(std::int64_t channels, std::int64_t squeezed);

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    LayerPtr m_pool;
    LayerPtr m_squeeze;
    LayerPtr m_excite;
    LayerPtr m_activation;
    LayerPtr m_scale;
};

} // namespace frostline
