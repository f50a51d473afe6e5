#pragma once

#include <QLayout>

namespace frostline {

/// Cards of equal size in as many columns as fit, filling the width. Owns its items.
class CardLayout : public QLayout {
public:
    CardLayout(int smallestWidth, int height, QWidget* parent = nullptr);
    ~CardLayout() override;

    void addItem(QLayoutItem* item) override { m_items.append(item); }
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override { return m_items.value(index); }
    QLayoutItem* takeAt(int index) override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return minimumSize(); }
    QSize minimumSize() const override { return {m_smallestWidth, m_height}; }
    void setGeometry(const QRect& area) override;

private:
    int columnsFor(int width) const;

    QList<QLayoutItem*> m_items;
    int m_smallestWidth;
    int m_height;
};

} // namespace frostline
