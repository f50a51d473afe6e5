// MobileNetV2 (Sandler et al. 2018) with torchvision's names: `features.N` are stages of their own.

#include "model/architectures/architecture.h"
#include "model/architectures/blocks.h"

namespace frostline {

namespace {

constexpr std::int64_t kFirst = 32;
constexpr std::int64_t kLast = 1280;

/// Blocks that follow one another; the stride is the first one's.
struct Group {
    std::int64_t expansion;
    std::int64_t out;
    int blocks;
    std::int64_t stride;
};

constexpr Group kGroups[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                             {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};

LayerPtr convBlock(const Conv2dOptions& conv)
{
    return convNormActivation(conv, {}, Activation::Kind::Relu6);
}

LayerPtr residual(std::int64_t in, std::int64_t out, std::int64_t stride, std::int64_t expansion)
{
    const auto wide = in * expansion;
    auto body = std::make_shared<Sequential>();
    if (expansion != 1)
        body->add(convBlock({.in = in, .out = wide, .kernel = 1}));
    body->add(convBlock({.in = wide, .out = wide, .kernel = 3, .stride = stride, .groups = wide}));
    body->add(std::make_shared<Conv2d>(Conv2dOptions{wide, out, 1}));
    body->add(std::make_shared<BatchNorm2d>(out));
    return std::make_shared<InvertedResidual>("conv", std::move(body), stride == 1 && in == out);
}

LayerPtr classifier(std::int64_t outputs)
{
    auto layers = std::make_shared<Sequential>();
    layers->add(std::make_shared<Dropout>(0.2));
    layers->add(std::make_shared<Linear>(kLast, outputs, Linear::Start::Small));
    return layers;
}

Result<Base> mobilenetV2(const ModelOptions& /*options*/, const InputShape& input)
{
    Base base;
    base.headName = "classifier";
    const auto add = [&base](LayerPtr layer, std::int64_t out) {
        base.stages.push_back({"features." + std::to_string(base.stages.size()), std::move(layer)});
        base.features = out;
    };
    add(convBlock({.in = input.channels, .out = kFirst, .kernel = 3, .stride = 2}), kFirst);
    for (const auto& group : kGroups) {
        for (int block = 0; block < group.blocks; ++block)
            add(residual(base.features, group.out, block == 0 ? group.stride : 1, group.expansion),
                group.out);
    }
    add(convBlock({.in = base.features, .out = kLast, .kernel = 1}), kLast);
    poolByAverage(base);
    base.classifier = &classifier;
    return base;
}

} // namespace

Family mobilenetsV2()
{
    return {{"mobilenet_v2", {}, 1, &mobilenetV2}};
}

} // namespace frostline
