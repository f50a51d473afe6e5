#include "data/image_delegate.h"

#include <QImage>
#include <QPainter>

namespace frostline {

namespace {

constexpr int kMargin = 6;

} // namespace

ImageDelegate::ImageDelegate(int lines, QObject* parent) : QStyledItemDelegate(parent), m_lines(lines) {}

void ImageDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const auto picture = index.data(Qt::DecorationRole).value<QImage>();
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    painter->save();
    if (isSelected)
        painter->fillRect(option.rect, option.palette.highlight());
    const QSize size = picture.size().scaled(kPicture, kPicture, Qt::KeepAspectRatio);
    QRect frame(QPoint(), size);
    frame.moveCenter(QPoint(option.rect.center().x(), option.rect.top() + kMargin + kPicture / 2));
    painter->setRenderHint(QPainter::SmoothPixmapTransform, picture.width() > kPicture);
    painter->drawImage(frame, picture);
    painter->setPen(option.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text));
    const QRect line = option.rect.adjusted(2, kPicture + kMargin + 2, -2, -2);
    QStringList lines;
    for (const auto& text : index.data().toString().split(u'\n'))
        lines << option.fontMetrics.elidedText(text, Qt::ElideRight, line.width());
    painter->drawText(line, Qt::AlignHCenter | Qt::AlignTop, lines.join(u'\n'));
    painter->restore();
}

QSize ImageDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const
{
    return {kPicture + 2 * kMargin + 8, kPicture + kMargin + m_lines * option.fontMetrics.height() + 8};
}

} // namespace frostline
