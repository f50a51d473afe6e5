#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "compare/compared_run.h"
#include "session/comparison.h"

namespace frostline {

/// Figures and settings of several sessions side by side, one column each. GUI thread.
class SettingsTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Role {
        FolderRole = Qt::UserRole,
        DiffersRole, ///< Of a row: whether the sessions differ in it. Figures always count as different.
        FigureRole,  ///< Of a row: whether it is a result rather than a setting.
    };

    /// One row: its name, a text for each session, and which of them differ from the baseline.
    struct Row {
        QString key;
        QStringList values;
        std::vector<bool> isOther; ///< Than the baseline's or, without one, than the first's.
        bool differs = false;
        bool isFigure = false;
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setSessions(const ComparedRuns& sessions, std::vector<Row> rows);
    void refreshSwatches();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString textOf(const Row& row, int session) const;

    ComparedRuns m_sessions;
    std::vector<Row> m_rows;
};

/// Takes a while for many sessions: not on the GUI thread.
std::vector<SettingsTableModel::Row> settingRowsOf(const ComparedRuns& sessions);

} // namespace frostline
