#include "compare/freeze_paint.h"

#include <QPainter>
#include <QPalette>

#include "compare/run_style.h"
#include "theme/colours.h"

namespace frostline {

void paintFreezeState(QPainter& painter, const QRectF& area, FreezeState state, const QPalette& palette)
{
    const QColor base = palette.color(QPalette::Base);
    const QColor frozen = frozenColour(palette);
    switch (state) {
    case FreezeState::Trainable:
        painter.fillRect(area, faded(trainableColour(palette), base, 0.85));
        return;
    case FreezeState::Frozen:
        painter.fillRect(area, faded(frozen, base, 0.55));
        painter.fillRect(area, QBrush(faded(frozen, base, 0.25), Qt::BDiagPattern));
        return;
    case FreezeState::StatisticsOnly:
        painter.fillRect(area, faded(frozen, base, 0.18));
        painter.fillRect(area, QBrush(frozen, Qt::Dense6Pattern));
        return;
    }
}

} // namespace frostline
