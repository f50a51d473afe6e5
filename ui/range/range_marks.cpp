#include "range/range_marks.h"

#include <algorithm>

#include <qcustomplot.h>

#include "plots/number_text.h"
#include "range/range_text.h"

namespace frostline {

namespace {

constexpr int kRows = 4; ///< As many as there are suggestions: no two labels ever meet.
constexpr double kRadius = 6.0;
constexpr double kGap = 5.0; ///< From a line to its label.
constexpr int kRoom = 4;     ///< Below the labels.

int rowHeight(const QFont& font)
{
    return QFontMetrics(font).height() + 1;
}

QString labelOf(const RangeMark& mark)
{
    return QStringLiteral("%1  %2").arg(titleOf(mark.method), rateText(roundedRate(mark.rate), QLocale()));
}

} // namespace

class RangeMarkLayer : public QCPLayerable {
public:
    RangeMarkLayer(QCustomPlot& canvas, QCPAxisRect& rect)
        : QCPLayerable(&canvas, QStringLiteral("overlay")),
          m_rect(rect)
    {
    }

    std::vector<RangeMark> marks; ///< From left to right.
    QPalette palette;
    QFont font;

    QPointF placeOf(const RangeMark& mark) const
    {
        return {m_rect.axis(QCPAxis::atBottom)->coordToPixel(mark.rate),
                m_rect.axis(QCPAxis::atLeft)->coordToPixel(mark.loss)};
    }

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override
    {
        applyAntialiasingHint(painter, true, QCP::aeItems);
    }

    QRect clipRect() const override { return m_rect.outerRect(); }

    /// The leftmost has the highest label: no line crosses that of another.
    void draw(QCPPainter* painter) override
    {
        painter->setFont(font);
        auto row = static_cast<int>(marks.size());
        for (const auto& mark : marks)
            drawMark(*painter, mark, row--);
    }

private:
    void drawMark(QCPPainter& painter, const RangeMark& mark, int row) const
    {
        const QColor colour = colourOf(styleOf(mark.method), palette);
        const QPointF place = placeOf(mark);
        const double top = m_rect.top() - kRoom - row * rowHeight(font);
        painter.setPen(QPen(colour, 1.2, Qt::DashLine));
        painter.drawLine(QLineF(place.x(), top, place.x(), m_rect.bottom()));
        painter.setPen(QPen(palette.color(QPalette::Base), 1.2));
        painter.setBrush(colour);
        painter.drawPath(shapeOf(styleOf(mark.method), place, kRadius));
        drawLabel(painter, labelOf(mark), QPointF(place.x(), top));
    }

    /// Beside the upper end of its line.
    void drawLabel(QCPPainter& painter, const QString& label, const QPointF& end) const
    {
        const double width = QFontMetricsF(font).horizontalAdvance(label);
        const bool isLeft = end.x() + kGap + width > m_rect.outerRect().right();
        const double left = isLeft ? end.x() - kGap - width : end.x() + kGap;
        painter.setPen(palette.color(QPalette::Text));
        painter.drawText(QPointF(left, end.y() + QFontMetrics(font).ascent()), label);
    }

    QCPAxisRect& m_rect;
};

RangeMarks::RangeMarks(QCustomPlot& canvas, QCPAxisRect& rect) : m_layer(new RangeMarkLayer(canvas, rect)) {}

void RangeMarks::set(std::vector<RangeMark> marks)
{
    std::ranges::stable_sort(marks, {}, &RangeMark::rate);
    m_layer->marks = std::move(marks);
}

void RangeMarks::applyStyle(const QPalette& palette, const QFont& font)
{
    m_layer->palette = palette;
    m_layer->font = font;
}

int RangeMarks::stripHeight(const QFont& font)
{
    return kRows * rowHeight(font) + kRoom + 2;
}

QPoint RangeMarks::positionOf(RateMethod method) const
{
    const auto mark = std::ranges::find(m_layer->marks, method, &RangeMark::method);
    return mark == m_layer->marks.end() ? QPoint() : m_layer->placeOf(*mark).toPoint();
}

} // namespace frostline
