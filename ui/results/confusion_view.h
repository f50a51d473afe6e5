#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <QStringList>
#include <QWidget>

namespace frostline {

/// A class and what it was taken for.
struct ConfusionCell {
    int label = 0;
    int predicted = 0;

    bool operator==(const ConfusionCell&) const = default;
};

/// Confusion matrix: a row for each class, a column for each that it was taken for, and each class's recall
/// behind its row. The shade of a cell is its share of the row. A click, or the arrow keys, choose a cell.
class ConfusionView : public QWidget {
    Q_OBJECT
public:
    explicit ConfusionView(QWidget* parent = nullptr);

    /// `counts` [C, C], row by row; nothing to see where it is empty.
    void setMatrix(const QStringList& classNames, const std::vector<std::int64_t>& counts);
    const std::optional<ConfusionCell>& chosen() const { return m_chosen; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// -1 for both where none is chosen any more.
    void cellChosen(int label, int predicted);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    int classes() const { return static_cast<int>(m_names.size()); }
    std::int64_t countAt(int label, int predicted) const;
    std::int64_t rowSum(int label) const { return m_rowSums[static_cast<std::size_t>(label)]; }
    int nameWidth() const;
    int headerHeight() const;
    int recallWidth() const;
    int cellSize() const;
    QRect cellRect(int label, int predicted) const;
    std::optional<ConfusionCell> cellAt(const QPoint& point) const;
    void choose(const std::optional<ConfusionCell>& cell);
    void paintNames(QPainter& painter) const;
    void paintColumnNames(QPainter& painter) const;
    void paintCell(QPainter& painter, int label, int predicted) const;
    void paintRecall(QPainter& painter, int label) const;
    QString textOf(const ConfusionCell& cell) const;

    QStringList m_names;
    std::vector<std::int64_t> m_counts;
    std::vector<std::int64_t> m_rowSums;
    std::optional<ConfusionCell> m_chosen;
};

} // namespace frostline
