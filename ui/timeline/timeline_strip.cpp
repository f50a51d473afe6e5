#include "timeline/timeline_strip.h"

#include <algorithm>
#include <cmath>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QScrollBar>
#include <QToolTip>

#include "plots/change_text.h"
#include "plots/mark_groups.h"
#include "plots/step_axis.h"
#include "timeline/freeze_look.h"

namespace frostline {

namespace {

constexpr int kLeastLabelWidth = 36;
constexpr int kMostLabelWidth = 150;
constexpr int kLabelRoom = 8; ///< Beside a name.
constexpr int kRightRoom = 14;
constexpr double kReach = 4.0; ///< Pixels beside a mark's line that still count as on it.
constexpr int kRowsShown = 8;
constexpr qsizetype kTipLines = 20;

QString whole(Step number)
{
    return QLocale().toString(static_cast<qlonglong>(number));
}

} // namespace

TimelineStrip::TimelineStrip(const FreezeTrack& track, const StepAxis& axis, QWidget* parent)
    : QAbstractScrollArea(parent),
      m_track(track),
      m_axis(axis),
      m_hint(tr("Press Start, or open a session: what was trainable when appears here"))
{
    setObjectName(QStringLiteral("timelineStrip"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Layers by step: what was trainable when"));
    setWhatsThis(
        tr("Arrow keys move from layer to layer and from step to step (Shift: by ten, Page Up and Down: "
           "further), Ctrl and arrow keys go from change to change, the menu key offers to branch."));
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setMouseTracking(true);
}

void TimelineStrip::setPlanned(const QString& hint)
{
    m_isPlanned = true;
    m_hint = hint;
    setAccessibleName(tr("Layers by step: what is to be trainable when"));
    setWhatsThis(tr("Arrow keys move from layer to layer and from step to step (Shift: by ten, Page Up and "
                    "Down: further), Ctrl and arrow keys go from phase to phase."));
}

void TimelineStrip::refresh()
{
    m_layer = m_track.layers().empty() ? 0 : std::min(m_layer, m_track.layers().size() - 1);
    m_step = std::min(m_step, m_track.steps());
    updateScrollBar();
    viewport()->update();
}

void TimelineStrip::setSelected(int intervention)
{
    if (m_selected == intervention)
        return;
    m_selected = intervention;
    viewport()->update();
}

double TimelineStrip::xOf(Step step) const
{
    const QRect steps = area();
    const Interval range = m_axis.xRange();
    const double x = m_axis.xOf(step);
    return steps.left() + (x - range.lower) / range.size() * steps.width();
}

Step TimelineStrip::stepAt(double x) const
{
    const QRect steps = area();
    const Interval range = m_axis.xRange();
    const double place = range.lower + (x - steps.left()) / steps.width() * range.size();
    return m_axis.stepAt(place);
}

QRect TimelineStrip::rowRect(std::size_t layer) const
{
    const int top = headerHeight() + static_cast<int>(layer) * rowHeight() - verticalScrollBar()->value();
    return {area().left(), top, area().width(), rowHeight()};
}

std::optional<std::size_t> TimelineStrip::layerAt(int y) const
{
    if (y < headerHeight() || y >= viewport()->height() - rulerHeight())
        return std::nullopt;
    const auto row =
        static_cast<std::size_t>((y - headerHeight() + verticalScrollBar()->value()) / rowHeight());
    return row < m_track.layers().size() ? std::optional(row) : std::nullopt;
}

std::vector<std::size_t> TimelineStrip::marksAt(const QPoint& position) const
{
    std::vector<std::size_t> found;
    for (const auto& mark : layOutMarks()) {
        if (!mark.box.contains(position))
            continue;
        for (std::size_t i = 0; i < mark.count; ++i)
            found.push_back(mark.first + i);
        return found;
    }
    double nearest = kReach;
    for (std::size_t i = 0; i < m_track.interventions().size(); ++i) {
        const double distance = std::abs(xOf(m_track.interventions()[i].step) - position.x());
        if (distance < nearest)
            found.clear();
        if (distance <= nearest) {
            nearest = distance;
            found.push_back(i);
        }
    }
    return found;
}

QString TimelineStrip::tipAt(const QPoint& position) const
{
    QStringList lines;
    const auto marks = marksAt(position);
    for (const std::size_t i : marks)
        lines << describe(m_track.interventions()[i]);
    if (lines.size() > kTipLines)
        lines = lines.first(kTipLines) << tr("and %1 more").arg(lines.size() - kTipLines);
    const auto layer = layerAt(position.y());
    if (!layer)
        return lines.join(QLatin1Char('\n'));
    const QString path = QString::fromStdString(m_track.layers()[*layer].path);
    const auto span =
        position.x() < area().left() ? std::nullopt : m_track.spanAt(*layer, stepAt(position.x()));
    if (span)
        lines.prepend(tr("%1: %2 from step %3 to %4")
                          .arg(path, lookName(span->state), whole(span->from), whole(span->to)));
    else
        lines.prepend(path);
    return lines.join(QLatin1Char('\n'));
}

std::vector<BranchPlace> TimelineStrip::branchPlacesAt(const QPoint& position) const
{
    std::vector<BranchPlace> places;
    if (const auto marks = marksAt(position); !marks.empty())
        places.push_back(placeBefore(m_track.interventions()[marks.front()]));
    if (position.x() >= area().left())
        places.push_back(placeAt(stepAt(position.x())));
    return places;
}

int TimelineStrip::labelWidth() const
{
    if (m_measuredLayers == m_track.layers().size())
        return m_labelWidth;
    int widest = 0;
    for (const auto& layer : m_track.layers())
        widest = std::max(widest, fontMetrics().horizontalAdvance(QString::fromStdString(layer.path)));
    m_measuredLayers = m_track.layers().size();
    m_labelWidth = std::min(widest + kLabelRoom, kMostLabelWidth);
    return m_labelWidth;
}

void TimelineStrip::showOtherLayers()
{
    m_measuredLayers.reset();
    verticalScrollBar()->setValue(0);
    refresh();
}

QRect TimelineStrip::plotArea() const
{
    const QRect area = m_axis.stepArea();
    return {viewport()->mapFromGlobal(m_axis.stepWidget().mapToGlobal(area.topLeft())), area.size()};
}

bool TimelineStrip::isAligned() const
{
    const QRect plot = plotArea();
    return m_axis.stepWidget().window() == window() && plot.width() > 1 && plot.left() >= kLeastLabelWidth &&
           plot.right() <= viewport()->width();
}

QRect TimelineStrip::area() const
{
    if (m_paintedArea)
        return *m_paintedArea;
    const int height = viewport()->height();
    if (isAligned())
        return {plotArea().left(), 0, plotArea().width(), height};
    const int left = labelWidth();
    return {left, 0, std::max(1, viewport()->width() - left - kRightRoom), height};
}

int TimelineStrip::rowHeight() const
{
    return fontMetrics().height() + 1;
}

int TimelineStrip::headerHeight() const
{
    return 2 * (fontMetrics().height() + 4) + 2;
}

int TimelineStrip::rulerHeight() const
{
    return fontMetrics().height() + 5;
}

int TimelineStrip::rowsHeight() const
{
    return std::max(0, viewport()->height() - headerHeight() - rulerHeight());
}

QSize TimelineStrip::sizeHint() const
{
    return {600, headerHeight() + kRowsShown * rowHeight() + rulerHeight()};
}

QSize TimelineStrip::minimumSizeHint() const
{
    return {160, headerHeight() + 2 * rowHeight() + rulerHeight()};
}

void TimelineStrip::updateScrollBar()
{
    const int all = static_cast<int>(m_track.layers().size()) * rowHeight();
    verticalScrollBar()->setPageStep(rowsHeight());
    verticalScrollBar()->setSingleStep(rowHeight());
    verticalScrollBar()->setRange(0, std::max(0, all - rowsHeight()));
}

void TimelineStrip::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateScrollBar();
}

void TimelineStrip::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange) {
        m_measuredLayers.reset();
        updateScrollBar();
    }
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        viewport()->update();
}

void TimelineStrip::mousePressEvent(QMouseEvent* event)
{
    const QPoint position = event->position().toPoint();
    if (event->button() == Qt::LeftButton) {
        if (const auto marks = marksAt(position); !marks.empty())
            Q_EMIT interventionChosen(static_cast<int>(leadOf(m_track.interventions(), marks.front())));
    }
    if (const auto layer = layerAt(position.y()))
        moveTo(*layer, position.x() < area().left() ? m_step : stepAt(position.x()));
}

bool TimelineStrip::viewportEvent(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString tip = tipAt(help->pos());
    if (tip.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), tip, viewport());
    return true;
}

void TimelineStrip::contextMenuEvent(QContextMenuEvent* event)
{
    if (m_track.layers().empty() || m_isPlanned)
        return;
    QPoint position = event->pos();
    if (event->reason() == QContextMenuEvent::Keyboard)
        position = {static_cast<int>(std::lround(xOf(m_step))), rowRect(m_layer).center().y()};
    const auto places = branchPlacesAt(position);
    if (!places.empty())
        showBranchMenu(this, viewport()->mapToGlobal(position), places, m_branchObstacle,
                       [this](Step step) { Q_EMIT branchRequested(step); });
}

void TimelineStrip::keyPressEvent(QKeyEvent* event)
{
    const Step reach = event->modifiers().testFlag(Qt::ShiftModifier) ? 10 : 1;
    const bool isArrow = event->key() == Qt::Key_Left || event->key() == Qt::Key_Right;
    const Step page = std::max<Step>(1, (stepAt(area().right()) - stepAt(area().left())) / 10);
    if (isArrow && event->modifiers().testFlag(Qt::ControlModifier)) {
        goToIntervention(event->key() == Qt::Key_Right);
        return;
    }
    switch (event->key()) {
    case Qt::Key_Left:
        return moveBy(0, -reach);
    case Qt::Key_Right:
        return moveBy(0, reach);
    case Qt::Key_Up:
        return moveBy(-1, 0);
    case Qt::Key_Down:
        return moveBy(1, 0);
    case Qt::Key_PageUp:
        return moveBy(0, -page);
    case Qt::Key_PageDown:
        return moveBy(0, page);
    case Qt::Key_Home:
        return moveBy(0, -m_step);
    case Qt::Key_End:
        return moveBy(0, m_track.steps() - m_step);
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void TimelineStrip::moveBy(int layers, Step steps)
{
    if (m_track.layers().empty())
        return;
    const auto last = std::ssize(m_track.layers()) - 1;
    const auto layer = std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(m_layer) + layers, 0, last);
    moveTo(static_cast<std::size_t>(layer), std::clamp<Step>(m_step + steps, 0, m_track.steps()));
}

void TimelineStrip::moveTo(std::size_t layer, Step step)
{
    m_layer = layer;
    m_step = step;
    const QRect row = rowRect(layer);
    const int bottom = viewport()->height() - rulerHeight();
    auto* bar = verticalScrollBar();
    if (row.top() < headerHeight())
        bar->setValue(bar->value() + row.top() - headerHeight());
    else if (row.bottom() >= bottom)
        bar->setValue(bar->value() + row.bottom() + 1 - bottom);
    say();
    viewport()->update();
}

void TimelineStrip::goToIntervention(bool forward)
{
    const auto& all = m_track.interventions();
    const int last = static_cast<int>(all.size()) - 1;
    const int next = m_selected < 0 ? (forward ? 0 : last) : m_selected + (forward ? 1 : -1);
    if (next < 0 || next > last)
        return;
    moveTo(m_layer, all[static_cast<std::size_t>(next)].step);
    Q_EMIT interventionChosen(next);
}

/// For those who hear the place instead of seeing it.
void TimelineStrip::say()
{
    const auto span = m_track.spanAt(m_layer, m_step);
    if (span)
        setAccessibleDescription(tr("%1, step %2: %3 from step %4 to %5")
                                     .arg(QString::fromStdString(m_track.layers()[m_layer].path),
                                          whole(m_step), lookName(span->state), whole(span->from),
                                          whole(span->to)));
}

} // namespace frostline
