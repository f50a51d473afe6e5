#pragma once

#include <array>
#include <map>
#include <optional>

#include <QWidget>

#include "training/cost.h"

class QGridLayout;
class QLabel;
class QTableView;

namespace frostline {

class CostLineModel;

/// What a step is expected to cost, here and with the frost line elsewhere, and what it then did; what is
/// kept under the frost line. GUI thread.
class CostGroup : public QWidget {
    Q_OBJECT
public:
    explicit CostGroup(QWidget* parent = nullptr);

    /// Predicted anew at once; what was measured for layers that trained otherwise is not shown for these.
    void setTable(const LayerTable& table);
    /// Before a run.
    void setEstimated(const CostReport& report);
    /// While one goes on.
    void setMeasured(const CostReport& report);
    /// At its highest, of an epoch in which the layers stayed as they are.
    void setMeasuredMemory(std::int64_t bytes);
    /// Nothing is known, of other data, another network or another way to compute.
    void clear();
    /// Before a new run.
    void clearMeasured();

Q_SIGNALS:
    /// The layer of the table up to which everything shall be frozen; -1 for nothing.
    void freezeRequested(int node);

protected:
    void changeEvent(QEvent* event) override;

private:
    enum Row { StepRow, EpochRow, MemoryRow, RowCount };

    void createFigures(QGridLayout* grid);
    void createLines(QGridLayout* grid);
    void addRow(QGridLayout* grid, Row row, const QString& label);
    bool isFilling(const CostReport& report) const;
    void show(const std::optional<CostReport>& report);
    void showExpected();
    void showMeasured();
    void showLines();
    void showKept();
    void fitLines();

    LayerTable m_table;
    std::optional<CostReport> m_report;
    std::optional<CostEstimate> m_estimate; ///< For the layers as they are.
    double m_stepSeconds = 0.0;             ///< Measured, for the layers as they are; 0 while unknown.
    std::int64_t m_memoryBytes = 0;
    std::map<int, double> m_measuredSeconds; ///< Of a step, by frost line.
    CostLineModel* m_lines = nullptr;
    QTableView* m_lineView = nullptr;
    QLabel* m_trainable = nullptr;
    QLabel* m_kept = nullptr;
    QLabel* m_saved = nullptr;
    std::array<QLabel*, RowCount> m_expected{};
    std::array<QLabel*, RowCount> m_measured{};
};

} // namespace frostline
