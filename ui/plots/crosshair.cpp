#include "plots/crosshair.h"

#include <algorithm>
#include <cmath>

#include <qcustomplot.h>

#include "plots/crosshair_table.h"
#include "plots/curve_model.h"
#include "plots/number_text.h"
#include "plots/plot_panel.h"

namespace frostline {

namespace {

constexpr int kTableMargin = 8;

struct Dot {
    QPointF position;
    QColor colour;
};

QString valueText(Metric metric, double value, const QLocale& locale)
{
    if (metric == Metric::LearningRate)
        return rateText(value, locale);
    const bool isFraction = metric == Metric::Accuracy || metric == Metric::Sparsity;
    return isFraction ? percentText(value, locale) : compactNumber(value, locale);
}

/// The last epoch that ended at or before a step, if it was validated.
const EpochRecord* lastValidated(const MetricHistory& history, Step step)
{
    const EpochRecord* result = nullptr;
    for (const auto& record : history.epochs()) {
        if (record.step <= step + 1 && record.validation)
            result = &record;
    }
    return result;
}

} // namespace

class CrosshairLayer : public QCPLayerable {
public:
    explicit CrosshairLayer(QCustomPlot& canvas) : QCPLayerable(&canvas, QStringLiteral("crosshair")) {}

    QLineF line;
    std::vector<Dot> dots;
    QColor colour;
    QColor base;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override
    {
        applyAntialiasingHint(painter, true, QCP::aeItems);
    }

    void draw(QCPPainter* painter) override
    {
        if (line.isNull())
            return;
        painter->setPen(QPen(colour, 1.0));
        painter->drawLine(line);
        for (const auto& dot : dots) {
            painter->setPen(QPen(base, 1.5));
            painter->setBrush(dot.colour);
            painter->drawEllipse(dot.position, 4.0, 4.0);
        }
    }
};

Crosshair::Crosshair(QCustomPlot& canvas, const CurveModel& model, const PlotPanels& panels)
    : m_canvas(canvas),
      m_model(model),
      m_panels(panels),
      m_layer(new CrosshairLayer(canvas)),
      m_table(new CrosshairTable(&canvas))
{
}

void Crosshair::setEnabled(bool on)
{
    m_isEnabled = on;
    if (!on)
        hide();
}

void Crosshair::applyPalette(const QPalette& palette)
{
    m_layer->colour = palette.color(QPalette::Text);
    m_layer->colour.setAlphaF(0.6f);
    m_layer->base = palette.color(QPalette::Base);
}

void Crosshair::moveTo(double x, std::optional<double> pointerY)
{
    if (!m_model.x().empty())
        show(m_model.nearest(x), pointerY);
}

void Crosshair::moveToPoint(std::size_t index)
{
    show(index, {});
}

void Crosshair::show(std::size_t index, std::optional<double> pointerY)
{
    m_pointerY = pointerY;
    if (!m_isEnabled || m_model.x().empty())
        return;
    m_point = std::min(index, m_model.x().size() - 1);
    refresh();
    m_layer->layer()->replot();
}

void Crosshair::hide()
{
    if (!m_point)
        return;
    m_point.reset();
    m_table->hide();
    m_layer->line = {};
    m_layer->layer()->replot();
}

void Crosshair::refresh()
{
    m_layer->dots.clear();
    m_layer->line = {};
    if (m_point && *m_point >= m_model.x().size())
        m_point.reset();
    if (m_point)
        draw();
    m_table->setVisible(!m_layer->line.isNull());
}

void Crosshair::draw()
{
    const auto& axis = m_panels.front()->xAxis();
    const double x = m_model.x()[*m_point];
    if (!axis.range().contains(x))
        return;
    const double pixel = axis.coordToPixel(x);
    m_layer->line = QLineF(pixel, m_panels.front()->rect().top(), pixel, m_panels.back()->rect().bottom());
    addDots(*m_point);
    m_table->setRows(rows(*m_point), m_model.smoothing() > 0.0);
    m_canvas.setAccessibleDescription(m_table->spoken());
    placeTable(pixel);
}

void Crosshair::addDots(std::size_t index)
{
    for (const auto& panel : m_panels) {
        const CurveData& smooth = m_model.smooth(panel->metric());
        const double value = smooth.empty() ? m_model.raw(panel->metric())[index] : smooth[index];
        const bool isDrawn = std::isfinite(value) && panel->yAxis().range().contains(value);
        if (isDrawn)
            m_layer->dots.push_back(
                {{m_layer->line.x1(), panel->yAxis().coordToPixel(value)}, panel->trainingColour()});
    }
}

void Crosshair::placeTable(double pixel)
{
    const QRect area(m_panels.front()->rect().topLeft(), m_panels.back()->rect().bottomRight());
    // Moved by keys, it is the first curve that is read.
    const double firstDot = m_layer->dots.empty() ? area.top() : m_layer->dots.front().position.y();
    const bool isOnLeft = pixel < area.center().x();
    const bool isAbove = m_pointerY.value_or(firstDot) < area.center().y();
    m_table->move(isOnLeft ? area.right() - m_table->width() - kTableMargin : area.left() + kTableMargin,
                  isAbove ? area.bottom() - m_table->height() - kTableMargin : area.top() + kTableMargin);
}

std::vector<CrosshairRow> Crosshair::rows(std::size_t index) const
{
    std::vector<CrosshairRow> result;
    for (const auto& panel : m_panels) {
        addTrainingRow(*panel, index, result);
        if (isSmoothable(panel->metric()))
            addValidationRow(*panel, index, result);
    }
    return result;
}

void Crosshair::addTrainingRow(const PlotPanel& panel, std::size_t index,
                               std::vector<CrosshairRow>& rows) const
{
    const QLocale locale = m_canvas.locale();
    const Metric metric = panel.metric();
    const MetricPoint& point = m_model.history().points()[index];
    const CurveData& smooth = m_model.smooth(metric);
    const QString name = PlotPanel::title(metric);
    rows.push_back({panel.trainingColour(), false, isSmoothable(metric) ? tr("%1, training").arg(name) : name,
                    smooth.empty() ? QString() : valueText(metric, smooth[index], locale),
                    valueText(metric, valueOf(point, metric), locale),
                    locale.toString(static_cast<qlonglong>(point.step)),
                    compactNumber(m_model.history().xOf(point.step, XAxis::Epochs), locale, 3),
                    durationText(point.seconds, locale)});
}

void Crosshair::addValidationRow(const PlotPanel& panel, std::size_t index,
                                 std::vector<CrosshairRow>& rows) const
{
    const QLocale locale = m_canvas.locale();
    const MetricHistory& history = m_model.history();
    const EpochRecord* record = lastValidated(history, history.points()[index].step);
    CrosshairRow row;
    row.colour = panel.validationColour();
    row.isDashed = true;
    row.curve = tr("%1, validation").arg(PlotPanel::title(panel.metric()));
    row.raw = QStringLiteral("–");
    if (record) {
        row.raw = valueText(panel.metric(), validationOf(*record, panel.metric()), locale);
        row.step = locale.toString(static_cast<qlonglong>(record->step));
        row.epoch = locale.toString(record->epoch);
        row.time = durationText(history.xOf(record->step, XAxis::Time), locale);
    }
    rows.push_back(row);
}

} // namespace frostline
