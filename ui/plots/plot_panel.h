#pragma once

#include <optional>

#include <QColor>
#include <QCoreApplication>
#include <QString>

#include "plots/axis_title.h"
#include "plots/curve_model.h"

class QCPAxis;
class QCPAxisRect;
class QCPGraph;
class QCPLegend;
class QCustomPlot;
class QFont;
class QPalette;

namespace frostline {

/// The part of the shared axis in view.
struct XWindow {
    Interval interval;
    int columns = 1; ///< At least as many as pixels.
};

/// One of the stacked plots: an axis rectangle of the canvas, which owns it, with the curves of one metric.
/// GUI thread.
class PlotPanel {
    Q_DECLARE_TR_FUNCTIONS(frostline::PlotPanel)
public:
    PlotPanel(QCustomPlot& canvas, Metric metric);

    Metric metric() const { return m_metric; }
    /// Shows another metric in the same place; both may be smoothed.
    void setMetric(Metric metric);
    QCPAxisRect& rect() const { return *m_rect; }
    QCPAxis& xAxis() const;
    QCPAxis& yAxis() const;
    QColor trainingColour() const;
    QColor validationColour() const;

    /// Brings the curves up to what the model holds.
    void sync(const CurveModel& model, const XWindow& window);
    /// Scales the value axis to what is in view, unless the user has zoomed it.
    void fit(const CurveModel& model, const XWindow& window, bool ignoresOutliers);
    void followData() { m_followsData = true; }
    bool followsData() const { return m_followsData; }

    void setLogarithmic(bool on);
    void addToLegend(QCPLegend& legend);
    void showSmoothing(bool on, QCPLegend& legend);
    void applyPalette(const QPalette& palette, const QFont& font);

    static QString title(Metric metric);

private:
    void createAxes();
    void createCurves(QCustomPlot& canvas);
    void fillValidation(const CurveModel& model);
    void applyAxisPalette(QCPAxis& axis, const QPalette& palette, const QFont& font) const;
    std::optional<Interval> valuesInView(const CurveModel& model, const XWindow& window,
                                         bool ignoresOutliers) const;
    Interval fitted(const std::optional<Interval>& values) const;
    int tickCount() const;

    Metric m_metric;
    QCPAxisRect* m_rect;
    AxisTitle m_title;
    QCPGraph* m_raw = nullptr;
    QCPGraph* m_smooth = nullptr; ///< Only of a metric that may be smoothed; so is the next.
    QCPGraph* m_validation = nullptr;
    int m_revision = -1;
    bool m_isLogarithmic = false;
    bool m_followsData = true;
    bool m_fitting = false;
};

} // namespace frostline
