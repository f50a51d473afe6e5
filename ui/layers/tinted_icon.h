#pragma once

#include <QIcon>

class QString;

namespace frostline {

/// One of our icons in the blue of what is frozen, and in the highlight's text colour on a selected row.
QIcon frozenIcon(const QString& name);

/// As large as those, with nothing on it: keeps names in line.
QIcon blankIcon();

} // namespace frostline
