#pragma once

#include <array>
#include <optional>

#include <QWidget>

#include "training/run.h"

class QGridLayout;
class QLabel;

namespace frostline {

/// What a step is expected to cost, and what it then did. GUI thread.
class CostGroup : public QWidget {
    Q_OBJECT
public:
    explicit CostGroup(QWidget* parent = nullptr);

    void setTotals(const LayerTotals& totals);
    void setEstimate(const std::optional<CostEstimate>& estimate);
    void setMeasured(double stepSeconds, std::int64_t memoryBytes);
    /// Before a new run.
    void clearMeasured();

private:
    enum Row { StepRow, EpochRow, MemoryRow, RowCount };

    void addRow(QGridLayout* grid, Row row, const QString& label);

    QLabel* m_trainable = nullptr;
    std::array<QLabel*, RowCount> m_expected{};
    std::array<QLabel*, RowCount> m_measured{};
    std::optional<CostEstimate> m_estimate;
};

} // namespace frostline
