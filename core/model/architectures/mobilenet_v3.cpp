// MobileNetV3 (Howard et al. 2019) with torchvision's names: `features.N` are stages of their own.

#include <algorithm>

#include "model/architectures/architecture.h"
#include "model/architectures/blocks.h"

namespace frostline {

namespace {

constexpr NormOptions kNorm{1e-3, 0.01};
constexpr auto kRelu = Activation::Kind::Relu;
constexpr auto kHardswish = Activation::Kind::Hardswish;

/// One inverted residual block.
struct Row {
    std::int64_t kernel;
    std::int64_t wide;
    std::int64_t out;
    bool isSqueezed;
    Activation::Kind activation;
    std::int64_t stride;
};
using Rows = std::vector<Row>;

/// A quarter, rounded to a multiple of 8 that is not less than nine tenths of it.
std::int64_t squeezedWidth(std::int64_t channels)
{
    const auto wanted = channels / 4;
    const auto rounded = std::max<std::int64_t>(8, (wanted + 4) / 8 * 8);
    return 10 * rounded < 9 * wanted ? rounded + 8 : rounded;
}

LayerPtr residual(std::int64_t in, const Row& row)
{
    auto body = std::make_shared<Sequential>();
    if (row.wide != in)
        body->add(convNormActivation({.in = in, .out = row.wide, .kernel = 1}, kNorm, row.activation));
    body->add(convNormActivation(
        {.in = row.wide, .out = row.wide, .kernel = row.kernel, .stride = row.stride, .groups = row.wide},
        kNorm, row.activation));
    if (row.isSqueezed)
        body->add(std::make_shared<SqueezeExcitation>(row.wide, squeezedWidth(row.wide)));
    body->add(convNormActivation({.in = row.wide, .out = row.out, .kernel = 1}, kNorm, std::nullopt));
    return std::make_shared<InvertedResidual>("block", std::move(body), row.stride == 1 && in == row.out);
}

LayerPtr classifier(std::int64_t features, std::int64_t hidden, std::int64_t outputs)
{
    auto layers = std::make_shared<Sequential>();
    layers->add(std::make_shared<Linear>(features, hidden, Linear::Start::Small));
    layers->add(std::make_shared<Activation>(kHardswish));
    layers->add(std::make_shared<Dropout>(0.2));
    layers->add(std::make_shared<Linear>(hidden, outputs, Linear::Start::Small));
    return layers;
}

Base mobilenetV3(const Rows& rows, std::int64_t hidden, const InputShape& input)
{
    Base base;
    base.headName = "classifier";
    const auto add = [&base](LayerPtr layer, std::int64_t out) {
        base.stages.push_back({"features." + std::to_string(base.stages.size()), std::move(layer)});
        base.features = out;
    };
    add(convNormActivation({.in = input.channels, .out = 16, .kernel = 3, .stride = 2}, kNorm, kHardswish),
        16);
    for (const auto& row : rows)
        add(residual(base.features, row), row.out);
    const auto last = 6 * base.features;
    add(convNormActivation({.in = base.features, .out = last, .kernel = 1}, kNorm, kHardswish), last);
    poolByAverage(base);
    base.classifier = [last, hidden](std::int64_t outputs) { return classifier(last, hidden, outputs); };
    return base;
}

Architecture architectureOf(const char* name, const Rows& rows, std::int64_t hidden)
{
    return {name, {}, 1, [=](const ModelOptions&, const InputShape& input) {
                return mobilenetV3(rows, hidden, input);
            }};
}

} // namespace

Family mobilenetsV3()
{
    const Rows small{
        {3, 16, 16, true, kRelu, 2},       {3, 72, 24, false, kRelu, 2},
        {3, 88, 24, false, kRelu, 1},      {5, 96, 40, true, kHardswish, 2},
        {5, 240, 40, true, kHardswish, 1}, {5, 240, 40, true, kHardswish, 1},
        {5, 120, 48, true, kHardswish, 1}, {5, 144, 48, true, kHardswish, 1},
        {5, 288, 96, true, kHardswish, 2}, {5, 576, 96, true, kHardswish, 1},
        {5, 576, 96, true, kHardswish, 1},
    };
    const Rows large{
        {3, 16, 16, false, kRelu, 1},       {3, 64, 24, false, kRelu, 2},
        {3, 72, 24, false, kRelu, 1},       {5, 72, 40, true, kRelu, 2},
        {5, 120, 40, true, kRelu, 1},       {5, 120, 40, true, kRelu, 1},
        {3, 240, 80, false, kHardswish, 2}, {3, 200, 80, false, kHardswish, 1},
        {3, 184, 80, false, kHardswish, 1}, {3, 184, 80, false, kHardswish, 1},
        {3, 480, 112, true, kHardswish, 1}, {3, 672, 112, true, kHardswish, 1},
        {5, 672, 160, true, kHardswish, 2}, {5, 960, 160, true, kHardswish, 1},
        {5, 960, 160, true, kHardswish, 1},
    };
    return {architectureOf("mobilenet_v3_small", small, 1024),
            architectureOf("mobilenet_v3_large", large, 1280)};
}

} // namespace frostline
