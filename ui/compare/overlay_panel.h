#pragma once

#include <optional>
#include <vector>

#include <QCoreApplication>

#include "compare/overlay_run.h"
#include "plots/axis_title.h"
#include "plots/plot_scaling.h"

class QCPAxis;
class QCPAxisRect;
class QCPGraph;
class QCustomPlot;
class QFont;
class QPalette;
class QPointF;

namespace frostline {

enum class OverlayMetric { Loss, Accuracy };

/// One of the stacked plots of the overlay: an axis rectangle of the canvas, which owns it, with the curves
/// of all runs. GUI thread.
class OverlayPanel {
    Q_DECLARE_TR_FUNCTIONS(frostline::OverlayPanel)
public:
    OverlayPanel(QCustomPlot& canvas, OverlayMetric metric);

    QCPAxisRect& rect() const { return *m_rect; }
    QCPAxis& xAxis() const;
    QCPAxis& yAxis() const;
    OverlayMetric metric() const { return m_metric; }
    const OverlayCurve& curveOf(const OverlayRun& run) const;

    /// Makes curves for other runs.
    void setRuns(const std::vector<OverlayRun>& runs);
    void setShowsTraining(bool on);
    void setLogarithmic(bool on);
    /// Brings the curves up to what is in view, and the value axis up to them.
    void sync(const std::vector<OverlayRun>& runs, const Interval& view, int columns);
    /// One of them, or none, is lit up.
    void applyStyle(const std::vector<OverlayRun>& runs, const QString& lit, const QPalette& palette,
                    const QFont& font);

    /// How far a run's curves are from a place on the canvas, in pixels; nothing where it has none there.
    std::optional<double> distance(const OverlayRun& run, const QPointF& place) const;
    /// The height that stands for a run: of its validation curve, or of its training where there is none.
    std::optional<double> heightOf(const OverlayRun& run, double x) const;

private:
    struct Graphs {
        QCPGraph* training = nullptr;
        QCPGraph* inheritedTraining = nullptr; ///< Of a branch: its parent's part; so is the next.
        QCPGraph* validation = nullptr;
        QCPGraph* inheritedValidation = nullptr;
        QCPGraph* trainingLower = nullptr; ///< Of several seeds; so are the next.
        QCPGraph* trainingUpper = nullptr;
        QCPGraph* validationLower = nullptr;
        QCPGraph* validationUpper = nullptr;
    };

    QCPGraph* addGraph();
    Graphs graphsFor(const OverlayRun& run);
    void fillTraining(const Graphs& graphs, const OverlayRun& run, const Interval& view, int columns) const;
    void fillValidation(const Graphs& graphs, const OverlayRun& run) const;
    void style(const Graphs& graphs, const OverlayRun& run, const QColor& colour, bool isLit) const;
    void fit(const std::vector<OverlayRun>& runs, const Interval& view);
    void includeCurve(std::optional<Interval>& values, const OverlayCurve& curve, const Interval& view) const;

    QCustomPlot& m_canvas;
    OverlayMetric m_metric;
    QCPAxisRect* m_rect;
    AxisTitle m_title;
    std::vector<Graphs> m_graphs; ///< In the runs' order.
    bool m_showsTraining = true;
    bool m_isLogarithmic = false;
};

} // namespace frostline
