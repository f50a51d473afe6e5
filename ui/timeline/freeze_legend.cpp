#include "timeline/freeze_legend.h"

#include <array>

#include <QPainter>

#include "timeline/freeze_look.h"

namespace frostline {

namespace {

constexpr std::array kStates{FreezeState::Trainable, FreezeState::Frozen, FreezeState::StatisticsOnly};
constexpr int kSwatchWidth = 16;
constexpr int kGap = 4;

} // namespace

FreezeLegend::FreezeLegend(QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    setAccessibleName(tr("Full: trainable. Hatched: frozen. Dotted: statistics only."));
    setToolTip(accessibleName());
}

QSize FreezeLegend::sizeHint() const
{
    int width = kGap;
    for (const auto state : kStates)
        width += kSwatchWidth + fontMetrics().horizontalAdvance(lookName(state)) + 3 * kGap;
    return {width, fontMetrics().height() + 4};
}

void FreezeLegend::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    int x = kGap;
    for (const auto state : kStates) {
        const QRect swatch(x, 3, kSwatchWidth, height() - 6);
        painter.fillRect(swatch, palette().color(QPalette::Base));
        paintFreezeLook(painter, swatch, state, palette());
        x += kSwatchWidth + kGap;
        const QString word = lookName(state);
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, word);
        x += fontMetrics().horizontalAdvance(word) + 2 * kGap;
    }
}

} // namespace frostline
