// Blocks of convolution, norm, ReLU and pooling for small images: the demo's network.

#include "model/activations.h"
#include "model/architectures/architecture.h"
#include "model/layers.h"
#include "model/pooling.h"

namespace frostline {

namespace {

Result<Base> convnet(const ModelOptions& options, const InputShape& input)
{
    const auto widths = options.widths.value_or(std::vector<std::int64_t>{32, 64, 128, 128});
    Base base;
    base.headName = "head";
    base.isMap = true;
    base.features = input.channels;
    auto side = std::min(input.height, input.width);
    for (std::size_t i = 0; i < widths.size(); ++i) {
        auto block = std::make_shared<Sequential>("ConvBlock");
        block->add("conv", std::make_shared<Conv2d>(Conv2dOptions{base.features, widths[i], 3, 1, 1}));
        block->add("norm", std::make_shared<BatchNorm2d>(widths[i]));
        block->add("relu", std::make_shared<Activation>(Activation::Kind::Relu));
        // The last block keeps its map, and so does one that is too small to halve.
        if (i + 1 < widths.size() && side >= 4) {
            block->add("pool", std::make_shared<MaxPool2d>(2, 2));
            side /= 2;
        }
        base.stages.push_back({"block" + std::to_string(i + 1), block});
        base.features = widths[i];
    }
    return base;
}

} // namespace

Family convnets()
{
    return {{"convnet", {"widths"}, 1, &convnet}};
}

} // namespace frostline
