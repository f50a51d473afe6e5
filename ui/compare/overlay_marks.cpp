#include "compare/overlay_marks.h"

#include <cmath>
#include <numbers>

#include <qcustomplot.h>

#include "compare/overlay_panel.h"

namespace frostline {

namespace {

constexpr double kStar = 8.0;
constexpr double kFork = 4.5;

QPolygonF starAround(const QPointF& centre)
{
    QPolygonF corners;
    for (int i = 0; i < 10; ++i) {
        const double angle = std::numbers::pi * (i / 5.0 - 0.5);
        const double reach = i % 2 == 0 ? kStar : kStar * 0.42;
        corners.push_back(centre + reach * QPointF(std::cos(angle), std::sin(angle)));
    }
    return corners;
}

} // namespace

class MarkLayer : public QCPLayerable {
public:
    MarkLayer(QCustomPlot& canvas, const OverlayPanel& panel)
        : QCPLayerable(&canvas, QStringLiteral("overlay")),
          m_panel(panel)
    {
    }

    const std::vector<OverlayRun>* runs = nullptr;
    QString lit;
    QPalette palette;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override
    {
        applyAntialiasingHint(painter, true, QCP::aeItems);
    }

    QRect clipRect() const override { return m_panel.rect().rect(); }

    void draw(QCPPainter* painter) override
    {
        if (!runs)
            return;
        for (const auto& run : *runs) {
            const bool isShaded = !lit.isEmpty() && !run.folders.contains(lit);
            const QColor base = palette.color(QPalette::Base);
            const QColor colour = faded(colourOf(run.style, palette), base, isShaded ? 0.3 : 1.0);
            drawFork(*painter, run, colour);
            if (m_panel.metric() == OverlayMetric::Accuracy && run.best)
                drawStar(*painter, *run.best, colour);
        }
    }

private:
    QPointF pixelOf(double x, double y) const
    {
        return {m_panel.xAxis().coordToPixel(x), m_panel.yAxis().coordToPixel(y)};
    }

    void drawStar(QCPPainter& painter, const CurvePoint& best, const QColor& colour) const
    {
        painter.setPen(QPen(palette.color(QPalette::Base), 1.2));
        painter.setBrush(colour);
        painter.drawPolygon(starAround(pixelOf(best.x, best.y)));
    }

    /// An open ring, and a short line down to the axis on which the branch leaves.
    void drawFork(QCPPainter& painter, const OverlayRun& run, const QColor& colour) const
    {
        const auto height = run.branchX ? m_panel.heightOf(run, *run.branchX) : std::nullopt;
        if (!run.branchX)
            return;
        const double x = m_panel.xAxis().coordToPixel(*run.branchX);
        const QRect room = m_panel.rect().rect();
        painter.setPen(QPen(colour, 1.2, Qt::DotLine));
        painter.drawLine(QLineF(x, room.bottom(), x, room.bottom() - 14.0));
        if (!height)
            return;
        painter.setPen(QPen(colour, 1.8));
        painter.setBrush(palette.color(QPalette::Base));
        painter.drawEllipse(pixelOf(*run.branchX, *height), kFork, kFork);
    }

    const OverlayPanel& m_panel;
};

class CursorLayer : public QCPLayerable {
public:
    CursorLayer(QCustomPlot& canvas, const OverlayPanel& panel)
        : QCPLayerable(&canvas, QStringLiteral("cursor")),
          m_panel(panel)
    {
    }

    std::optional<double> x;
    QColor colour;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override
    {
        applyAntialiasingHint(painter, false, QCP::aeItems);
    }

    QRect clipRect() const override { return m_panel.rect().rect(); }

    void draw(QCPPainter* painter) override
    {
        if (!x)
            return;
        const double pixel = m_panel.xAxis().coordToPixel(*x);
        painter->setPen(QPen(colour, 1.0));
        painter->drawLine(QLineF(pixel, m_panel.rect().top(), pixel, m_panel.rect().bottom()));
    }

private:
    const OverlayPanel& m_panel;
};

OverlayMarks::OverlayMarks(QCustomPlot& canvas, const OverlayPanel& loss, const OverlayPanel& accuracy)
    : m_layers({new MarkLayer(canvas, loss), new MarkLayer(canvas, accuracy)}),
      m_cursors({new CursorLayer(canvas, loss), new CursorLayer(canvas, accuracy)})
{
}

void OverlayMarks::setRuns(const std::vector<OverlayRun>& runs)
{
    for (auto* layer : m_layers)
        layer->runs = &runs;
}

void OverlayMarks::applyStyle(const QString& lit, const QPalette& palette)
{
    for (auto* layer : m_layers) {
        layer->lit = lit;
        layer->palette = palette;
    }
    for (auto* cursor : m_cursors)
        cursor->colour = faded(palette.color(QPalette::Text), palette.color(QPalette::Base), 0.6);
}

void OverlayMarks::setCursor(std::optional<double> x)
{
    if (cursor() == x)
        return;
    for (auto* cursor : m_cursors)
        cursor->x = x;
    m_cursors.front()->layer()->replot();
}

std::optional<double> OverlayMarks::cursor() const
{
    return m_cursors.front()->x;
}

} // namespace frostline
