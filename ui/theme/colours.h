#pragma once

#include <QColor>

class QPalette;

namespace frostline {

/// Whether a palette is a dark one (Qt 6.4 has no colour scheme to ask).
bool isDark(const QPalette& palette);

/// Series colours, safe for colour-blind eyes (Okabe and Ito 2008), lightened on a dark base.
QColor seriesColour(int index, const QPalette& palette);

/// The blue of what is frozen and the orange of what is learning, everywhere in the window.
QColor frozenColour(const QPalette& palette);
QColor trainableColour(const QPalette& palette);
QColor warningColour(const QPalette& palette);

} // namespace frostline
