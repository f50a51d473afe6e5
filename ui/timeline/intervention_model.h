#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "training/intervention.h"

namespace frostline {

/// The changes of a run in the order they were made. GUI thread.
class InterventionModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { StepColumn, ChangeColumn, OriginColumn, WhenColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setInterventions(const std::vector<Intervention>& interventions);
    void append(const Intervention& intervention);
    const std::vector<Intervention>& interventions() const { return m_interventions; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::vector<Intervention> m_interventions;
};

} // namespace frostline
