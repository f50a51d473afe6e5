#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/layer_info.h"

namespace frostline {

/// A part of a network that is frozen, or trained, as a whole: a stage with parameters and the norm that
/// follows it; a top-level layer where the network runs as one piece.
struct AdviceBlock {
    std::string path;        ///< Of the row that it begins with.
    int last = 0;            ///< The last row of the layer table that lies in it.
    std::vector<int> leaves; ///< Rows of the layer table that have parameters.
    std::int64_t parameters = 0;
    double ratio = 0.0; ///< Norm of the gradient over norm of the weights; 0 while unknown.

    bool operator==(const AdviceBlock&) const = default;
};

/// In order from the input; the last is the head.
std::vector<AdviceBlock> adviceBlocks(const LayerTable& layers);

} // namespace frostline
