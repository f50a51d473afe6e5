#include "plots/best_badge.h"

#include <cmath>
#include <numbers>

#include <qcustomplot.h>

#include "plots/curve_model.h"
#include "plots/number_text.h"
#include "plots/plot_panel.h"
#include "theme/colours.h"

namespace frostline {

namespace {

QPainterPath starPath(double radius)
{
    QPolygonF corners;
    for (int i = 0; i < 10; ++i) {
        const double angle = std::numbers::pi * (i / 5.0 - 0.5);
        const double reach = i % 2 == 0 ? radius : radius * 0.42;
        corners.push_back({reach * std::cos(angle), reach * std::sin(angle)});
    }
    QPainterPath path;
    path.addPolygon(corners);
    path.closeSubpath();
    return path;
}

} // namespace

BestBadge::BestBadge(QCustomPlot& canvas, const PlotPanel& accuracy)
    : m_panel(accuracy),
      m_star(canvas.addGraph(&accuracy.xAxis(), &accuracy.yAxis())),
      m_label(new QCPItemText(&canvas))
{
    m_star->setLineStyle(QCPGraph::lsNone);
    m_star->setLayer(QStringLiteral("overlay"));
    m_label->setLayer(QStringLiteral("overlay"));
    m_label->setClipAxisRect(&accuracy.rect());
    m_label->position->setAxes(&accuracy.xAxis(), &accuracy.yAxis());
    m_label->position->setAxisRect(&accuracy.rect());
    m_label->setPadding(QMargins(6, 8, 6, 2));
    m_label->setVisible(false);
}

void BestBadge::sync(const CurveModel& model)
{
    const MetricHistory& history = model.history();
    const auto best = history.bestEpoch();
    m_star->data()->clear();
    m_label->setVisible(best.has_value());
    if (!best)
        return;
    const EpochRecord& record = history.epochs()[*best];
    const double x = history.xOf(record.step, model.axis());
    const double accuracy = record.validation->accuracy;
    m_star->addData(x, accuracy);
    const QLocale locale = m_star->parentPlot()->locale();
    m_label->setText(
        tr("best: epoch %1, %2").arg(locale.toString(record.epoch), percentText(accuracy, locale)));
    placeLabel(x, accuracy);
}

void BestBadge::placeLabel(double x, double accuracy)
{
    const QCPRange range = m_panel.xAxis().range();
    const double share = (x - range.lower) / range.size();
    const auto side = share < 0.2 ? Qt::AlignLeft : share > 0.8 ? Qt::AlignRight : Qt::AlignHCenter;
    m_label->setPositionAlignment(side | Qt::AlignTop);
    m_label->position->setCoords(x, accuracy);
}

void BestBadge::applyPalette(const QPalette& palette, const QFont& font)
{
    const QColor base = palette.color(QPalette::Base);
    QCPScatterStyle style(starPath(8.0), QPen(base, 1.2), seriesColour(5, palette), 8.0);
    m_star->setScatterStyle(style);
    QFont small = font;
    small.setPointSizeF(QFontInfo(font).pointSizeF() * 0.9);
    m_label->setFont(small);
    m_label->setColor(palette.color(QPalette::Text));
}

} // namespace frostline
