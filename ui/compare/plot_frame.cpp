#include "compare/plot_frame.h"

#include <qcustomplot.h>

#include "compare/run_style.h"

namespace frostline {

void createFrame(QCPAxisRect& rect)
{
    rect.setLayer(QStringLiteral("background"));
    rect.setupFullAxesBox();
    for (QCPAxis* axis : rect.axes()) {
        axis->setLayer(QStringLiteral("axes"));
        axis->grid()->setLayer(QStringLiteral("grid"));
        axis->setTickLength(0, 4);
        axis->setSubTicks(false);
        axis->setNumberFormat(QStringLiteral("g"));
    }
    for (const auto side : {QCPAxis::atTop, QCPAxis::atRight})
        rect.axis(side)->setTicks(false);
    rect.setRangeDrag(Qt::Horizontal);
    rect.setRangeZoom(Qt::Horizontal);
}

void applyFrameStyle(QCPAxisRect& rect, const QPalette& palette, const QFont& font)
{
    const QColor text = palette.color(QPalette::Text);
    const QColor base = palette.color(QPalette::Base);
    const QPen line(faded(text, base, 0.35), 1.0);
    QFont small = font;
    small.setPointSizeF(QFontInfo(font).pointSizeF() * 0.9);
    rect.setBackground(palette.brush(QPalette::Base));
    for (QCPAxis* axis : rect.axes()) {
        axis->setBasePen(line);
        axis->setTickPen(line);
        axis->setLabelColor(text);
        axis->setTickLabelColor(faded(text, base, 0.8));
        axis->setLabelFont(font);
        axis->setTickLabelFont(small);
        axis->grid()->setPen(QPen(faded(text, base, 0.1), 1.0));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
}

} // namespace frostline
