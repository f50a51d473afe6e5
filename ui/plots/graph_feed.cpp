#include "plots/graph_feed.h"

#include <cmath>
#include <limits>

#include <qcustomplot.h>

#include "plots/envelope.h"
#include "plots/plot_panel.h"

namespace frostline {

namespace {

/// Only not-a-number breaks a line; infinity would be drawn towards.
double drawable(double value)
{
    return std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
}

void addNew(QCPGraph& graph, std::span<const double> x, const CurveData& curve)
{
    const auto known = static_cast<std::size_t>(graph.data()->size());
    QVector<QCPGraphData> added;
    added.reserve(static_cast<qsizetype>(curve.size() - known));
    for (std::size_t i = known; i < curve.size(); ++i)
        added.push_back({x[i], drawable(curve[i])});
    graph.data()->add(added, true);
}

void setEnvelope(QCPGraph& graph, std::span<const double> x, const CurveData& curve, const XWindow& window)
{
    const auto picked = envelope(x, curve, window.interval.lower, window.interval.upper, window.columns);
    QVector<QCPGraphData> drawn;
    drawn.reserve(static_cast<qsizetype>(picked.size()));
    for (const std::size_t i : picked)
        drawn.push_back({x[i], drawable(curve[i])});
    graph.data()->set(drawn, true);
}

} // namespace

void feed(QCPGraph& graph, std::span<const double> x, const CurveData& curve, const XWindow& window)
{
    if (curve.size() > kEnvelopeLimit)
        setEnvelope(graph, x, curve, window);
    else
        addNew(graph, x, curve);
}

} // namespace frostline
