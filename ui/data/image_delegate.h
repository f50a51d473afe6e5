#pragma once

#include <QStyledItemDelegate>

namespace frostline {

/// Paints a picture with its text under it; small pictures are enlarged without blurring.
class ImageDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    static constexpr int kPicture = 72;

    /// There is room for so many lines of text.
    ImageDelegate(int lines, QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    int m_lines;
};

} // namespace frostline
