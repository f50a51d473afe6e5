#include "weights/weights_fit.h"

#include <memory>
#include <utility>

#include "training/feature_cache.h"
#include "training/torch_errors.h"
#include "training/trainer.h"
#include "weights/load_weights.h"
#include "weights/weights_file.h"

namespace frostline {

Result<WeightsReport> weightsFit(const std::filesystem::path& path, const Recipe& recipe)
{
    const auto file = describeWeights(path);
    if (!file)
        return tl::unexpected(file.error());
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
    for (const auto& tensor : file->tensors)
        shapes.push_back({tensor.name, tensor.shape});
    return compareWeights(shapesOf((*trainer)->weights()), shapes, (*trainer)->replacedHead());
}

} // namespace frostline
