#pragma once

#include <vector>

#include <QAbstractTableModel>

#include "plan/plan_rows.h"

namespace frostline {

/// The phases of a recipe, a row each; a recipe without phases is one row, the whole run. Edits give another
/// recipe, which counts once it has come back. GUI thread.
class PlanModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        NameColumn,
        EpochsColumn,
        TrainableColumn,
        RateColumn,
        ScheduleColumn,
        StatisticsColumn,
        EndColumn,
        BestColumn,
        ColumnCount
    };
    enum Role {
        DetailRole = Qt::UserRole, ///< The line under the text.
        ProblemRole,               ///< Whether that line says what is wrong.
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// `table` holds the layers at step 0; empty while unknown.
    void setPlan(const Recipe& recipe, const LayerTable& table);
    /// Why nothing can be edited; empty where all can.
    void setObstacle(const QString& why);
    /// The row that is in force; -1 for none.
    void setCurrentPhase(int row);

    const std::vector<PhaseRecipe>& rows() const { return m_rows; }
    const std::vector<PlanReport>& reports() const { return m_reports; }
    const LayerTable& table() const { return m_table; }
    bool isWhole() const { return m_recipe.phases.empty(); }
    /// The first row's mistake with its name; empty where there is none.
    QString problem() const;

    /// False where the rows cannot be; then it has said why.
    bool change(const std::vector<PhaseRecipe>& rows, bool isWhole, const QString& what);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

Q_SIGNALS:
    void edited(const frostline::Recipe& recipe, const QString& what);
    void refused(const QString& why);

private:
    void resize(std::size_t rows, std::size_t firstOther);
    QString text(std::size_t row, int column) const;
    QString detail(std::size_t row, int column) const;
    QString trainableText(std::size_t row) const;
    QString layersDetail(std::size_t row) const;
    QString toolTip(std::size_t row, int column) const;
    QVariant editValue(std::size_t row, int column) const;
    bool store(PhaseRecipe& row, int column, const QVariant& value, bool isFirst);

    Recipe m_recipe;
    LayerTable m_table;
    std::vector<PhaseRecipe> m_rows;
    std::vector<PlanReport> m_reports;
    QString m_obstacle;
    int m_current = -1;
};

} // namespace frostline
