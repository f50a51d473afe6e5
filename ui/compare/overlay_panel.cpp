#include "compare/overlay_panel.h"

#include <algorithm>
#include <cmath>

#include <qcustomplot.h>

#include "compare/plot_frame.h"
#include "plots/tickers.h"

namespace frostline {

namespace {

constexpr double kPickReach = 2.0; ///< Pixels to both sides within which a curve counts as under the pointer.
constexpr double kMarkSize = 6.0;

void addPart(QVector<QCPGraphData>& own, QVector<QCPGraphData>& inherited, std::optional<double> branchX,
             double x, double y)
{
    const bool isInherited = branchX && x < *branchX;
    if (!isInherited && own.isEmpty() && !inherited.isEmpty())
        inherited.push_back({x, y}); // so that the parts meet
    (isInherited ? inherited : own).push_back({x, y});
}

void setBand(QCPGraph* lower, QCPGraph* upper, const std::vector<BandPoint>& band, std::size_t stride)
{
    if (!lower)
        return;
    QVector<QCPGraphData> low;
    QVector<QCPGraphData> high;
    for (std::size_t i = 0; i < band.size(); i += stride) {
        low.push_back({band[i].x, band[i].mean - band[i].deviation});
        high.push_back({band[i].x, band[i].mean + band[i].deviation});
    }
    lower->data()->set(low, true);
    upper->data()->set(high, true);
}

void styleBand(QCPGraph* lower, QCPGraph* upper, QColor colour, float alpha)
{
    if (!lower)
        return;
    lower->setPen(Qt::NoPen);
    upper->setPen(Qt::NoPen);
    colour.setAlphaF(alpha);
    upper->setBrush(colour);
    upper->setChannelFillGraph(lower);
}

void includeBand(std::optional<Interval>& values, const std::vector<BandPoint>& band, const Interval& view)
{
    for (const auto& point : band) {
        if (point.x < view.lower || point.x > view.upper)
            continue;
        include(values, point.mean - point.deviation);
        include(values, point.mean + point.deviation);
    }
}

} // namespace

OverlayPanel::OverlayPanel(QCustomPlot& canvas, OverlayMetric metric)
    : m_canvas(canvas),
      m_metric(metric),
      m_rect(new QCPAxisRect(&canvas, true)),
      m_title(canvas, *m_rect, metric == OverlayMetric::Loss ? tr("Loss") : tr("Accuracy"))
{
    createFrame(*m_rect);
    setLogarithmic(false);
}

QCPAxis& OverlayPanel::xAxis() const
{
    return *m_rect->axis(QCPAxis::atBottom);
}

QCPAxis& OverlayPanel::yAxis() const
{
    return *m_rect->axis(QCPAxis::atLeft);
}

const OverlayCurve& OverlayPanel::curveOf(const OverlayRun& run) const
{
    return m_metric == OverlayMetric::Loss ? run.loss : run.accuracy;
}

QCPGraph* OverlayPanel::addGraph()
{
    auto* graph = m_canvas.addGraph(&xAxis(), &yAxis());
    graph->setAdaptiveSampling(false); // the envelope has thinned it
    return graph;
}

OverlayPanel::Graphs OverlayPanel::graphsFor(const OverlayRun& run)
{
    Graphs graphs;
    if (!curveOf(run).trainingBand.empty()) {
        graphs.trainingLower = addGraph();
        graphs.trainingUpper = addGraph();
    }
    if (!curveOf(run).validationBand.empty()) {
        graphs.validationLower = addGraph();
        graphs.validationUpper = addGraph();
    }
    if (run.branchX) {
        graphs.inheritedTraining = addGraph();
        graphs.inheritedValidation = addGraph();
    }
    graphs.training = addGraph();
    graphs.validation = addGraph();
    return graphs;
}

void OverlayPanel::setRuns(const std::vector<OverlayRun>& runs)
{
    for (const auto& g : m_graphs) {
        for (auto* graph : {g.training, g.inheritedTraining, g.validation, g.inheritedValidation,
                            g.trainingUpper, g.trainingLower, g.validationUpper, g.validationLower}) {
            if (graph)
                m_canvas.removeGraph(graph);
        }
    }
    m_graphs.clear();
    for (const auto& run : runs) {
        m_graphs.push_back(graphsFor(run));
        fillValidation(m_graphs.back(), run);
    }
    setShowsTraining(m_showsTraining);
}

void OverlayPanel::setShowsTraining(bool on)
{
    m_showsTraining = on;
    for (const auto& g : m_graphs) {
        for (auto* graph : {g.training, g.inheritedTraining, g.trainingUpper, g.trainingLower}) {
            if (graph)
                graph->setVisible(on);
        }
    }
}

void OverlayPanel::setLogarithmic(bool on)
{
    m_isLogarithmic = on;
    yAxis().setTicker(on                                ? logarithmicTicker(5)
                      : m_metric == OverlayMetric::Loss ? numberTicker(5)
                                                        : percentTicker(5));
    yAxis().setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
}

void OverlayPanel::sync(const std::vector<OverlayRun>& runs, const Interval& view, int columns)
{
    for (std::size_t i = 0; i < m_graphs.size() && m_showsTraining; ++i)
        fillTraining(m_graphs[i], runs[i], view, columns);
    fit(runs, view);
}

void OverlayPanel::fillTraining(const Graphs& graphs, const OverlayRun& run, const Interval& view,
                                int columns) const
{
    const auto& curve = curveOf(run);
    QVector<QCPGraphData> own;
    QVector<QCPGraphData> inherited;
    for (const std::size_t i : envelope(curve.x, curve.training, view.lower, view.upper, columns))
        addPart(own, inherited, run.branchX, curve.x[i], curve.training[i]);
    graphs.training->data()->set(own, true);
    if (graphs.inheritedTraining)
        graphs.inheritedTraining->data()->set(inherited, true);
    const auto stride = curve.trainingBand.size() / (2 * static_cast<std::size_t>(columns)) + 1;
    setBand(graphs.trainingLower, graphs.trainingUpper, curve.trainingBand, stride);
}

void OverlayPanel::fillValidation(const Graphs& graphs, const OverlayRun& run) const
{
    const auto& curve = curveOf(run);
    QVector<QCPGraphData> own;
    QVector<QCPGraphData> inherited;
    for (const auto& point : curve.validation)
        addPart(own, inherited, run.branchX, point.x, point.y);
    graphs.validation->data()->set(own, true);
    if (graphs.inheritedValidation)
        graphs.inheritedValidation->data()->set(inherited, true);
    setBand(graphs.validationLower, graphs.validationUpper, curve.validationBand, 1);
}

void OverlayPanel::applyStyle(const std::vector<OverlayRun>& runs, const QString& lit,
                              const QPalette& palette, const QFont& font)
{
    applyFrameStyle(*m_rect, palette, font);
    m_title.setStyle(font, palette.color(QPalette::Text));
    const QColor base = palette.color(QPalette::Base);
    const auto isLit = [&lit](const OverlayRun& run) { return run.folders.contains(lit); };
    const bool isAnyLit = std::ranges::any_of(runs, isLit);
    for (std::size_t i = 0; i < m_graphs.size(); ++i) {
        const QColor colour = colourOf(runs[i].style, palette);
        const bool isShaded = isAnyLit && !isLit(runs[i]);
        style(m_graphs[i], runs[i], isShaded ? faded(colour, base, 0.25) : colour,
              isAnyLit && isLit(runs[i]));
        const QColor faint = faded(m_graphs[i].validation->pen().color(), base, 0.5);
        m_graphs[i].training->setPen(QPen(faint, isLit(runs[i]) ? 1.6 : 1.0));
        if (!m_graphs[i].inheritedTraining)
            continue;
        m_graphs[i].inheritedTraining->setPen(QPen(faded(faint, base, 0.4), 1.0));
        m_graphs[i].inheritedValidation->setPen(
            QPen(faded(m_graphs[i].validation->pen().color(), base, 0.4), 1.2, Qt::DashLine));
    }
}

void OverlayPanel::style(const Graphs& graphs, const OverlayRun& run, const QColor& colour, bool isLit) const
{
    graphs.validation->setPen(QPen(colour, isLit ? 2.8 : 1.7, Qt::DashLine));
    const double size = isLit ? kMarkSize + 2.0 : kMarkSize;
    // A path is drawn six units wide at size six.
    graphs.validation->setScatterStyle(
        QCPScatterStyle(shapeOf(run.style, QPointF(), 3.0), QPen(colour, 0.5), colour, size));
    styleBand(graphs.trainingLower, graphs.trainingUpper, colour, 0.12F);
    styleBand(graphs.validationLower, graphs.validationUpper, colour, 0.25F);
    const auto layer = isLit ? QStringLiteral("lit") : QStringLiteral("main");
    for (auto* graph : {graphs.training, graphs.validation})
        graph->setLayer(layer);
}

void OverlayPanel::includeCurve(std::optional<Interval>& values, const OverlayCurve& curve,
                                const Interval& view) const
{
    for (const auto& point : curve.validation) {
        if (point.x >= view.lower && point.x <= view.upper)
            include(values, point.y);
    }
    includeBand(values, curve.validationBand, view);
    if (!m_showsTraining)
        return;
    const auto [first, last] = stretchInView(curve.x, view.lower, view.upper);
    if (const auto found = curve.training.extremes(first, last)) {
        include(values, curve.training[found->smallest]);
        include(values, curve.training[found->largest]);
    }
}

void OverlayPanel::fit(const std::vector<OverlayRun>& runs, const Interval& view)
{
    std::optional<Interval> values;
    for (const auto& run : runs)
        includeCurve(values, curveOf(run), view);
    if (m_isLogarithmic && values && values->lower <= 0.0)
        values->lower = std::min(1e-4, values->upper / 10.0);
    const auto range = padded(values.value_or(Interval{m_isLogarithmic ? 1e-3 : 0.0, 1.0}),
                              m_isLogarithmic ? Scale::Logarithmic : Scale::Linear);
    yAxis().setRange(range.lower, range.upper);
}

std::optional<double> OverlayPanel::distance(const OverlayRun& run, const QPointF& place) const
{
    const auto& curve = curveOf(run);
    const double x = xAxis().pixelToCoord(place.x());
    std::optional<double> nearest;
    const auto consider = [&](double low, double high) {
        const double top = yAxis().coordToPixel(high);
        const double bottom = yAxis().coordToPixel(low);
        const double off = std::max({top - place.y(), place.y() - bottom, 0.0});
        nearest = std::min(nearest.value_or(off), off);
    };
    if (const auto y = curve.validationAt(x))
        consider(*y, *y);
    const auto y = m_showsTraining ? curve.trainingAt(x) : std::nullopt;
    if (!y)
        return nearest;
    const auto [first, last] = stretchInView(curve.x, xAxis().pixelToCoord(place.x() - kPickReach),
                                             xAxis().pixelToCoord(place.x() + kPickReach));
    const auto found = last - first > 3 ? curve.training.extremes(first, last) : std::nullopt;
    if (found)
        consider(curve.training[found->smallest], curve.training[found->largest]);
    else
        consider(*y, *y);
    return nearest;
}

std::optional<double> OverlayPanel::heightOf(const OverlayRun& run, double x) const
{
    if (const auto y = curveOf(run).validationAt(x))
        return y;
    return m_showsTraining ? curveOf(run).trainingAt(x) : std::nullopt;
}

} // namespace frostline
