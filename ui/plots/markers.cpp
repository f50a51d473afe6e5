#include "plots/markers.h"

#include <algorithm>
#include <cmath>

#include <qcustomplot.h>

#include "plots/marker_layout.h"

namespace frostline {

namespace {

constexpr double kReach = 4.0;        ///< Pixels beside a line that still count as on it.
constexpr double kPadding = 5.0;      ///< Beside a label's text.
constexpr qsizetype kTextsShown = 30; ///< As many lines as fit on a screen.

double rowHeight(const QFontMetricsF& metrics)
{
    return metrics.height() + 2.0;
}

QString countText(std::size_t count)
{
    return QCoreApplication::translate("Markers", "+%1 more").arg(count);
}

struct DrawnLabel {
    QRectF box;
    std::vector<std::size_t> members;
    QString text;
};

} // namespace

class MarkerLayer : public QCPLayerable {
public:
    MarkerLayer(QCustomPlot& canvas, QList<QCPAxisRect*> rects)
        : QCPLayerable(&canvas, QStringLiteral("markers")),
          m_rects(std::move(rects))
    {
    }

    std::vector<std::size_t> membersAt(const QPointF& position) const;
    double pixel(const Marker& marker) const;
    bool isInView(const Marker& marker) const;
    const Marker* find(int index) const;
    QRectF area() const;

    std::vector<Marker> markers;
    int highlighted = -1;
    QFont font;
    QPalette palette;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override
    {
        applyAntialiasingHint(painter, true, QCP::aeItems);
    }
    void draw(QCPPainter* painter) override;

private:
    void drawLines(QCPPainter& painter) const;
    void drawLine(QCPPainter& painter, const Marker& marker) const;
    void drawLabels(QCPPainter& painter);
    void drawLabel(QCPPainter& painter, const DrawnLabel& label) const;
    void write(DrawnLabel& label) const;
    std::vector<std::size_t> inView() const;
    std::size_t shown(const DrawnLabel& label) const;

    QList<QCPAxisRect*> m_rects;
    std::vector<DrawnLabel> m_labels; ///< As drawn last.
};

QRectF MarkerLayer::area() const
{
    return QRectF(m_rects.first()->topLeft(), m_rects.last()->bottomRight());
}

double MarkerLayer::pixel(const Marker& marker) const
{
    return m_rects.first()->axis(QCPAxis::atBottom)->coordToPixel(marker.x);
}

bool MarkerLayer::isInView(const Marker& marker) const
{
    return m_rects.first()->axis(QCPAxis::atBottom)->range().contains(marker.x);
}

const Marker* MarkerLayer::find(int index) const
{
    const auto found = std::ranges::find(markers, index, &Marker::index);
    return found == markers.end() ? nullptr : &*found;
}

std::vector<std::size_t> MarkerLayer::inView() const
{
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < markers.size(); ++i) {
        if (isInView(markers[i]))
            result.push_back(i);
    }
    return result;
}

void MarkerLayer::draw(QCPPainter* painter)
{
    drawLines(*painter);
    drawLabels(*painter);
}

void MarkerLayer::drawLines(QCPPainter& painter) const
{
    double last = -1.0;
    for (const std::size_t i : inView()) {
        const double x = std::round(pixel(markers[i]));
        if (x != last || markers[i].index == highlighted)
            drawLine(painter, markers[i]);
        last = x;
    }
}

void MarkerLayer::drawLine(QCPPainter& painter, const Marker& marker) const
{
    const bool isHighlighted = marker.index == highlighted;
    QColor colour = isHighlighted ? palette.color(QPalette::Highlight) : marker.colour;
    colour.setAlphaF(isHighlighted ? 1.0f : 0.55f);
    painter.setPen(QPen(colour, isHighlighted ? 2.0 : 1.0, isHighlighted ? Qt::SolidLine : Qt::DotLine));
    const double x = std::round(pixel(marker)) + 0.5;
    for (const QCPAxisRect* rect : m_rects)
        painter.drawLine(QPointF(x, rect->top()), QPointF(x, rect->bottom()));
}

void MarkerLayer::drawLabels(QCPPainter& painter)
{
    const QFontMetricsF metrics(font);
    const auto visible = inView();
    std::vector<MarkerPlace> places;
    for (const std::size_t i : visible)
        places.push_back({pixel(markers[i]), metrics.horizontalAdvance(markers[i].label) + 2.0 * kPadding});
    const double countWidth = metrics.horizontalAdvance(QLatin1Char(' ') + countText(99));
    const double height = rowHeight(metrics);
    const QRectF bounds = area();
    m_labels.clear();
    for (const auto& label : layOutMarkers(places, bounds.left(), bounds.right(), countWidth)) {
        const double rowsAbove = static_cast<double>(label.row) + 1.0;
        const double top = bounds.top() - rowsAbove * (height + 2.0);
        DrawnLabel drawn{QRectF(label.left, top, label.width, height), {}, {}};
        for (std::size_t i = 0; i < label.count; ++i)
            drawn.members.push_back(visible[label.first + i]);
        write(drawn);
        drawLabel(painter, drawn);
        m_labels.push_back(std::move(drawn));
    }
}

std::size_t MarkerLayer::shown(const DrawnLabel& label) const
{
    for (const std::size_t member : label.members) {
        if (markers[member].index == highlighted)
            return member;
    }
    return label.members.front();
}

void MarkerLayer::drawLabel(QCPPainter& painter, const DrawnLabel& label) const
{
    const bool isHighlighted = markers[shown(label)].index == highlighted;
    QColor fill = isHighlighted ? palette.color(QPalette::Highlight) : markers[shown(label)].colour;
    fill.setAlphaF(isHighlighted ? 1.0f : 0.14f);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(label.box, 3.0, 3.0);
    painter.setFont(font);
    painter.setPen(palette.color(isHighlighted ? QPalette::HighlightedText : QPalette::Text));
    painter.drawText(label.box, Qt::AlignCenter | Qt::TextSingleLine, label.text);
}

/// Its text as far as there is room, and how many more there are.
void MarkerLayer::write(DrawnLabel& label) const
{
    const QFontMetricsF metrics(font);
    QString suffix;
    if (label.members.size() > 1)
        suffix = QLatin1Char(' ') + countText(label.members.size() - 1);
    const double room = label.box.width() - 2.0 * kPadding - metrics.horizontalAdvance(suffix) + 1.0;
    label.text = metrics.elidedText(markers[shown(label)].label, Qt::ElideRight, room) + suffix;
    label.box.setWidth(metrics.horizontalAdvance(label.text) + 2.0 * kPadding);
}

std::vector<std::size_t> MarkerLayer::membersAt(const QPointF& position) const
{
    for (const auto& label : m_labels) {
        if (label.box.contains(position))
            return label.members;
    }
    if (!area().contains(position))
        return {};
    double nearest = kReach;
    std::vector<std::size_t> found;
    for (const std::size_t i : inView()) {
        const double distance = std::abs(pixel(markers[i]) - position.x());
        if (distance < nearest)
            found.clear();
        if (distance <= nearest) {
            nearest = distance;
            found.push_back(i);
        }
    }
    return found;
}

Markers::Markers(QCustomPlot& canvas, QList<QCPAxisRect*> rects)
    : m_layer(new MarkerLayer(canvas, std::move(rects)))
{
}

void Markers::set(std::vector<Marker> markers)
{
    m_layer->markers = std::move(markers);
}

void Markers::highlight(int index)
{
    m_layer->highlighted = index;
}

int Markers::highlighted() const
{
    return m_layer->highlighted;
}

int Markers::stripHeight(const QFont& font)
{
    const double rows = static_cast<double>(kMarkerRows) * (rowHeight(QFontMetricsF(font)) + 2.0);
    return static_cast<int>(std::ceil(rows)) + 2;
}

void Markers::applyPalette(const QPalette& palette, const QFont& font)
{
    m_layer->palette = palette;
    m_layer->font = font;
}

int Markers::at(const QPointF& position) const
{
    const auto members = m_layer->membersAt(position);
    return members.empty() ? -1 : m_layer->markers[members.front()].index;
}

QString Markers::textAt(const QPointF& position) const
{
    QStringList lines;
    const auto members = m_layer->membersAt(position);
    for (const std::size_t member : members)
        lines.push_back(m_layer->markers[member].text);
    if (lines.size() <= kTextsShown)
        return lines.join(QLatin1Char('\n'));
    const auto more = static_cast<std::size_t>(lines.size() - kTextsShown);
    return lines.first(kTextsShown).join(QLatin1Char('\n')) + QLatin1Char('\n') + countText(more);
}

QPoint Markers::positionOf(int index) const
{
    const Marker* marker = m_layer->find(index);
    if (!marker || !m_layer->isInView(*marker))
        return {};
    return QPointF(m_layer->pixel(*marker), m_layer->area().center().y()).toPoint();
}

int Markers::neighbour(double x, bool forward) const
{
    int result = -1;
    for (const auto& marker : m_layer->markers) {
        if (forward && marker.x > x)
            return marker.index;
        if (!forward && marker.x < x)
            result = marker.index;
    }
    return result;
}

double Markers::xOf(int index) const
{
    const Marker* marker = m_layer->find(index);
    return marker ? marker->x : 0.0;
}

} // namespace frostline
