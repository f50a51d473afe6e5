#pragma once

#include <memory>
#include <span>
#include <vector>

#include <QWidget>

#include "range/range_marks.h"
#include "training/range_test.h"

class QCPAxisRect;
class QCPGraph;
class QCPLegend;
class QCustomPlot;
class QMouseEvent;

namespace frostline {

/// The curve of a range test: loss over the learning rate's logarithm, each step's faint, smoothed strong,
/// and the suggested rates on it. GUI thread.
class RangePlot : public QWidget {
    Q_OBJECT
public:
    explicit RangePlot(QWidget* parent = nullptr);
    ~RangePlot() override;

    /// An empty curve between two rates.
    void begin(double start, double end);
    void add(std::span<const RangePoint> points);
    /// Where the curve is whole.
    void setSuggestions(const std::vector<RateSuggestion>& suggestions);
    const std::vector<RangePoint>& points() const { return m_points; }

    /// A place on this widget where a suggestion's shape is; null where it has none.
    QPoint positionOf(RateMethod method) const;
    /// With legend and axis titles, on white paper; by suffix: `png`, `svg` or `pdf`.
    QByteArray picture(const QString& suffix);

protected:
    void changeEvent(QEvent* event) override;

private:
    void createCanvas();
    void createCurves();
    void fit();
    void redraw();
    void applyStyle(const QPalette& palette);
    double smoothedAt(double rate) const;
    void followMouse(const QMouseEvent& event);

    QCustomPlot* m_canvas;
    QCPAxisRect* m_rect = nullptr;
    QCPLegend* m_legend = nullptr;
    QCPGraph* m_raw = nullptr;
    QCPGraph* m_smooth = nullptr;
    std::unique_ptr<RangeMarks> m_marks;
    std::vector<RangePoint> m_points;
    double m_start = 0.0;
    double m_end = 0.0;
};

} // namespace frostline
