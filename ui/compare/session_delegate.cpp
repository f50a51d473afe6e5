#include "compare/session_delegate.h"

#include "compare/hover_link.h"
#include "compare/run_style.h"
#include "compare/session_table_model.h"
#include "theme/colours.h"

namespace frostline {

SessionDelegate::SessionDelegate(const HoverLink& hover, QObject* parent)
    : QStyledItemDelegate(parent),
      m_hover(hover)
{
}

void SessionDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const QString folder = index.data(SessionTableModel::FolderRole).toString();
    if (!folder.isEmpty() && folder == m_hover.run()) {
        const auto& palette = option->palette;
        option->backgroundBrush =
            faded(palette.color(QPalette::Highlight), palette.color(QPalette::Base), 0.25);
    }
    // Fusion outlines a check box in a darkened window colour, which a dark base swallows.
    if (option->features.testFlag(QStyleOptionViewItem::HasCheckIndicator) && isDark(option->palette))
        option->palette.setColor(QPalette::Window, option->palette.color(QPalette::PlaceholderText));
}

} // namespace frostline
