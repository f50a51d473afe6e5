#include "start/demo_card.h"

#include <QEvent>
#include <QPainter>

#include "theme/colours.h"

namespace frostline {

namespace {

constexpr int kPictureHeight = 76;
constexpr int kMargin = 14;

} // namespace

DemoCard::DemoCard(const Demo& demo, QWidget* parent)
    : QAbstractButton(parent),
      m_file(demo.file),
      m_sentence(demo.sentence),
      m_picture(demo.picture),
      m_blocks(blocksOf(demo.recipe))
{
    setText(demo.title);
    setAccessibleName(demo.title);
    setAccessibleDescription(demo.sentence);
    setToolTip(QString::fromStdString(demo.recipe.notes));
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
}

void DemoCard::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintFrame(painter);
    const QRect inside = rect().adjusted(kMargin, kMargin, -kMargin, -kMargin);
    const QRect top(inside.left(), inside.top(), inside.width(), kPictureHeight);
    if (m_picture.isNull()) {
        paintStrip(painter, top, m_blocks, palette());
    } else {
        const auto scaled = m_picture.scaled(top.size(), Qt::KeepAspectRatio, Qt::SmoothTransformation);
        painter.drawPixmap(top.center() - scaled.rect().center(), scaled);
    }
    paintText(painter, inside.adjusted(0, kPictureHeight + 10, 0, 0));
}

void DemoCard::paintFrame(QPainter& painter) const
{
    const bool isLit = underMouse() || hasFocus() || isDown();
    QColor edge = palette().color(isLit ? QPalette::Highlight : QPalette::Text);
    edge.setAlphaF(isLit ? 1.0f : 0.2f);
    painter.setPen(QPen(edge, isLit ? 2 : 1));
    painter.setBrush(palette().color(isDown() ? QPalette::AlternateBase : QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
}

void DemoCard::paintText(QPainter& painter, const QRect& area) const
{
    QFont bold = font();
    bold.setBold(true);
    const QFontMetrics metrics(bold);
    painter.setFont(bold);
    painter.setPen(palette().color(QPalette::Text));
    const QRect twoLines(area.topLeft(), QSize(area.width(), 2 * metrics.lineSpacing()));
    QRect title;
    painter.drawText(twoLines, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, text(), &title);
    painter.setFont(font());
    QColor faint = palette().color(QPalette::Text);
    faint.setAlphaF(0.75f);
    painter.setPen(faint);
    painter.drawText(area.adjusted(0, title.height() + 4, 0, 0),
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_sentence);
}

void DemoCard::enterEvent(QEnterEvent* event)
{
    QAbstractButton::enterEvent(event);
    update();
}

void DemoCard::leaveEvent(QEvent* event)
{
    QAbstractButton::leaveEvent(event);
    update();
}

} // namespace frostline
