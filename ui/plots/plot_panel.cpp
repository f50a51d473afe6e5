#include "plots/plot_panel.h"

#include <algorithm>

#include <qcustomplot.h>

#include "plots/graph_feed.h"
#include "plots/tickers.h"
#include "theme/colours.h"

namespace frostline {

namespace {

constexpr std::size_t kSampleSize = 20'000; ///< Enough for percentiles, whatever the number of points.

int colourIndex(Metric metric)
{
    switch (metric) {
    case Metric::LearningRate:
        return 2;
    case Metric::Sparsity:
        return 3;
    case Metric::Loss:
    case Metric::Accuracy:
    case Metric::Error:
        break;
    }
    return 0;
}

bool isFraction(Metric metric)
{
    return metric == Metric::Accuracy || metric == Metric::Sparsity;
}

QColor blended(const QColor& colour, const QColor& base, double share)
{
    const auto mix = [share](int a, int b) { return static_cast<int>(a * share + b * (1.0 - share)); };
    return {mix(colour.red(), base.red()), mix(colour.green(), base.green()),
            mix(colour.blue(), base.blue())};
}

} // namespace

PlotPanel::PlotPanel(QCustomPlot& canvas, Metric metric)
    : m_metric(metric),
      m_rect(new QCPAxisRect(&canvas, true)),
      m_title(canvas, *m_rect, title(metric))
{
    createAxes();
    createCurves(canvas);
    setLogarithmic(metric == Metric::LearningRate);
}

void PlotPanel::setMetric(Metric metric)
{
    m_metric = metric;
    m_revision = -1;
    m_title.setText(title(metric));
    setLogarithmic(m_isLogarithmic);
}

QCPAxis& PlotPanel::xAxis() const
{
    return *m_rect->axis(QCPAxis::atBottom);
}

QCPAxis& PlotPanel::yAxis() const
{
    return *m_rect->axis(QCPAxis::atLeft);
}

QColor PlotPanel::trainingColour() const
{
    return m_smooth && m_smooth->visible() ? m_smooth->pen().color() : m_raw->pen().color();
}

QColor PlotPanel::validationColour() const
{
    return m_validation ? m_validation->pen().color() : QColor();
}

void PlotPanel::createAxes()
{
    m_rect->setLayer(QStringLiteral("background"));
    m_rect->setupFullAxesBox();
    for (QCPAxis* axis : m_rect->axes()) {
        axis->setLayer(QStringLiteral("axes"));
        axis->grid()->setLayer(QStringLiteral("grid"));
        axis->setTickLength(0, 4);
        axis->setSubTickLength(0, 2);
        axis->setNumberFormat(QStringLiteral("g"));
    }
    for (const auto side : {QCPAxis::atTop, QCPAxis::atRight})
        m_rect->axis(side)->setTicks(false);
    m_rect->setRangeDrag(Qt::Horizontal);
    m_rect->setRangeZoom(Qt::Horizontal);
    yAxis().setSubTicks(false);
    xAxis().setSubTicks(false);
    QObject::connect(&yAxis(), qOverload<const QCPRange&>(&QCPAxis::rangeChanged), m_rect,
                     [this] { m_followsData = m_followsData && m_fitting; });
}

void PlotPanel::createCurves(QCustomPlot& canvas)
{
    m_raw = canvas.addGraph(&xAxis(), &yAxis());
    m_raw->setName(tr("Training"));
    if (!isSmoothable(m_metric)) {
        m_raw->setLineStyle(QCPGraph::lsStepLeft);
        return;
    }
    m_smooth = canvas.addGraph(&xAxis(), &yAxis());
    m_smooth->setName(tr("Training"));
    m_smooth->setVisible(false);
    m_validation = canvas.addGraph(&xAxis(), &yAxis());
    m_validation->setName(tr("Validation"));
}

void PlotPanel::sync(const CurveModel& model, const XWindow& window)
{
    if (m_revision != model.revision()) {
        m_revision = model.revision();
        m_raw->data()->clear();
        if (m_smooth)
            m_smooth->data()->clear();
    }
    feed(*m_raw, model.x(), model.raw(m_metric), window);
    if (!m_smooth)
        return;
    feed(*m_smooth, model.x(), model.smooth(m_metric), window);
    fillValidation(model);
}

void PlotPanel::fillValidation(const CurveModel& model)
{
    QVector<double> keys;
    QVector<double> values;
    for (const auto& record : model.history().epochs()) {
        keys.push_back(model.history().xOf(record.step, model.axis()));
        values.push_back(validationOf(record, m_metric));
    }
    m_validation->setData(keys, values);
}

void PlotPanel::fit(const CurveModel& model, const XWindow& window, bool ignoresOutliers)
{
    if (!m_followsData)
        return;
    m_fitting = true;
    const Interval range = fitted(valuesInView(model, window, ignoresOutliers));
    yAxis().setRange(range.lower, range.upper);
    m_fitting = false;
}

std::optional<Interval> PlotPanel::valuesInView(const CurveModel& model, const XWindow& window,
                                                bool ignoresOutliers) const
{
    const CurveData& curve = model.raw(m_metric);
    const auto [first, last] = stretchInView(model.x(), window.interval.lower, window.interval.upper);
    std::vector<double> values;
    const std::size_t stride = ignoresOutliers ? (last - first) / kSampleSize + 1 : 1;
    if (ignoresOutliers) {
        for (std::size_t i = first; i < last; i += stride)
            values.push_back(curve[i]);
    } else if (const auto extremes = curve.extremes(first, last)) {
        values = {curve[extremes->smallest], curve[extremes->largest]};
    }
    for (const auto& record : model.history().epochs()) {
        const double x = model.history().xOf(record.step, model.axis());
        if (x >= window.interval.lower && x <= window.interval.upper)
            values.push_back(validationOf(record, m_metric));
    }
    if (ignoresOutliers)
        return withoutOutliers(std::move(values));
    std::optional<Interval> all;
    for (const double value : values)
        include(all, value);
    return all;
}

Interval PlotPanel::fitted(const std::optional<Interval>& values) const
{
    if (m_metric == Metric::Sparsity)
        return {-0.06, 1.06};
    if (!values)
        return m_isLogarithmic ? Interval{1e-5, 1.0} : Interval{0.0, 1.0};
    return padded(*values, m_isLogarithmic ? Scale::Logarithmic : Scale::Linear);
}

int PlotPanel::tickCount() const
{
    return isSmoothable(m_metric) ? 5 : 2;
}

void PlotPanel::setLogarithmic(bool on)
{
    m_isLogarithmic = on;
    m_followsData = true;
    if (on)
        yAxis().setTicker(logarithmicTicker(tickCount()));
    else
        yAxis().setTicker(isFraction(m_metric) ? percentTicker(tickCount()) : numberTicker(tickCount()));
    m_fitting = true;
    yAxis().setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    m_fitting = false;
}

void PlotPanel::addToLegend(QCPLegend& legend)
{
    m_raw->addToLegend(&legend);
    m_validation->addToLegend(&legend);
}

void PlotPanel::showSmoothing(bool on, QCPLegend& legend)
{
    if (!m_smooth)
        return;
    m_smooth->setVisible(on);
    m_raw->setName(on ? tr("Training, raw") : tr("Training"));
    if (legend.hasItemWithPlottable(m_raw)) {
        m_smooth->removeFromLegend(&legend);
        m_validation->removeFromLegend(&legend);
        if (on)
            m_smooth->addToLegend(&legend);
        m_validation->addToLegend(&legend);
    }
}

void PlotPanel::applyPalette(const QPalette& palette, const QFont& font)
{
    for (QCPAxis* axis : m_rect->axes())
        applyAxisPalette(*axis, palette, font);
    m_title.setStyle(font, palette.color(QPalette::Text));
    m_rect->setBackground(palette.brush(QPalette::Base));
    const QColor training = seriesColour(colourIndex(m_metric), palette);
    const bool isFaint = m_smooth && m_smooth->visible();
    const QColor base = palette.color(QPalette::Base);
    m_raw->setPen(QPen(isFaint ? blended(training, base, 0.35) : training, isFaint ? 1.0 : 1.4));
    if (!m_smooth)
        return;
    m_smooth->setPen(QPen(training, 1.8));
    const QColor validation = seriesColour(1, palette);
    m_validation->setPen(QPen(validation, 1.6, Qt::DashLine));
    m_validation->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, validation, validation, 6.0));
}

void PlotPanel::applyAxisPalette(QCPAxis& axis, const QPalette& palette, const QFont& font) const
{
    const QColor text = palette.color(QPalette::Text);
    const QColor base = palette.color(QPalette::Base);
    const QPen line(blended(text, base, 0.35), 1.0);
    QFont small = font;
    small.setPointSizeF(QFontInfo(font).pointSizeF() * 0.9);
    axis.setBasePen(line);
    axis.setTickPen(line);
    axis.setSubTickPen(line);
    axis.setLabelColor(text);
    axis.setTickLabelColor(blended(text, base, 0.8));
    axis.setLabelFont(font);
    axis.setTickLabelFont(small);
    axis.grid()->setPen(QPen(blended(text, base, 0.1), 1.0));
    axis.grid()->setZeroLinePen(Qt::NoPen);
}

QString PlotPanel::title(Metric metric)
{
    switch (metric) {
    case Metric::Accuracy:
        return tr("Accuracy");
    case Metric::LearningRate:
        return tr("Rate");
    case Metric::Sparsity:
        return tr("Sparsity");
    case Metric::Error:
        return tr("MAE");
    case Metric::Loss:
        break;
    }
    return tr("Loss");
}

} // namespace frostline
