#include "timeline/freeze_look.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPalette>

#include "theme/colours.h"

namespace frostline {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(FreezeState)
};

QColor withAlpha(QColor colour, float alpha)
{
    colour.setAlphaF(alpha);
    return colour;
}

} // namespace

QString lookName(FreezeState state)
{
    switch (state) {
    case FreezeState::Frozen:
        return Words::tr("frozen");
    case FreezeState::StatisticsOnly:
        return Words::tr("statistics only");
    case FreezeState::Trainable:
        break;
    }
    return Words::tr("trainable");
}

void paintFreezeLook(QPainter& painter, const QRectF& rect, FreezeState state, const QPalette& palette)
{
    const QColor frozen = frozenColour(palette);
    const QColor trainable = trainableColour(palette);
    switch (state) {
    case FreezeState::Trainable:
        painter.fillRect(rect, withAlpha(trainable, 0.8f));
        break;
    case FreezeState::Frozen:
        painter.fillRect(rect, withAlpha(frozen, 0.22f));
        painter.fillRect(rect, QBrush(withAlpha(frozen, 0.75f), Qt::BDiagPattern));
        break;
    case FreezeState::StatisticsOnly:
        painter.fillRect(rect, withAlpha(frozen, 0.22f));
        painter.fillRect(rect, QBrush(trainable, Qt::Dense6Pattern));
        break;
    }
}

} // namespace frostline
