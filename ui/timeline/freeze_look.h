#pragma once

#include <QString>

#include "session/freeze_history.h"

class QPainter;
class QPalette;
class QRectF;

namespace frostline {

/// `frozen`, `trainable`, `statistics only`.
QString lookName(FreezeState state);

/// Fills a stretch of a layer's row: what trains is full, what is frozen is hatched, and where only
/// statistics are updated it is dotted.
void paintFreezeLook(QPainter& painter, const QRectF& rect, FreezeState state, const QPalette& palette);

} // namespace frostline
