// How the strip looks; timeline_strip.cpp is what it does.

#include <algorithm>
#include <cmath>

#include <QLocale>
#include <QPainter>
#include <QScrollBar>

#include "plots/change_text.h"
#include "plots/mark_groups.h"
#include "plots/marker_layout.h"
#include "plots/number_text.h"
#include "plots/step_axis.h"
#include "theme/colours.h"
#include "timeline/freeze_look.h"
#include "timeline/timeline_strip.h"

namespace frostline {

namespace {

constexpr double kPadding = 4.0;  ///< Beside a mark's text.
constexpr int kRightRoom = 12;    ///< A label may reach beyond the last step as far as this.
constexpr int kTickDistance = 90; ///< Pixels from one number of the ruler to the next, at least.

QString countText(std::size_t count)
{
    return TimelineStrip::tr("+%1").arg(count);
}

/// 1, 2 or 5 times a power of ten, at least `least`.
double roundStep(double least)
{
    const double power = std::pow(10.0, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= least)
            return factor * power;
    }
    return 10.0 * power;
}

} // namespace

void TimelineStrip::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(viewport());
    if (m_track.layers().empty()) {
        paintHint(painter);
        return;
    }
    m_paintedArea = area();
    paintRows(painter);
    painter.setClipRect(QRect(area().left(), 0, area().width() + kRightRoom, viewport()->height()));
    paintLines(painter);
    paintCursor(painter);
    painter.setClipping(false);
    paintMarks(painter);
    paintRuler(painter);
    m_paintedArea.reset();
}

void TimelineStrip::paintHint(QPainter& painter) const
{
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(viewport()->rect().adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap, m_hint);
}

void TimelineStrip::paintRows(QPainter& painter) const
{
    painter.save();
    painter.setClipRect(QRect(0, headerHeight(), viewport()->width(), rowsHeight()));
    const int top = verticalScrollBar()->value() / rowHeight();
    const int last = (verticalScrollBar()->value() + rowsHeight()) / rowHeight();
    for (int row = top; row <= last && row < static_cast<int>(m_track.layers().size()); ++row) {
        paintName(painter, static_cast<std::size_t>(row));
        paintRow(painter, static_cast<std::size_t>(row));
    }
    painter.restore();
}

/// What several layers have in common with the one above stays faint, so that groups are seen.
void TimelineStrip::paintName(QPainter& painter, std::size_t layer) const
{
    const QRect row = rowRect(layer);
    const QRect room(2, row.top(), row.left() - 8, row.height());
    const QString path = QString::fromStdString(m_track.layers()[layer].path);
    const QString shown = fontMetrics().elidedText(path, Qt::ElideLeft, room.width());
    const auto dot = path.lastIndexOf(QLatin1Char('.'));
    const QString group = path.left(dot + 1);
    const bool continues =
        dot > 0 && layer > 0 && QString::fromStdString(m_track.layers()[layer - 1].path).startsWith(group);
    painter.setPen(palette().color(QPalette::Text));
    if (!continues || shown != path) {
        painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter, shown);
        return;
    }
    const QString name = path.mid(dot + 1);
    painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter, name);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(room.adjusted(0, 0, -fontMetrics().horizontalAdvance(name), 0),
                     Qt::AlignRight | Qt::AlignVCenter, group);
}

void TimelineStrip::paintRow(QPainter& painter, std::size_t layer) const
{
    const QRect row = rowRect(layer);
    painter.save();
    painter.setClipRect(row, Qt::IntersectClip);
    const auto& spans = m_track.layers()[layer].spans;
    const Step first = stepAt(row.left());
    auto span = std::ranges::upper_bound(spans, first, {}, &FreezeSpan::from);
    if (span != spans.begin())
        --span;
    double done = -1e9;
    for (; span != spans.end(); ++span) {
        const double left = std::round(xOf(span->from));
        const double right = std::round(xOf(span->to));
        if (left > row.right())
            break;
        if (right <= done)
            continue; // Narrower than a pixel, and that one is painted.
        done = std::max(right, left + 1.0);
        const QRectF stretch = QRectF(left, row.top() + 1, done - left, row.height() - 2) & QRectF(row);
        paintFreezeLook(painter, stretch, span->state, palette());
    }
    painter.restore();
}

void TimelineStrip::paintLines(QPainter& painter) const
{
    const auto& all = m_track.interventions();
    const int bottom = viewport()->height() - rulerHeight();
    double drawn = -1e9;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool isSelected = static_cast<int>(i) == m_selected;
        const double x = std::round(xOf(all[i].step)) + 0.5;
        if ((x == drawn && !isSelected) || x < area().left() || x > area().right() + 1)
            continue;
        drawn = x;
        painter.setPen(isSelected ? QPen(palette().color(QPalette::Highlight), 2.0)
                                  : QPen(palette().color(QPalette::Text), 1.0, Qt::DotLine));
        painter.drawLine(QPointF(x, headerHeight() - 2), QPointF(x, bottom));
    }
}

std::vector<TimelineStrip::Mark> TimelineStrip::layOutMarks() const
{
    const QFontMetricsF metrics(font());
    const auto& all = m_track.interventions();
    std::vector<MarkerPlace> places;
    std::vector<MarkGroup> shown;
    for (const auto& group : markGroups(all)) {
        const double x = xOf(all[group.lead].step);
        if (x < area().left() || x > area().right() + 1)
            continue;
        places.push_back({x, metrics.horizontalAdvance(shortText(all[group.lead].change)) + 2.0 * kPadding});
        shown.push_back(group);
    }
    std::vector<Mark> marks;
    const double countWidth = metrics.horizontalAdvance(QLatin1Char(' ') + countText(99));
    const double height = metrics.height() + 2.0;
    for (const auto& label : layOutMarkers(places, area().left(), area().right() + kRightRoom, countWidth)) {
        const double top = headerHeight() - 3 - (static_cast<double>(label.row) + 1.0) * (height + 2.0);
        const auto& first = shown[label.first];
        const auto& last = shown[label.first + label.count - 1];
        marks.push_back({first.first, last.first + last.count - first.first, first.lead, label.count - 1,
                         QRectF(label.left, top + 2, label.width, height)});
    }
    return marks;
}

void TimelineStrip::paintMarks(QPainter& painter) const
{
    const auto& all = m_track.interventions();
    painter.setRenderHint(QPainter::Antialiasing);
    for (const auto& mark : layOutMarks()) {
        const auto chosen = static_cast<std::size_t>(std::max(0, m_selected));
        const bool isSelected = m_selected >= 0 && chosen >= mark.first && chosen < mark.first + mark.count;
        const auto& change = all[isSelected ? chosen : mark.lead].change;
        QColor fill = isSelected ? palette().color(QPalette::Highlight) : markColour(change);
        fill.setAlphaF(isSelected ? 1.0f : 0.16f);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        painter.drawRoundedRect(mark.box, 3.0, 3.0);
        const QString suffix = mark.others > 0 ? QLatin1Char(' ') + countText(mark.others) : QString();
        const auto room =
            static_cast<int>(mark.box.width() - 2.0 * kPadding) + 1 - fontMetrics().horizontalAdvance(suffix);
        painter.setPen(palette().color(isSelected ? QPalette::HighlightedText : QPalette::Text));
        painter.drawText(mark.box.adjusted(kPadding, 0, -kPadding, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(shortText(change), Qt::ElideRight, room) + suffix);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

/// The plot's axis again, for when it is not right above.
void TimelineStrip::paintRuler(QPainter& painter) const
{
    const QRect steps = area();
    const Interval range = m_axis.xRange();
    double distance = roundStep(range.size() * kTickDistance / steps.width());
    if (m_axis.axis() == XAxis::Steps)
        distance = std::max(1.0, distance);
    const int top = viewport()->height() - rulerHeight();
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(QRect(2, top, steps.left() - 8, rulerHeight()), Qt::AlignRight | Qt::AlignVCenter,
                     m_axis.axis() == XAxis::Steps    ? tr("Step")
                     : m_axis.axis() == XAxis::Epochs ? tr("Epoch")
                                                      : tr("Time"));
    for (double tick = std::ceil(range.lower / distance) * distance; tick <= range.upper; tick += distance) {
        const double x = steps.left() + (tick - range.lower) / range.size() * steps.width();
        const QString text =
            m_axis.axis() == XAxis::Time ? durationText(tick, QLocale()) : compactNumber(tick, QLocale());
        painter.drawLine(QPointF(x, top), QPointF(x, top + 3));
        painter.drawText(QRectF(x - 60, top, 120, rulerHeight()), Qt::AlignHCenter | Qt::AlignVCenter, text);
    }
}

void TimelineStrip::paintCursor(QPainter& painter) const
{
    if (!hasFocus())
        return;
    const double x = std::round(xOf(m_step)) + 0.5;
    painter.save();
    painter.setClipRect(QRect(0, headerHeight(), viewport()->width(), rowsHeight()), Qt::IntersectClip);
    painter.setPen(QPen(palette().color(QPalette::Text), 1.0));
    painter.drawRect(QRectF(rowRect(m_layer)).adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1.0, Qt::DashLine));
    painter.drawLine(QPointF(x, headerHeight()), QPointF(x, viewport()->height() - rulerHeight()));
    painter.restore();
}

QColor TimelineStrip::markColour(const Change& change) const
{
    const bool* on = std::get_if<bool>(&change.value);
    if (change.kind != ChangeKind::Trainable || !on)
        return palette().color(QPalette::Text);
    return *on ? trainableColour(palette()) : frozenColour(palette());
}

} // namespace frostline
