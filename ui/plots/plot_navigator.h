#pragma once

#include <QObject>
#include <QPoint>

#include "plots/crosshair.h"

class QCustomPlot;
class QKeyEvent;
class QMouseEvent;

namespace frostline {

class Markers;

/// Mouse and keys on the canvas: crosshair, markers, and zoom along the shared axis (wheel zooms, drag pans,
/// Shift and drag zooms into a box). GUI thread.
class PlotNavigator : public QObject {
    Q_OBJECT
public:
    PlotNavigator(QCustomPlot& canvas, const CurveModel& model, const PlotPanels& panels,
                  const Markers& markers, Crosshair& crosshair, QObject* parent);

    /// True if the key meant something here.
    bool handleKey(const QKeyEvent& event);

Q_SIGNALS:
    void markerClicked(int index);
    void markerReached(int index);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void startMouse(const QMouseEvent& event);
    void followMouse(const QMouseEvent& event);
    void endMouse(const QMouseEvent& event);
    void showTooltip(const QMouseEvent& event);
    bool handleZoomKey(int key);
    bool handlePointKey(const QKeyEvent& event);
    bool handleMarkerKey(const QKeyEvent& event);
    void movePoint(std::ptrdiff_t distance);
    void goToMarker(bool forward);
    void zoom(double factor);
    void keepInView(double x);
    std::ptrdiff_t pageSize() const;
    bool isInPlots(const QPointF& position) const;

    QCustomPlot& m_canvas;
    const CurveModel& m_model;
    const PlotPanels& m_panels;
    const Markers& m_markers;
    Crosshair& m_crosshair;
    QPoint m_pressed;
};

} // namespace frostline
