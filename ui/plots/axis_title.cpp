#include "plots/axis_title.h"

#include <qcustomplot.h>

namespace frostline {

namespace {

constexpr double kInset = 6.0;
constexpr int kGap = 13;

} // namespace

class AxisTitleLayer : public QCPLayerable {
public:
    AxisTitleLayer(QCustomPlot& canvas, const QCPAxisRect& rect)
        : QCPLayerable(&canvas, QStringLiteral("axes")),
          m_rect(rect)
    {
    }

    QString text;
    QFont font;
    QColor colour;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override
    {
        applyAntialiasingHint(painter, true, QCP::aeAxes);
    }

    void draw(QCPPainter* painter) override
    {
        const double height = QFontMetricsF(font).height();
        const double length = QFontMetricsF(font).horizontalAdvance(text) + 2.0;
        painter->save();
        painter->setFont(font);
        painter->setPen(colour);
        painter->translate(m_rect.outerRect().left() + kInset, m_rect.center().y());
        painter->rotate(-90.0);
        painter->drawText(QRectF(-length / 2.0, 0.0, length, height), Qt::AlignCenter, text);
        painter->restore();
    }

private:
    const QCPAxisRect& m_rect;
};

AxisTitle::AxisTitle(QCustomPlot& canvas, QCPAxisRect& rect, const QString& text)
    : m_rect(rect),
      m_layer(new AxisTitleLayer(canvas, rect))
{
    m_layer->text = text;
}

void AxisTitle::setText(const QString& text)
{
    m_layer->text = text;
}

void AxisTitle::setStyle(const QFont& font, const QColor& colour)
{
    m_layer->font = font;
    m_layer->colour = colour;
    m_rect.axis(QCPAxis::atLeft)->setPadding(QFontMetrics(font).height() + kGap);
}

} // namespace frostline
