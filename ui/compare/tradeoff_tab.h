#pragma once

#include <optional>
#include <vector>

#include <QPointF>
#include <QWidget>

#include "compare/compared_run.h"
#include "session/comparison.h"

class QCPAxisRect;
class QCPGraph;
class QCustomPlot;
class QMouseEvent;

namespace frostline {

class AxisTitle;
class HoverLink;

/// What accuracy costs: over the share of the network that trained, with the runs that no other beats at
/// less, and over time. GUI thread.
class TradeoffTab : public QWidget {
    Q_OBJECT
public:
    explicit TradeoffTab(HoverLink& hover, QWidget* parent = nullptr);
    ~TradeoffTab() override;

    void setSessions(const ComparedRuns& sessions);
    /// Where a run's point is on this widget; null where it has none.
    QPoint positionOf(const QString& folder) const;
    /// Folders of the runs that no other beats, from the smallest share on.
    QStringList front() const;
    QByteArray picture(const QString& suffix);

Q_SIGNALS:
    void messageRequested(const QString& message);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    /// What is drawn of one session.
    struct Run {
        ComparedRun session;
        double share = 0.0;
        std::optional<double> accuracy; ///< The best.
        std::vector<CurvePoint> overTime;
        QCPGraph* point = nullptr;
        QCPGraph* curve = nullptr;
    };

    void createCanvas();
    void createFrames();
    void arrange();
    void fillRuns();
    void fillFront();
    void fitAxes();
    void applyStyle(const QPalette& palette, bool isPicture);
    void drawNames(const QPalette& palette);
    void redraw();
    void followMouse(const QMouseEvent& event);
    const Run* runAt(const QPointF& place) const;
    double distance(const Run& run, const QPointF& place) const;
    void exportPicture();

    HoverLink& m_hover;
    QCustomPlot* m_canvas;
    QCPAxisRect* m_share = nullptr;
    QCPAxisRect* m_time = nullptr;
    QCPGraph* m_front = nullptr;
    std::vector<Run> m_runs;
    bool m_isWide = false;
};

} // namespace frostline
