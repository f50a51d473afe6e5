#pragma once

#include "model/layers.h"

namespace frostline {

class MaxPool2d final : public Layer {
public:
    MaxPool2d(std::int64_t kernel, std::int64_t stride, std::int64_t padding = 0,
              Padding mode = Padding::Given);

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    std::int64_t m_kernel;
    std::int64_t m_stride;
    std::int64_t m_padding;
    Padding m_mode;
};

/// [N, C, H, W] to [N, C, 1, 1]. The average is the mean over the map, as torchvision's adaptive pooling to
/// 1x1.
class GlobalPool final : public Layer {
public:
    enum class Kind { Average, Max };
    explicit GlobalPool(Kind kind);

protected:
    torch::Tensor compute(const torch::Tensor& x) override;

private:
    Kind m_pooling;
};

/// [N, C, H, W] to [N, C, side, side], whatever the size of the map.
class AdaptiveAvgPool2d final : public Layer {
public:
    explicit AdaptiveAvgPool2d(std::int64_t side) : Layer("AdaptiveAvgPool2d"), m_side(side) {}

protected:
    torch::Tensor compute(const torch::Tensor& x) override
    {
        return torch::adaptive_avg_pool2d(x, {m_side, m_side});
    }

private:
    std::int64_t m_side;
};

/// [N, C, H, W] to [N, C, 2 H, 2 W]: each value four times.
class Upsample final : public Layer {
public:
    Upsample() : Layer("Upsample") {}

protected:
    torch::Tensor compute(const torch::Tensor& x) override
    {
        return torch::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)});
    }
};

} // namespace frostline
