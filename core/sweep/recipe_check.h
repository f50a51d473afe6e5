#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "data/data_set.h"
#include "model/layer_info.h"
#include "training/recipe.h"

namespace frostline {

/// Sets networks up as runs do, to find what is wrong with many recipes before the first is run. Data are
/// read once where recipes say the same of them. Belongs to one thread.
class RecipeCheck {
public:
    /// The layers as the recipe sets them at the start, or what is wrong with its data, weights or rules.
    Result<LayerTable> layersOf(const Recipe& recipe);

private:
    std::string m_dataText; ///< What m_data was read for.
    std::shared_ptr<const DataSplits> m_data;
};

} // namespace frostline
