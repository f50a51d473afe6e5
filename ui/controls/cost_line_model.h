#pragma once

#include <map>
#include <vector>

#include <QAbstractTableModel>
#include <QIcon>

#include "controls/cost_lines.h"

namespace frostline {

/// What a step costs for each place of the frost line: as predicted, and as measured where the run has been
/// there. GUI thread.
class CostLineModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { NameColumn, StepColumn, MeasuredColumn, MemoryColumn, ColumnCount };
    enum Role { NodeRole = Qt::UserRole }; ///< CostLine::node.

    explicit CostLineModel(QObject* parent = nullptr);

    /// `measuredSeconds` of a step, by frost line.
    void setLines(std::vector<CostLine> lines, const std::map<int, double>& measuredSeconds);
    /// Icons anew after the palette has changed.
    void refreshIcons();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(const CostLine& line, int column) const;
    QString toolTip(const CostLine& line) const;
    QVariant decoration(const CostLine& line) const;

    std::vector<CostLine> m_lines;
    std::map<int, double> m_measuredSeconds;
    QIcon m_frozenIcon;
    QIcon m_trainableIcon;
};

} // namespace frostline
