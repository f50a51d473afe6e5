#pragma once

#include <vector>

#include <QRectF>
#include <QString>

#include "model/layer_info.h"
#include "training/recipe.h"

class QPainter;
class QPalette;

namespace frostline {

/// One block of a network's picture, input first.
struct StripBlock {
    enum class Kind { Frozen, Trainable, Mixed };

    QString name;
    double height = 1.0; ///< Share of the picture's height.
    Kind kind = Kind::Trainable;

    bool operator==(const StripBlock&) const = default;
};

/// What a recipe says of its network, without reading any file.
std::vector<StripBlock> blocksOf(const Recipe& recipe);
/// What the network has become: its top-level layers that hold parameters.
std::vector<StripBlock> blocksOf(const LayerTable& table);

/// Maps shrink on their way up: tall at the input, low at the head.
void setHeights(std::vector<StripBlock>& blocks);
/// Where each block is painted.
std::vector<QRectF> stripBoxes(const QRect& area, const std::vector<StripBlock>& blocks);

/// Blue with a snowflake what is frozen, orange what learns, half and half what is mixed.
void paintStrip(QPainter& painter, const QRect& area, const std::vector<StripBlock>& blocks,
                const QPalette& palette);

} // namespace frostline
