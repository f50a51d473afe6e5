#include "queue/queue_delegate.h"

#include <algorithm>

#include <QPainter>

#include "queue/queue_model.h"
#include "theme/colours.h"

namespace frostline {

namespace {

constexpr int kBarHeight = 4;
constexpr int kBarMargin = 4;
constexpr int kRowPadding = 12;
constexpr int kDoneSeries = 2; // Green, as the word's icon.

void paintBar(QPainter* painter, const QRectF& place, double share, const QColor& colour,
              const QColor& groove)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(groove);
    painter->drawRoundedRect(place, place.height() / 2, place.height() / 2);
    QRectF done = place;
    done.setWidth(place.width() * std::clamp(share, 0.0, 1.0));
    painter->setBrush(colour);
    painter->drawRoundedRect(done, place.height() / 2, place.height() / 2);
    painter->restore();
}

} // namespace

void QueueDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const
{
    const double share = index.data(QueueModel::ShareRole).toDouble();
    if (index.column() != QueueModel::Progress || share < 0.0) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    auto words = option;
    words.displayAlignment = Qt::AlignLeft | Qt::AlignTop;
    QStyledItemDelegate::paint(painter, words, index);
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const auto& palette = option.palette;
    const QColor text = palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text);
    QColor groove = text;
    groove.setAlphaF(0.18f);
    const QRectF place(option.rect.left() + kBarMargin, option.rect.bottom() - kBarHeight - kBarMargin + 1,
                       std::max(0, option.rect.width() - 2 * kBarMargin), kBarHeight);
    const QColor colour = share < 1.0 ? trainableColour(palette) : seriesColour(kDoneSeries, palette);
    paintBar(painter, place, share, isSelected ? text : colour, groove);
}

QSize QueueDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    auto size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(std::max(size.height(), option.fontMetrics.height() + kRowPadding));
    return size;
}

} // namespace frostline
