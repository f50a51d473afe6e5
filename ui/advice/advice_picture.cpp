#include "advice/advice_picture.h"

#include <algorithm>

#include <QHelpEvent>
#include <QPainter>
#include <QPolygonF>
#include <QToolTip>

#include "advice/advice_text.h"
#include "start/architecture_strip.h"
#include "theme/colours.h"

namespace frostline {

namespace {

constexpr int kStripHeight = 70;
constexpr int kBarHeight = 34;
constexpr int kMargin = 6;
constexpr double kLeastBar = 2.0;

std::vector<StripBlock> blocksOf(const Advice& advice)
{
    std::vector<StripBlock> blocks;
    for (std::size_t i = 0; i < advice.trains.size(); ++i) {
        blocks.push_back({QString::fromStdString(advice.basis.blocks[i].path), 1.0,
                          advice.trains[i] ? StripBlock::Kind::Trainable : StripBlock::Kind::Frozen});
    }
    setHeights(blocks);
    return blocks;
}

/// A bar with a point: it would go on.
QPolygonF endless(const QRectF& bar)
{
    const double shoulder = bar.top() + bar.height() / 4.0;
    QPolygonF outline;
    outline << bar.bottomLeft() << QPointF(bar.left(), shoulder) << QPointF(bar.center().x(), bar.top())
            << QPointF(bar.right(), shoulder) << bar.bottomRight();
    return outline;
}

QPen dashed(const QColor& colour)
{
    return QPen(colour, 2, Qt::DashLine);
}

} // namespace

AdvicePicture::AdvicePicture(QWidget* parent) : QWidget(parent)
{
    setFixedHeight(kStripHeight + kBarHeight + 3 * fontMetrics().height() + 2 * kMargin);
    setAccessibleName(tr("The network as advised"));
}

void AdvicePicture::setAdvice(const std::optional<Advice>& advice)
{
    m_advice = advice;
    setAccessibleDescription(advice ? headline(*advice) : QString());
    update();
}

QRect AdvicePicture::stripArea() const
{
    return {kMargin, kMargin + fontMetrics().height(), width() - 2 * kMargin, kStripHeight};
}

bool AdvicePicture::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !m_advice)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto boxes = stripBoxes(stripArea(), blocksOf(*m_advice));
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        if (help->pos().x() >= boxes[i].left() && help->pos().x() <= boxes[i].right()) {
            QToolTip::showText(help->globalPos(), blockText(*m_advice, static_cast<int>(i)), this);
            return true;
        }
    }
    QToolTip::showText(help->globalPos(), ratioMeaning(), this);
    return true;
}

void AdvicePicture::paintEvent(QPaintEvent*)
{
    if (!m_advice)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto blocks = blocksOf(*m_advice);
    const auto boxes = stripBoxes(stripArea(), blocks);
    paintStrip(painter, stripArea(), blocks, palette());
    paintFrostLine(painter, boxes);
    paintNames(painter, boxes);
    paintBars(painter, boxes);
}

void AdvicePicture::paintFrostLine(QPainter& painter, const std::vector<QRectF>& boxes) const
{
    const int up = m_advice->frozenUpTo();
    if (up < 0 || up + 1 >= static_cast<int>(boxes.size()))
        return;
    const auto index = static_cast<std::size_t>(up);
    const double x = (boxes[index].right() + boxes[index + 1].left()) / 2.0;
    painter.setPen(dashed(frozenColour(palette())));
    const auto area = stripArea();
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    painter.setPen(palette().color(QPalette::Text));
    const int half = fontMetrics().horizontalAdvance(tr("frost line"));
    painter.drawText(
        QRectF(x - half, area.top() - fontMetrics().height() - 2, 2.0 * half, fontMetrics().height()),
        Qt::AlignCenter, tr("frost line"));
}

/// Where there is room; all of them are in the tool tips.
void AdvicePicture::paintNames(QPainter& painter, const std::vector<QRectF>& boxes) const
{
    const QRectF row(0, stripArea().bottom() + 2, width(), fontMetrics().height());
    painter.setPen(palette().color(QPalette::Text));
    double free = 0.0;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const auto name = QString::fromStdString(m_advice->basis.blocks[i].path);
        const double half = fontMetrics().horizontalAdvance(name) / 2.0;
        const double centre = std::clamp(boxes[i].center().x(), half, std::max(half, width() - half));
        if (centre - half < free)
            continue;
        painter.drawText(QRectF(centre - half - 1, row.top(), 2 * half + 2, row.height()), Qt::AlignCenter,
                         name);
        free = centre + half + fontMetrics().averageCharWidth();
    }
}

void AdvicePicture::paintBars(QPainter& painter, const std::vector<QRectF>& boxes) const
{
    const double largest = m_advice->basis.largestBaseRatio();
    if (largest <= 0.0)
        return;
    const double top = stripArea().bottom() + fontMetrics().height() + kMargin;
    painter.setPen(Qt::NoPen);
    QColor bar = palette().color(QPalette::Text);
    bar.setAlphaF(0.45f);
    painter.setBrush(bar);
    const double bottom = top + kBarHeight;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        const double ratio = m_advice->basis.blocks[i].ratio;
        const double height = std::max(kLeastBar, kBarHeight * std::min(1.0, ratio / largest));
        const QRectF box(boxes[i].left(), bottom - height, boxes[i].width(), height);
        if (ratio > largest) // A new head's.
            painter.drawPolygon(endless(box));
        else
            painter.drawRect(box);
    }
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(QRectF(0, bottom, width(), fontMetrics().height()), Qt::AlignCenter,
                     tr("gradient ÷ weight, with everything trainable"));
}

} // namespace frostline
