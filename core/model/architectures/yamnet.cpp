// YAMNet: MobileNet-v1 (Howard et al. 2017) over log-mel patches [1, 96, 64], with TensorFlow's SAME padding,
// ReLU6, and norms with YAMNet's own epsilon 1e-4. Names:
//   layer1.conv, layer1.bn
//   layer2 ... layer14: depthwise_conv, depthwise_bn, pointwise_conv, pointwise_bn
//   fc, whose outputs are logits; YAMNet's own classes are not exclusive

#include "model/activations.h"
#include "model/architectures/architecture.h"
#include "model/layers.h"

namespace frostline {

namespace {

constexpr NormOptions kNorm{1e-4, 0.01};
constexpr std::int64_t kFirst = 32;

struct Separable {
    std::int64_t out;
    std::int64_t stride;
};

constexpr Separable kLayers[] = {{64, 1},  {128, 2}, {128, 1}, {256, 2}, {256, 1},  {512, 2}, {512, 1},
                                 {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1}};

/// Convolution, norm and ReLU6, named with a prefix.
void add(Sequential& layer, const std::string& prefix, Conv2dOptions conv)
{
    conv.mode = Padding::Same;
    layer.add(prefix + "conv", std::make_shared<Conv2d>(conv));
    layer.add(prefix + "bn", std::make_shared<BatchNorm2d>(conv.out, kNorm));
    layer.add(prefix + "relu", std::make_shared<Activation>(Activation::Kind::Relu6));
}

Result<Base> yamnet(const ModelOptions& /*options*/, const InputShape& input)
{
    Base base;
    base.headName = "fc";
    const auto next = [&base](std::int64_t out) {
        auto layer = std::make_shared<Sequential>();
        base.stages.push_back({"layer" + std::to_string(base.stages.size() + 1), layer});
        base.features = out;
        return layer;
    };
    add(*next(kFirst), "", {.in = input.channels, .out = kFirst, .kernel = 3, .stride = 2});
    for (const auto& [out, stride] : kLayers) {
        const auto in = base.features;
        const auto layer = next(out);
        add(*layer, "depthwise_", {.in = in, .out = in, .kernel = 3, .stride = stride, .groups = in});
        add(*layer, "pointwise_", {.in = in, .out = out, .kernel = 1});
    }
    poolByAverage(base);
    return base;
}

} // namespace

Family yamnets()
{
    return {{"yamnet", {}, 1, &yamnet}};
}

} // namespace frostline
