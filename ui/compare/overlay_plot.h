#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QWidget>

#include "compare/overlay_run.h"
#include "plots/plot_scaling.h"

class QCPRange;
class QCustomPlot;
class QMenu;
class QMouseEvent;

namespace frostline {

class HoverLink;
class OverlayLegend;
class OverlayMarks;
class OverlayPanel;

/// Curves of several runs over one another: loss on top, accuracy below, one shared axis. GUI thread.
class OverlayPlot : public QWidget {
    Q_OBJECT
public:
    explicit OverlayPlot(HoverLink& hover, QWidget* parent = nullptr);
    ~OverlayPlot() override;

    void setRuns(std::vector<OverlayRun> runs, Alignment alignment);
    const std::vector<OverlayRun>& runs() const { return m_runs; }
    void setShowsTraining(bool on);
    void setLogarithmicLoss(bool on);

    bool isFitted() const { return m_followsX; }
    Interval xRange() const;
    /// A place on this widget where a run's curve is; null where it is out of view.
    QPoint positionOf(const QString& folder, double x) const;
    /// With legend and axis titles, on white paper; by suffix: `png`, `svg` or `pdf`.
    QByteArray picture(const QString& suffix);

public Q_SLOTS:
    void fit();

Q_SIGNALS:
    void fittedChanged(bool fitted);
    void openRequested(const QString& folder);
    void branchRequested(const QString& folder, frostline::Step step);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void createCanvas();
    void createPanels();
    void connectCanvas();
    void applyAlignment();
    void showAccuracy(bool on);
    void applyStyle();
    void scheduleRedraw();
    void sync();
    Interval wholeX() const;
    void setXRange(const Interval& range);
    void takeUserRange(const Interval& range);
    void zoom(double factor);
    void pan(double share);
    const OverlayRun* runOf(const QString& folder) const;
    const OverlayRun* runAt(const QPointF& place) const;
    const OverlayPanel* panelAt(const QPointF& place) const;
    void followMouse(const QMouseEvent& event);
    void showMenu(const OverlayRun* run, double x, const QPoint& position);
    void lightNext(bool forward);
    void moveCursor(double share);
    void tell(const OverlayRun& run, double x, const QPoint& place);

    HoverLink& m_hover;
    QCustomPlot* m_canvas;
    std::vector<OverlayRun> m_runs;
    Alignment m_alignment = Alignment::Steps;
    std::vector<std::unique_ptr<OverlayPanel>> m_panels; ///< Loss, accuracy.
    std::unique_ptr<OverlayLegend> m_legend;
    std::unique_ptr<OverlayMarks> m_marks;
    bool m_showsTraining = true;
    bool m_followsX = true;
    bool m_settingX = false;
    bool m_isDirty = true;
    bool m_isPrinting = false;
};

} // namespace frostline
