#pragma once

#include <QStyledItemDelegate>

namespace frostline {

class HoverLink;

/// A session's row, lit up while the pointer is on the run anywhere on the page. GUI thread.
class SessionDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    SessionDelegate(const HoverLink& hover, QObject* parent);

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    const HoverLink& m_hover;
};

} // namespace frostline
