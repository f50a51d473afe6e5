// VGG (Simonyan and Zisserman 2014) with torchvision's names: `features.N` are stages of their own.

#include "model/activations.h"
#include "model/architectures/architecture.h"
#include "model/layers.h"
#include "model/pooling.h"

namespace frostline {

namespace {

constexpr std::int64_t kHalved = 0;    ///< Among widths: a pooling that halves the map.
constexpr std::int64_t kSmallest = 32; ///< Five halvings leave one value.
constexpr std::int64_t kSide = 7;
constexpr std::int64_t kHidden = 4096;

using Widths = std::vector<std::int64_t>;

LayerPtr relu()
{
    return std::make_shared<Activation>(Activation::Kind::Relu);
}

LayerPtr dense(std::int64_t in, std::int64_t out)
{
    return std::make_shared<Linear>(in, out, Linear::Start::Small);
}

LayerPtr classifier(std::int64_t features, std::int64_t outputs)
{
    auto layers = std::make_shared<Sequential>();
    layers->add(dense(features, kHidden)).add(relu()).add(std::make_shared<Dropout>(0.5));
    layers->add(dense(kHidden, kHidden)).add(relu()).add(std::make_shared<Dropout>(0.5));
    layers->add(dense(kHidden, outputs));
    return layers;
}

Base vgg(const Widths& widths, bool isNormalised, const InputShape& input)
{
    Base base;
    base.headName = "classifier";
    base.features = input.channels;
    const auto add = [&base](LayerPtr layer) {
        base.stages.push_back({"features." + std::to_string(base.stages.size()), std::move(layer)});
    };
    for (const auto width : widths) {
        if (width == kHalved) {
            add(std::make_shared<MaxPool2d>(2, 2));
            continue;
        }
        add(std::make_shared<Conv2d>(Conv2dOptions{base.features, width, 3, 1, 1, true}));
        if (isNormalised)
            add(std::make_shared<BatchNorm2d>(width));
        add(relu());
        base.features = width;
    }
    base.isMap = true;
    base.pooling = {{"avgpool", std::make_shared<AdaptiveAvgPool2d>(kSide)},
                    {"flatten", std::make_shared<Flatten>()}};
    base.pooledFeatures = base.features * kSide * kSide;
    base.classifier = [features = base.pooledFeatures](std::int64_t outputs) {
        return classifier(features, outputs);
    };
    return base;
}

} // namespace

Family vggs()
{
    constexpr auto M = kHalved;
    const std::pair<const char*, Widths> sizes[] = {
        {"vgg11", {64, M, 128, M, 256, 256, M, 512, 512, M, 512, 512, M}},
        {"vgg13", {64, 64, M, 128, 128, M, 256, 256, M, 512, 512, M, 512, 512, M}},
        {"vgg16", {64, 64, M, 128, 128, M, 256, 256, 256, M, 512, 512, 512, M, 512, 512, 512, M}},
        {"vgg19",
         {64, 64, M, 128, 128, M, 256, 256, 256, 256, M, 512, 512, 512, 512, M, 512, 512, 512, 512, M}},
    };
    Family family;
    for (const auto& [name, widths] : sizes) {
        for (const bool isNormalised : {false, true})
            family.push_back({std::string(name) + (isNormalised ? "_bn" : ""),
                              {},
                              kSmallest,
                              [widths, isNormalised](const ModelOptions&, const InputShape& input) {
                                  return vgg(widths, isNormalised, input);
                              }});
    }
    return family;
}

} // namespace frostline
