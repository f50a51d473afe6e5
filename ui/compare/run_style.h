#pragma once

#include <QColor>
#include <QPainterPath>

class QIcon;
class QPalette;

namespace frostline {

/// How one run is told from others, everywhere on the page: a colour and, as colour is never the only cue, a
/// shape. Slots beyond the number of colours come back with other shapes.
struct RunStyle {
    int slot = -1; ///< -1: not chosen, drawn hollow.
    QColor own;    ///< Chosen by the user; not valid otherwise.

    bool operator==(const RunStyle&) const = default;
};

QColor colourOf(const RunStyle& style, const QPalette& palette);
/// Disc, square, diamond or triangle around a centre.
QPainterPath shapeOf(const RunStyle& style, const QPointF& centre, double radius);
QIcon swatchOf(const RunStyle& style, const QPalette& palette);

/// `colour` mixed with `share` of it left.
QColor faded(const QColor& colour, const QColor& base, double share);

} // namespace frostline
