#include "plots/plot_navigator.h"

#include <algorithm>

#include <qcustomplot.h>

#include "plots/curve_model.h"
#include "plots/markers.h"
#include "plots/plot_panel.h"

namespace frostline {

namespace {

constexpr double kZoomStep = 0.7;
constexpr std::ptrdiff_t kPages = 10; ///< Page Up and Down move by this part of the view.

} // namespace

PlotNavigator::PlotNavigator(QCustomPlot& canvas, const CurveModel& model, const PlotPanels& panels,
                             const Markers& markers, Crosshair& crosshair, QObject* parent)
    : QObject(parent),
      m_canvas(canvas),
      m_model(model),
      m_panels(panels),
      m_markers(markers),
      m_crosshair(crosshair)
{
    canvas.setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    canvas.setMouseTracking(true);
    canvas.installEventFilter(this);
    connect(&canvas, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) { startMouse(*event); });
    connect(&canvas, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { followMouse(*event); });
    connect(&canvas, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) { endMouse(*event); });
}

bool PlotNavigator::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == &m_canvas && event->type() == QEvent::Leave)
        m_crosshair.hide();
    return QObject::eventFilter(watched, event);
}

void PlotNavigator::startMouse(const QMouseEvent& event)
{
    m_pressed = event.pos();
    const bool isBox = event.modifiers().testFlag(Qt::ShiftModifier);
    m_canvas.setSelectionRectMode(isBox ? QCP::srmZoom : QCP::srmNone);
}

void PlotNavigator::followMouse(const QMouseEvent& event)
{
    if (event.buttons() != Qt::NoButton)
        return;
    showTooltip(event);
    if (isInPlots(event.position()))
        m_crosshair.moveTo(m_panels.front()->xAxis().pixelToCoord(event.position().x()),
                           event.position().y());
    else if (m_crosshair.point())
        m_crosshair.hide();
}

void PlotNavigator::showTooltip(const QMouseEvent& event)
{
    const QString text = m_markers.textAt(event.position());
    m_canvas.setCursor(text.isEmpty() ? Qt::ArrowCursor : Qt::PointingHandCursor);
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event.globalPosition().toPoint(), text, &m_canvas);
}

void PlotNavigator::endMouse(const QMouseEvent& event)
{
    const bool isClick = (event.pos() - m_pressed).manhattanLength() < QApplication::startDragDistance();
    if (!isClick || event.button() != Qt::LeftButton)
        return;
    const int index = m_markers.at(event.position());
    if (index >= 0)
        Q_EMIT markerClicked(index);
}

bool PlotNavigator::handleKey(const QKeyEvent& event)
{
    return handleMarkerKey(event) || handlePointKey(event) || handleZoomKey(event.key());
}

bool PlotNavigator::handleMarkerKey(const QKeyEvent& event)
{
    const bool isArrow = event.key() == Qt::Key_Left || event.key() == Qt::Key_Right;
    if (isArrow && event.modifiers().testFlag(Qt::ControlModifier)) {
        goToMarker(event.key() == Qt::Key_Right);
        return true;
    }
    const bool isEnter = event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
    if (!isEnter || m_markers.highlighted() < 0)
        return false;
    Q_EMIT markerClicked(m_markers.highlighted());
    return true;
}

bool PlotNavigator::handlePointKey(const QKeyEvent& event)
{
    const std::ptrdiff_t reach = event.modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
    const auto all = static_cast<std::ptrdiff_t>(m_model.x().size());
    switch (event.key()) {
    case Qt::Key_Left:
        movePoint(-reach);
        return true;
    case Qt::Key_Right:
        movePoint(reach);
        return true;
    case Qt::Key_PageUp:
        movePoint(-pageSize());
        return true;
    case Qt::Key_PageDown:
        movePoint(pageSize());
        return true;
    case Qt::Key_Home:
        movePoint(-all);
        return true;
    case Qt::Key_End:
        movePoint(all);
        return true;
    case Qt::Key_Escape:
        m_crosshair.hide();
        return true;
    default:
        return false;
    }
}

bool PlotNavigator::handleZoomKey(int key)
{
    if (key != Qt::Key_Plus && key != Qt::Key_Equal && key != Qt::Key_Minus)
        return false;
    zoom(key == Qt::Key_Minus ? 1.0 / kZoomStep : kZoomStep);
    return true;
}

void PlotNavigator::movePoint(std::ptrdiff_t distance)
{
    if (m_model.x().empty())
        return;
    const auto last = static_cast<std::ptrdiff_t>(m_model.x().size()) - 1;
    const double middle = m_panels.front()->xAxis().range().center();
    const auto from = static_cast<std::ptrdiff_t>(m_crosshair.point().value_or(m_model.nearest(middle)));
    const auto to = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(from + distance, 0, last));
    keepInView(m_model.x()[to]);
    m_crosshair.moveToPoint(to);
}

void PlotNavigator::goToMarker(bool forward)
{
    const QCPRange range = m_panels.front()->xAxis().range();
    const int current = m_markers.highlighted();
    const double start = current >= 0 ? m_markers.xOf(current) : forward ? range.lower : range.upper;
    const int index = m_markers.neighbour(start, forward);
    if (index < 0)
        return;
    keepInView(m_markers.xOf(index));
    m_crosshair.moveTo(m_markers.xOf(index));
    Q_EMIT markerReached(index);
}

void PlotNavigator::zoom(double factor)
{
    QCPAxis& axis = m_panels.front()->xAxis();
    const auto point = m_crosshair.point();
    axis.scaleRange(factor, point ? m_model.x()[*point] : axis.range().center());
    m_canvas.replot(QCustomPlot::rpQueuedReplot);
}

void PlotNavigator::keepInView(double x)
{
    QCPAxis& axis = m_panels.front()->xAxis();
    if (axis.range().contains(x))
        return;
    axis.moveRange(x - axis.range().center());
    m_canvas.replot(QCustomPlot::rpImmediateRefresh);
}

std::ptrdiff_t PlotNavigator::pageSize() const
{
    const QCPRange range = m_panels.front()->xAxis().range();
    const auto [first, last] = stretchInView(m_model.x(), range.lower, range.upper);
    return std::max<std::ptrdiff_t>(1, static_cast<std::ptrdiff_t>(last - first) / kPages);
}

bool PlotNavigator::isInPlots(const QPointF& position) const
{
    const QRectF area(m_panels.front()->rect().topLeft(), m_panels.back()->rect().bottomRight());
    return area.contains(position);
}

} // namespace frostline
