#pragma once

#include <memory>
#include <span>
#include <vector>

#include <QWidget>

#include "plots/branch_menu.h"
#include "plots/crosshair.h"
#include "plots/curve_model.h"
#include "plots/step_axis.h"

class QCPLegend;
class QCPTextElement;
class QCustomPlot;
class QImage;

namespace frostline {

class BestBadge;
class Markers;
class PlotNavigator;

enum class PictureFormat { Png, Svg, Pdf };

/// Loss, accuracy (or mean absolute error), learning rate and sparsity of one run, stacked over one shared
/// axis. Shows all there is until the user zooms or pans. Draws only while visible. GUI thread.
class MetricPlot : public QWidget, public StepAxis {
    Q_OBJECT
public:
    explicit MetricPlot(QWidget* parent = nullptr);
    ~MetricPlot() override;

    void clear();
    void setTitle(const QString& title);
    void setStepsPerEpoch(Step steps);
    void append(std::span<const MetricPoint> points);
    void addEpoch(const EpochRecord& record);
    void addIntervention(const Intervention& intervention);

    const MetricHistory& history() const { return m_model.history(); }
    bool isEmpty() const { return m_model.isEmpty(); }
    bool isFitted() const;
    const QWidget& stepWidget() const override { return *this; }
    QRect stepArea() const override { return area(Metric::Loss); }
    XAxis axis() const override { return m_model.axis(); }
    Interval xRange() const override;
    double xOf(Step step) const override { return history().xOf(step, axis()); }
    Step stepAt(double x) const override { return history().stepAt(x, axis()); }
    Interval yRange(Metric metric) const;
    QRect area(Metric metric) const;
    /// A place where the marker can be clicked; null if it is out of view.
    QPoint markerPosition(int index) const;
    int selectedMarker() const;

    /// At least as wide a margin left of the value axes, so that something under the plots can line up.
    void setLeftRoom(int pixels);
    /// Why nothing can be branched from; empty where it can.
    void setBranchObstacle(const QString& why) { m_branchObstacle = why; }
    /// What the context menu offers there.
    std::vector<BranchPlace> branchPlacesAt(const QPoint& position) const;

    /// In colours for white paper, with title, legend and axis titles; without the crosshair.
    QByteArray picture(PictureFormat format);
    QImage image();
    QSize pictureSize() const;

public Q_SLOTS:
    void fit();
    void setAxis(XAxis axis);
    void setSmoothing(double weight);
    void setLogarithmicLoss(bool on);
    void setIgnoresOutliers(bool on);
    void setLegendVisible(bool on);
    void setCrosshairEnabled(bool on);
    /// Highlights a marker; -1 highlights none.
    void selectMarker(int index);

Q_SIGNALS:
    void markerClicked(int index);
    void markerSelected(int index); ///< By mouse or key.
    void branchRequested(frostline::Step step);
    void fittedChanged(bool fitted);
    void viewChanged(); ///< Range, axis, place or contents: after each time it was drawn.

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void createLayers();
    void createHeader();
    void createPanels();
    void linkAxes();
    void connectNavigator();
    void applyPalette(const QPalette& palette);
    void applyAxis();
    void applyMargins();
    void fitTitle(int width);
    void scheduleRedraw();
    void sync();
    void syncMarkers();
    void showQuality(Metric metric);
    Interval wholeX() const;
    void setXRange(const Interval& range);
    void takeUserRange(const Interval& range);
    QColor markerColour(const Change& change) const;
    QPalette shownPalette() const;
    /// By what it shows at first.
    PlotPanel& panel(Metric metric) const;

    CurveModel m_model;
    QCustomPlot* m_canvas;
    QCPLegend* m_legend = nullptr;
    QCPTextElement* m_title = nullptr;
    QString m_titleText; ///< Whole; m_title shows as much as there is room for.
    PlotPanels m_panels;
    std::unique_ptr<Markers> m_markers;
    std::unique_ptr<Crosshair> m_crosshair;
    std::unique_ptr<BestBadge> m_best;
    PlotNavigator* m_navigator = nullptr;
    QString m_branchObstacle;
    int m_leftRoom = 0;
    bool m_isDirty = true;
    bool m_followsX = true;
    bool m_settingX = false;
    bool m_ignoresOutliers = false;
    bool m_isPrinting = false;
};

} // namespace frostline
