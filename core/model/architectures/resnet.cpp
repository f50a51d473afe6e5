// Residual networks (He et al. 2015) with torchvision's names.

#include <array>

#include "model/activations.h"
#include "model/architectures/architecture.h"
#include "model/layers.h"
#include "model/pooling.h"

namespace frostline {

namespace {

/// Two 3x3 convolutions and a shortcut; [N, in, H, W] to [N, out, H/stride, W/stride].
class BasicBlock final : public Layer {
public:
    BasicBlock(std::int64_t in, std::int64_t out, std::int64_t stride)
        : Layer("BasicBlock"),
          m_conv1(addChild("conv1", std::make_shared<Conv2d>(Conv2dOptions{in, out, 3, stride, 1}))),
          m_bn1(addChild("bn1", std::make_shared<BatchNorm2d>(out))),
          m_relu(addChild("relu", std::make_shared<Activation>(Activation::Kind::Relu))),
          m_conv2(addChild("conv2", std::make_shared<Conv2d>(Conv2dOptions{out, out, 3, 1, 1}))),
          m_bn2(addChild("bn2", std::make_shared<BatchNorm2d>(out)))
    {
        if (stride == 1 && in == out)
            return;
        m_downsample = addChild("downsample", std::make_shared<Sequential>());
        m_downsample->add(std::make_shared<Conv2d>(Conv2dOptions{in, out, 1, stride, 0}));
        m_downsample->add(std::make_shared<BatchNorm2d>(out));
    }

protected:
    torch::Tensor compute(const torch::Tensor& x) override
    {
        auto y = m_relu->forward(m_bn1->forward(m_conv1->forward(x)));
        y = m_bn2->forward(m_conv2->forward(y));
        return m_relu->forward(y + (m_downsample ? m_downsample->forward(x) : x));
    }

private:
    std::shared_ptr<Conv2d> m_conv1;
    std::shared_ptr<BatchNorm2d> m_bn1;
    std::shared_ptr<Activation> m_relu;
    std::shared_ptr<Conv2d> m_conv2;
    std::shared_ptr<BatchNorm2d> m_bn2;
    std::shared_ptr<Sequential> m_downsample;
};

/// 1x1, 3x3 and 1x1 convolutions, the last to four times the width; the stride is the middle one's, as
/// torchvision's (v1.5).
class Bottleneck final : public Layer {
public:
    static constexpr std::int64_t kExpansion = 4;

    Bottleneck(std::int64_t in, std::int64_t width, std::int64_t stride)
        : Layer("Bottleneck"),
          m_conv1(addChild("conv1", std::make_shared<Conv2d>(Conv2dOptions{in, width, 1, 1, 0}))),
          m_bn1(addChild("bn1", std::make_shared<BatchNorm2d>(width))),
          m_conv2(addChild("conv2", std::make_shared<Conv2d>(Conv2dOptions{width, width, 3, stride, 1}))),
          m_bn2(addChild("bn2", std::make_shared<BatchNorm2d>(width))),
          m_conv3(
              addChild("conv3", std::make_shared<Conv2d>(Conv2dOptions{width, width * kExpansion, 1, 1, 0}))),
          m_bn3(addChild("bn3", std::make_shared<BatchNorm2d>(width * kExpansion))),
          m_relu(addChild("relu", std::make_shared<Activation>(Activation::Kind::Relu)))
    {
        if (stride == 1 && in == width * kExpansion)
            return;
        m_downsample = addChild("downsample", std::make_shared<Sequential>());
        m_downsample->add(std::make_shared<Conv2d>(Conv2dOptions{in, width * kExpansion, 1, stride, 0}));
        m_downsample->add(std::make_shared<BatchNorm2d>(width * kExpansion));
    }

protected:
    torch::Tensor compute(const torch::Tensor& x) override
    {
        auto y = m_relu->forward(m_bn1->forward(m_conv1->forward(x)));
        y = m_relu->forward(m_bn2->forward(m_conv2->forward(y)));
        y = m_bn3->forward(m_conv3->forward(y));
        return m_relu->forward(y + (m_downsample ? m_downsample->forward(x) : x));
    }

private:
    std::shared_ptr<Conv2d> m_conv1;
    std::shared_ptr<BatchNorm2d> m_bn1;
    std::shared_ptr<Conv2d> m_conv2;
    std::shared_ptr<BatchNorm2d> m_bn2;
    std::shared_ptr<Conv2d> m_conv3;
    std::shared_ptr<BatchNorm2d> m_bn3;
    std::shared_ptr<Activation> m_relu;
    std::shared_ptr<Sequential> m_downsample;
};

/// ImageNet's stem halves twice; the one for small images is a 3x3 convolution that keeps the size.
void addStem(Base& base, std::int64_t channels, bool small)
{
    const Conv2dOptions conv =
        small ? Conv2dOptions{channels, 64, 3, 1, 1} : Conv2dOptions{channels, 64, 7, 2, 3};
    base.stages.push_back({"conv1", std::make_shared<Conv2d>(conv)});
    base.stages.push_back({"bn1", std::make_shared<BatchNorm2d>(64)});
    base.stages.push_back({"relu", std::make_shared<Activation>(Activation::Kind::Relu)});
    if (!small)
        base.stages.push_back({"maxpool", std::make_shared<MaxPool2d>(3, 2, 1)});
}

using Blocks = std::array<std::int64_t, 4>;

/// Four groups of blocks; the first block of each but the first halves the map.
template <class Block>
Base resnet(const ModelOptions& options, const InputShape& input, const Blocks& blocks,
            std::int64_t expansion)
{
    Base base;
    base.headName = "fc";
    addStem(base, input.channels, options.stem.value_or("imagenet") == "small");
    base.features = 64;
    for (std::size_t group = 0; group < blocks.size(); ++group) {
        const std::int64_t width = std::int64_t{64} << group;
        for (std::int64_t block = 0; block < blocks[group]; ++block) {
            const std::int64_t stride = group > 0 && block == 0 ? 2 : 1;
            base.stages.push_back({"layer" + std::to_string(group + 1) + "." + std::to_string(block),
                                   std::make_shared<Block>(base.features, width, stride)});
            base.features = width * expansion;
        }
    }
    poolByAverage(base);
    return base;
}

template <class Block>
Architecture architectureOf(const char* name, const Blocks& blocks, std::int64_t expansion)
{
    return {name, {"stem"}, 1, [=](const ModelOptions& options, const InputShape& input) {
                return resnet<Block>(options, input, blocks, expansion);
            }};
}

} // namespace

Family resnets()
{
    return {
        architectureOf<BasicBlock>("resnet18", {2, 2, 2, 2}, 1),
        architectureOf<BasicBlock>("resnet34", {3, 4, 6, 3}, 1),
        architectureOf<Bottleneck>("resnet50", {3, 4, 6, 3}, Bottleneck::kExpansion),
        architectureOf<Bottleneck>("resnet101", {3, 4, 23, 3}, Bottleneck::kExpansion),
    };
}

} // namespace frostline
