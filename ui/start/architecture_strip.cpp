#include "start/architecture_strip.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <QPainter>
#include <QPalette>

#include "theme/colours.h"

namespace frostline {

namespace {

constexpr double kLowest = 0.34;
constexpr int kGap = 6;
constexpr int kWidestBlock = 46;
constexpr std::size_t kMostBlocks = 14;

QStringList blockNames(const Recipe& recipe)
{
    const auto& model = recipe.model;
    QStringList names;
    const auto addNumbered = [&names](const QString& stem, std::size_t count) {
        for (std::size_t i = 1; i <= count; ++i)
            names.append(stem + QString::number(i));
    };
    if (model.architecture == "mlp") {
        addNumbered(QStringLiteral("dense"), model.options.sizes ? model.options.sizes->size() : 2);
        names.append(QStringLiteral("head"));
    } else if (model.architecture == "convnet") {
        addNumbered(QStringLiteral("block"), model.options.widths ? model.options.widths->size() : 4);
        names.append(QStringLiteral("head"));
    } else {
        names.append(QStringLiteral("conv1"));
        addNumbered(QStringLiteral("layer"), 4);
        names.append(QStringLiteral("fc"));
    }
    return names;
}

bool isFrozen(const Recipe& recipe, const QString& name)
{
    // A container's rule may match the container or, as `layer4.*`, only what is in it.
    const auto path = name.toStdString();
    bool frozen = false;
    for (const auto& rule : recipe.layers) {
        if (rule.trainable && (globMatches(rule.match, path) || globMatches(rule.match, path + ".0")))
            frozen = !*rule.trainable;
    }
    return frozen;
}

StripBlock::Kind kindOf(const LayerTable& table, int index)
{
    bool frozen = false;
    bool trainable = false;
    for (const int leaf : leavesUnder(table, index)) {
        const auto& layer = table[static_cast<std::size_t>(leaf)];
        if (layer.hasParameters())
            (layer.settings.trainable ? trainable : frozen) = true;
    }
    if (frozen && trainable)
        return StripBlock::Kind::Mixed;
    return frozen ? StripBlock::Kind::Frozen : StripBlock::Kind::Trainable;
}

bool holdsParameters(const LayerTable& table, int index)
{
    return std::ranges::any_of(leavesUnder(table, index), [&table](int leaf) {
        return table[static_cast<std::size_t>(leaf)].hasParameters();
    });
}

void paintFlake(QPainter& painter, const QPointF& centre, double radius)
{
    painter.save();
    painter.setPen(QPen(Qt::white, 1.6, Qt::SolidLine, Qt::RoundCap));
    for (int arm = 0; arm < 3; ++arm) {
        const double angle = std::numbers::pi * (0.5 + arm / 3.0);
        const QPointF tip(radius * std::cos(angle), radius * std::sin(angle));
        painter.drawLine(centre - tip, centre + tip);
    }
    painter.restore();
}

void paintBlock(QPainter& painter, const QRectF& box, StripBlock::Kind kind, const QPalette& palette)
{
    const QColor frozen = frozenColour(palette);
    const QColor trainable = trainableColour(palette);
    QBrush brush(kind == StripBlock::Kind::Frozen ? frozen : trainable);
    if (kind == StripBlock::Kind::Mixed) {
        QLinearGradient halves(box.bottomLeft(), box.topLeft());
        halves.setStops({{0.0, frozen}, {0.499, frozen}, {0.501, trainable}, {1.0, trainable}});
        brush = halves;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(brush);
    painter.drawRoundedRect(box, 4, 4);
    if (kind == StripBlock::Kind::Frozen)
        paintFlake(painter, box.center(), std::min(7.0, box.width() * 0.3));
}

} // namespace

std::vector<StripBlock> blocksOf(const Recipe& recipe)
{
    std::vector<StripBlock> blocks;
    for (const auto& name : blockNames(recipe)) {
        blocks.push_back(
            {name, 1.0, isFrozen(recipe, name) ? StripBlock::Kind::Frozen : StripBlock::Kind::Trainable});
    }
    setHeights(blocks);
    return blocks;
}

std::vector<StripBlock> blocksOf(const LayerTable& table)
{
    std::vector<StripBlock> blocks;
    for (int i = 0; i < static_cast<int>(table.size()); ++i) {
        const auto& layer = table[static_cast<std::size_t>(i)];
        if (layer.parent < 0 && holdsParameters(table, i) && blocks.size() < kMostBlocks)
            blocks.push_back({QString::fromStdString(layer.path), 1.0, kindOf(table, i)});
    }
    setHeights(blocks);
    return blocks;
}

void setHeights(std::vector<StripBlock>& blocks)
{
    const auto count = static_cast<double>(blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i)
        blocks[i].height = 1.0 - (1.0 - kLowest) * static_cast<double>(i) / std::max(1.0, count - 1.0);
}

std::vector<QRectF> stripBoxes(const QRect& area, const std::vector<StripBlock>& blocks)
{
    if (blocks.empty())
        return {};
    const int count = static_cast<int>(blocks.size());
    const int gap = std::clamp(area.width() / (3 * count), 2, kGap);
    const int width = std::clamp((area.width() - gap * (count - 1)) / count, 4, kWidestBlock);
    const int total = width * count + gap * (count - 1);
    double x = area.left() + (area.width() - total) / 2.0;
    const double middle = area.top() + area.height() / 2.0;
    std::vector<QRectF> boxes;
    for (const auto& block : blocks) {
        const double height = area.height() * block.height;
        boxes.emplace_back(x, middle - height / 2, width, height);
        x += width + gap;
    }
    return boxes;
}

void paintStrip(QPainter& painter, const QRect& area, const std::vector<StripBlock>& blocks,
                const QPalette& palette)
{
    const auto boxes = stripBoxes(area, blocks);
    if (boxes.empty())
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = area.top() + area.height() / 2.0;
    painter.setPen(QPen(palette.color(QPalette::Mid), 2));
    painter.drawLine(QPointF(boxes.front().left(), middle), QPointF(boxes.back().right(), middle));
    for (std::size_t i = 0; i < boxes.size(); ++i)
        paintBlock(painter, boxes[i], blocks[i].kind, palette);
    painter.restore();
}

} // namespace frostline
