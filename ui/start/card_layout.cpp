#include "start/card_layout.h"

#include <algorithm>

namespace frostline {

namespace {

constexpr int kGap = 12;

} // namespace

CardLayout::CardLayout(int smallestWidth, int height, QWidget* parent)
    : QLayout(parent),
      m_smallestWidth(smallestWidth),
      m_height(height)
{
    setContentsMargins(0, 0, 0, 0);
}

CardLayout::~CardLayout()
{
    qDeleteAll(m_items);
}

QLayoutItem* CardLayout::takeAt(int index)
{
    return index >= 0 && index < count() ? m_items.takeAt(index) : nullptr;
}

int CardLayout::heightForWidth(int width) const
{
    const int columns = columnsFor(width);
    const int rows = (count() + columns - 1) / columns;
    return rows > 0 ? rows * m_height + (rows - 1) * kGap : 0;
}

void CardLayout::setGeometry(const QRect& area)
{
    QLayout::setGeometry(area);
    const int columns = columnsFor(area.width());
    const int width = (area.width() - kGap * (columns - 1)) / columns;
    for (int i = 0; i < count(); ++i) {
        const QPoint corner(area.left() + (i % columns) * (width + kGap),
                            area.top() + (i / columns) * (m_height + kGap));
        m_items[i]->setGeometry(QRect(corner, QSize(width, m_height)));
    }
}

int CardLayout::columnsFor(int width) const
{
    return std::max(1, (width + kGap) / (m_smallestWidth + kGap));
}

} // namespace frostline
