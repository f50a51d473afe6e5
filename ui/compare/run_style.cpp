#include "compare/run_style.h"

#include <cmath>

#include <QIcon>
#include <QPainter>
#include <QPalette>
#include <QPixmap>

#include "theme/colours.h"

namespace frostline {

namespace {

constexpr int kShapes = 5;
constexpr float kLeastContrast = 0.18f; ///< In lightness, to the ground.

QColor readable(const QColor& colour, const QPalette& palette)
{
    const float ground = palette.color(QPalette::Base).lightnessF();
    if (std::abs(colour.lightnessF() - ground) >= kLeastContrast)
        return colour;
    return faded(colour, palette.color(QPalette::Text), 0.5);
}

QPolygonF triangle(const QPointF& centre, double radius, double direction)
{
    const double half = radius * 1.05;
    return QPolygonF({centre + QPointF(0.0, -direction * radius * 1.1),
                      centre + QPointF(half, direction * radius * 0.8),
                      centre + QPointF(-half, direction * radius * 0.8)});
}

QPixmap drawnSwatch(const RunStyle& style, const QPalette& palette, int extent)
{
    QPixmap pixmap(extent, extent);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool isHollow = style.slot < 0;
    const QColor colour = isHollow && !style.own.isValid() ? palette.color(QPalette::PlaceholderText)
                                                           : colourOf(style, palette);
    painter.setPen(QPen(colour, extent / 10.0));
    painter.setBrush(isHollow ? QBrush(Qt::NoBrush) : QBrush(colour));
    painter.drawPath(shapeOf(style, QPointF(extent / 2.0, extent / 2.0), extent * 0.32));
    return pixmap;
}

} // namespace

QColor colourOf(const RunStyle& style, const QPalette& palette)
{
    return style.own.isValid() ? readable(style.own, palette)
                               : seriesColour(std::max(0, style.slot), palette);
}

QPainterPath shapeOf(const RunStyle& style, const QPointF& centre, double radius)
{
    QPainterPath path;
    switch (std::max(0, style.slot) % kShapes) {
    case 0:
        path.addEllipse(centre, radius, radius);
        break;
    case 1:
        path.addRect(
            QRectF(centre.x() - radius * 0.88, centre.y() - radius * 0.88, radius * 1.76, radius * 1.76));
        break;
    case 2:
        path.addPolygon(
            QPolygonF({centre + QPointF(0.0, -radius * 1.2), centre + QPointF(radius * 1.2, 0.0),
                       centre + QPointF(0.0, radius * 1.2), centre + QPointF(-radius * 1.2, 0.0)}));
        break;
    case 3:
        path.addPolygon(triangle(centre, radius, 1.0));
        break;
    default:
        path.addPolygon(triangle(centre, radius, -1.0));
        break;
    }
    path.closeSubpath();
    return path;
}

QIcon swatchOf(const RunStyle& style, const QPalette& palette)
{
    QIcon icon;
    for (const int extent : {16, 32, 48})
        icon.addPixmap(drawnSwatch(style, palette, extent));
    return icon;
}

QColor faded(const QColor& colour, const QColor& base, double share)
{
    const auto mix = [share](int a, int b) { return static_cast<int>(a * share + b * (1.0 - share)); };
    return {mix(colour.red(), base.red()), mix(colour.green(), base.green()),
            mix(colour.blue(), base.blue())};
}

} // namespace frostline
