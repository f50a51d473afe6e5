#include "compare/overlay_legend.h"

#include <algorithm>

#include <qcustomplot.h>

namespace frostline {

namespace {

constexpr int kMostRows = 3; ///< On screen.
constexpr double kGap = 16.0;
constexpr double kMark = 14.0;
constexpr double kLine = 26.0; ///< Of a line that shows a line style.
constexpr double kMargin = 10.0;
constexpr double kLongestName = 230.0;

} // namespace

class LegendElement : public QCPLayoutElement {
public:
    explicit LegendElement(QCustomPlot& canvas) : QCPLayoutElement(&canvas)
    {
        setLayer(QStringLiteral("legend"));
    }

    struct Item {
        QString folder; ///< Empty: shows a line style, or how many are left out.
        QString name;
        RunStyle style;
        Qt::PenStyle line = Qt::NoPen;
        QRectF box;
    };

    void flow(double width, std::size_t mostRows)
    {
        const QFontMetricsF metrics(font);
        const double height = metrics.height() + 3.0;
        std::size_t row = 0;
        double left = kMargin;
        shown.clear();
        for (const auto& item : items) {
            const QString text = metrics.elidedText(item.name, Qt::ElideMiddle, kLongestName);
            const double mark = item.line == Qt::NoPen ? kMark : kLine;
            const double wide = mark + 6.0 + metrics.horizontalAdvance(text) + 2.0;
            if (left > kMargin && left + wide > width - kMargin) {
                ++row;
                left = kMargin;
            }
            if (row >= mostRows)
                break;
            shown.push_back(item);
            shown.back().name = text;
            shown.back().box = QRectF(left, 4.0 + static_cast<double>(row) * height, wide, height);
            left += wide + kGap;
        }
        row = std::min(row, mostRows - 1);
        sayHowManyAreLeftOut();
        const auto total = static_cast<int>(static_cast<double>(row + 1) * height + 8.0);
        setMinimumSize(0, total);
        setMaximumSize(QWIDGETSIZE_MAX, total);
    }

    QFont font;
    QPalette palette;
    QString lit;
    std::vector<Item> items;
    std::vector<Item> shown;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override
    {
        applyAntialiasingHint(painter, true, QCP::aeLegendItems);
    }

    void draw(QCPPainter* painter) override
    {
        for (const auto& item : shown)
            drawItem(*painter, item);
    }

private:
    void sayHowManyAreLeftOut()
    {
        if (shown.size() == items.size() || shown.empty())
            return;
        const auto left = items.size() - shown.size() + 1;
        shown.back().folder.clear();
        shown.back().style = {};
        shown.back().line = Qt::NoPen;
        shown.back().name = OverlayLegend::tr("and %1 more").arg(left);
    }

    void drawItem(QCPPainter& painter, const Item& item) const
    {
        const QRectF box = item.box.translated(outerRect().topLeft());
        const bool isShaded = !lit.isEmpty() && !item.folder.isEmpty() && item.folder != lit;
        const QColor base = palette.color(QPalette::Base);
        const QColor text = palette.color(QPalette::Text);
        if (item.line != Qt::NoPen) {
            painter.setPen(QPen(faded(text, base, 0.7), item.line == Qt::SolidLine ? 1.0 : 1.7, item.line));
            painter.drawLine(QLineF(box.left(), box.center().y(), box.left() + kLine, box.center().y()));
        } else if (!item.folder.isEmpty()) {
            const QColor colour = colourOf(item.style, palette);
            painter.setPen(Qt::NoPen);
            painter.setBrush(isShaded ? faded(colour, base, 0.35) : colour);
            painter.drawPath(shapeOf(item.style, QPointF(box.left() + kMark / 2.0, box.center().y()), 5.0));
        }
        QFont drawn = font;
        drawn.setUnderline(!item.folder.isEmpty() && item.folder == lit);
        painter.setFont(drawn);
        painter.setPen(isShaded ? faded(text, base, 0.5) : text);
        const double indent = (item.line == Qt::NoPen ? kMark : kLine) + 6.0;
        painter.drawText(box.adjusted(indent, 0.0, 4.0, 0.0), Qt::AlignLeft | Qt::AlignVCenter, item.name);
    }
};

OverlayLegend::OverlayLegend(QCustomPlot& canvas) : m_element(new LegendElement(canvas)) {}

QCPLayoutElement& OverlayLegend::element() const
{
    return *m_element;
}

void OverlayLegend::setEntries(std::vector<Entry> entries, bool showsTraining)
{
    auto& items = m_element->items;
    items.clear();
    if (entries.empty())
        return;
    items.push_back({{}, tr("validation"), {}, Qt::DashLine, {}});
    if (showsTraining)
        items.push_back({{}, tr("training"), {}, Qt::SolidLine, {}});
    for (auto& entry : entries)
        items.push_back({std::move(entry.folder), std::move(entry.name), entry.style, Qt::NoPen, {}});
}

void OverlayLegend::applyStyle(const QString& lit, const QPalette& palette, const QFont& font)
{
    m_element->lit = lit;
    m_element->palette = palette;
    m_element->font = font;
}

void OverlayLegend::fit(int width, bool isPicture)
{
    m_element->flow(width, isPicture ? m_element->items.size() + 1 : kMostRows);
}

QString OverlayLegend::at(const QPointF& place) const
{
    const QPointF inside = place - m_element->outerRect().topLeft();
    const auto found = std::ranges::find_if(
        m_element->shown, [&inside](const LegendElement::Item& item) { return item.box.contains(inside); });
    return found == m_element->shown.end() ? QString() : found->folder;
}

} // namespace frostline
