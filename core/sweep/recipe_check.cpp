#include "sweep/recipe_check.h"

#include "base/json.h"
#include "training/feature_cache.h"
#include "training/torch_errors.h"
#include "training/trainer.h"

namespace frostline {

Result<LayerTable> RecipeCheck::layersOf(const Recipe& recipe)
{
    const auto dataText = jsonText({toJson(recipe).at("data"), recipe.seed, recipe.folder.string()});
    if (dataText != m_dataText)
        m_data.reset();
    const auto cache = std::make_shared<FeatureCache>(FeatureOptions{.enabled = false, .folder = {}});
    Trainer::Options options{{}, cache, {}, m_data};
    return caught([&]() -> Result<LayerTable> {
        const auto trainer = Trainer::create(recipe, std::move(options));
        if (!trainer)
            return tl::unexpected(trainer.error());
        m_data = (*trainer)->data();
        m_dataText = dataText;
        return (*trainer)->table();
    });
}

} // namespace frostline
