#pragma once

#include <QStyledItemDelegate>

namespace frostline {

/// Paints a picture with its class name under it; small pictures are enlarged without blurring.
class ImageDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    static constexpr int kPicture = 72;

    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace frostline
