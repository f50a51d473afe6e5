#pragma once

#include <cstdint>
#include <vector>

#include <QStringList>
#include <QWidget>

namespace frostline {

/// How many images each class has: a bar and a number for each. A click on a row chooses its class.
class ClassChart : public QWidget {
    Q_OBJECT
public:
    explicit ClassChart(QWidget* parent = nullptr);

    void setCounts(const QStringList& classNames, const std::vector<std::int64_t>& counts);
    /// Draws one row as chosen; -1 for none.
    void setChosen(int classIndex);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void classClicked(int classIndex);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    int rowHeight() const;
    int nameWidth() const;
    void paintRow(QPainter& painter, int row) const;

    QStringList m_names;
    std::vector<std::int64_t> m_counts;
    std::int64_t m_largest = 1;
    int m_chosen = -1;
};

} // namespace frostline
