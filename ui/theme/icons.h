#pragma once

#include <QIcon>

class QColor;
class QString;

namespace frostline {

/// One of our SVG icons (`resources/icons/NAME.svg`), drawn in the palette's text colour, so that it is right
/// in light and dark. Widgets ask again on QEvent::PaletteChange. GUI thread.
QIcon icon(const QString& name);
/// The same in a colour of one's own.
QIcon icon(const QString& name, const QColor& colour);

} // namespace frostline
