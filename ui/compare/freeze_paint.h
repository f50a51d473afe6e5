#pragma once

#include "session/freeze_history.h"

class QPainter;
class QPalette;
class QRectF;

namespace frostline {

/// Fills a stretch of a strip: learning is plain, frozen hatched, only statistics dotted, so that they differ
/// without their colours too.
void paintFreezeState(QPainter& painter, const QRectF& area, FreezeState state, const QPalette& palette);

} // namespace frostline
