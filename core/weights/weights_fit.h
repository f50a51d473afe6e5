#pragma once

#include "base/error.h"
#include "training/recipe.h"
#include "weights/weights_file.h"
#include "weights/weights_report.h"

namespace frostline {

/// How a file's weights would fit the recipe's network, whose own `weights` do not matter.
Result<WeightsReport> weightsFit(const WeightsFile& file, const Recipe& recipe);

} // namespace frostline
