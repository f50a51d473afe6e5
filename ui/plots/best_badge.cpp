#include "plots/best_badge.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <qcustomplot.h>

#include "plots/curve_model.h"
#include "plots/number_text.h"
#include "plots/plot_panel.h"
#include "theme/colours.h"

namespace frostline {

namespace {

constexpr double kRadius = 9.0;

QPolygonF starAround(const QPointF& centre)
{
    QPolygonF corners;
    for (int i = 0; i < 10; ++i) {
        const double angle = std::numbers::pi * (i / 5.0 - 0.5);
        const double reach = i % 2 == 0 ? kRadius : kRadius * 0.42;
        corners.push_back(centre + reach * QPointF(std::cos(angle), std::sin(angle)));
    }
    return corners;
}

} // namespace

class BestLayer : public QCPLayerable {
public:
    BestLayer(QCustomPlot& canvas, const PlotPanel& shown)
        : QCPLayerable(&canvas, QStringLiteral("overlay")),
          panel(&shown)
    {
        setVisible(false);
    }

    const PlotPanel* panel;
    double x = 0.0;
    double y = 0.0;
    QString text;
    QFont font;
    QColor colour;
    QColor textColour;
    QColor base;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override
    {
        applyAntialiasingHint(painter, true, QCP::aeItems);
    }

    QRect clipRect() const override { return panel->rect().rect(); }

    void draw(QCPPainter* painter) override
    {
        if (!panel->xAxis().range().contains(x))
            return;
        const QPointF place(panel->xAxis().coordToPixel(x), panel->yAxis().coordToPixel(y));
        drawText(*painter, place);
        painter->setPen(QPen(base, 1.2));
        painter->setBrush(colour);
        painter->drawPolygon(starAround(place));
    }

private:
    void drawText(QCPPainter& painter, const QPointF& place) const
    {
        const QFontMetricsF metrics(font);
        const QRectF room = clipRect();
        QRectF box(0.0, 0.0, metrics.horizontalAdvance(text) + 8.0, metrics.height() + 2.0);
        const bool fitsBelow = place.y() + kRadius + 3.0 + box.height() < room.bottom();
        box.moveTop(fitsBelow ? place.y() + kRadius + 3.0 : place.y() - kRadius - 3.0 - box.height());
        const double rightmost = room.right() - box.width() - 2.0;
        box.moveLeft(std::max(room.left() + 2.0, std::min(place.x() - box.width() / 2.0, rightmost)));
        QColor behind = base;
        behind.setAlphaF(0.8f);
        painter.setPen(Qt::NoPen);
        painter.setBrush(behind);
        painter.drawRoundedRect(box, 3.0, 3.0);
        painter.setFont(font);
        painter.setPen(textColour);
        painter.drawText(box, Qt::AlignCenter, text);
    }
};

BestBadge::BestBadge(QCustomPlot& canvas, const PlotPanel& loss, const PlotPanel& accuracy)
    : m_loss(loss),
      m_accuracy(accuracy),
      m_layer(new BestLayer(canvas, accuracy))
{
}

void BestBadge::sync(const CurveModel& model)
{
    const MetricHistory& history = model.history();
    const auto best = history.bestEpoch();
    m_layer->setVisible(best.has_value());
    if (!best)
        return;
    const EpochRecord& record = history.epochs()[*best];
    const QLocale locale = m_layer->parentPlot()->locale();
    m_layer->x = history.xOf(record.step, model.axis());
    const Scores& scores = *record.validation;
    const bool byLoss = std::isfinite(scores.mae);
    m_layer->panel = byLoss ? &m_loss : &m_accuracy;
    m_layer->y = byLoss ? scores.loss : scores.accuracy;
    const QString figure = byLoss ? compactNumber(scores.loss, locale) : percentText(scores.accuracy, locale);
    m_layer->text = tr("best: epoch %1, %2").arg(locale.toString(record.epoch), figure);
}

void BestBadge::applyPalette(const QPalette& palette, const QFont& font)
{
    m_layer->font = font;
    m_layer->font.setPointSizeF(QFontInfo(font).pointSizeF() * 0.9);
    m_layer->colour = seriesColour(5, palette);
    m_layer->textColour = palette.color(QPalette::Text);
    m_layer->base = palette.color(QPalette::Base);
}

} // namespace frostline
