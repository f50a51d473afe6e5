#include "weights/weights_fit.h"

#include <memory>
#include <utility>

#include "training/feature_cache.h"
#include "training/torch_errors.h"
#include "training/trainer.h"
#include "weights/load_weights.h"

namespace frostline {

Result<WeightsReport> weightsFit(const WeightsFile& file, const Recipe& recipe)
{
    auto fresh = recipe;
    fresh.model.weights.clear();
    Trainer::Options options;
    FeatureOptions features;
    features.enabled = false;
    options.cache = std::make_shared<FeatureCache>(features);
    const auto trainer = caught([&] { return Trainer::create(fresh, std::move(options)); });
    if (!trainer)
        return tl::unexpected(trainer.error());
    std::vector<TensorShape> shapes;
    for (const auto& tensor : file.tensors)
        shapes.push_back({tensor.name, tensor.shape, dtypeOf(tensor.dtype)->isWhole});
    return compareWeights(shapesOf((*trainer)->weights()), shapes, (*trainer)->replacedHead());
}

} // namespace frostline
