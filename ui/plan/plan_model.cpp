#include "plan/plan_model.h"

#include <algorithm>

#include <QIcon>
#include <QLocale>

#include "controls/list_text.h"
#include "controls/number_text.h"
#include "plan/plan_text.h"
#include "plots/number_text.h"
#include "theme/icons.h"
#include "theme/tip_text.h"

namespace frostline {

namespace {

constexpr int kMostEpochs = 1'000'000;
constexpr double kHighestRate = 1000.0;

QString dash()
{
    return QStringLiteral("–");
}

QString capitalised(const std::string& sentence)
{
    QString text = QString::fromStdString(sentence);
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

QString epochsText(const PlanReport& report)
{
    const int first = report.epochsBefore + 1;
    return report.epochs == 1 ? PlanModel::tr("epoch %1").arg(first)
                              : PlanModel::tr("epochs %1–%2").arg(first).arg(first + report.epochs - 1);
}

QString headerTip(int column)
{
    switch (column) {
    case PlanModel::EpochsColumn:
        return PlanModel::tr("How long the phase lasts; at most, where it may end early");
    case PlanModel::TrainableColumn:
        return PlanModel::tr("Which layers learn; all others are frozen. The first phase's are the ticks");
    case PlanModel::RateColumn:
        return PlanModel::tr("Learning rate, times the schedule and each layer's multiplier");
    case PlanModel::ScheduleColumn:
        return PlanModel::tr("How the learning rate goes over the phase");
    case PlanModel::StatisticsColumn:
        return PlanModel::tr("What normalisation layers do with their running statistics");
    case PlanModel::EndColumn:
        return PlanModel::tr("Which figure has to get better for the phase to go on");
    case PlanModel::BestColumn:
        return PlanModel::tr("At its end back to its best epoch");
    default:
        return {};
    }
}

/// Place in a list that begins with what stands for nothing.
template <class Value>
int placeOf(const std::optional<Value>& value)
{
    return value ? static_cast<int>(*value) + 1 : 0;
}

} // namespace

void PlanModel::setPlan(const Recipe& recipe, const LayerTable& table)
{
    m_recipe = recipe;
    m_table = table;
    auto rows = planRows(recipe, table);
    const auto [own, other] = std::ranges::mismatch(m_rows, rows);
    const auto firstOther = static_cast<std::size_t>(own - m_rows.begin());
    auto reports = planReports(recipe, table);
    if (rows.size() != m_rows.size())
        resize(rows.size(), firstOther);
    m_rows = std::move(rows);
    m_reports = std::move(reports);
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

/// So that what is selected in other rows stays so.
void PlanModel::resize(std::size_t rows, std::size_t firstOther)
{
    const auto before = m_rows.size();
    const auto at = static_cast<std::ptrdiff_t>(std::min({firstOther, rows, before}));
    const auto change = static_cast<std::ptrdiff_t>(rows) - static_cast<std::ptrdiff_t>(before);
    const auto first = static_cast<int>(at);
    if (change > 0) {
        beginInsertRows({}, first, first + static_cast<int>(change) - 1);
        m_rows.insert(m_rows.begin() + at, static_cast<std::size_t>(change), {});
        m_reports.insert(m_reports.begin() + at, static_cast<std::size_t>(change), {});
        endInsertRows();
        return;
    }
    beginRemoveRows({}, first, first - static_cast<int>(change) - 1);
    m_rows.erase(m_rows.begin() + at, m_rows.begin() + at - change);
    m_reports.erase(m_reports.begin() + at, m_reports.begin() + at - change);
    endRemoveRows();
}

void PlanModel::setObstacle(const QString& why)
{
    m_obstacle = why;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void PlanModel::setCurrentPhase(int row)
{
    if (std::exchange(m_current, row) != row && rowCount() > 0)
        Q_EMIT dataChanged(index(0, NameColumn), index(rowCount() - 1, NameColumn));
}

QString PlanModel::problem() const
{
    for (std::size_t i = 0; i < m_reports.size(); ++i) {
        const QString why = QString::fromStdString(m_reports[i].problem);
        if (!why.isEmpty())
            return isWhole() ? capitalised(m_reports[i].problem)
                             : tr("Phase %1, %2: %3").arg(i + 1).arg(text(i, NameColumn), why);
    }
    return {};
}

bool PlanModel::change(const std::vector<PhaseRecipe>& rows, bool isWhole, const QString& what)
{
    const auto next = withPlanRows(m_recipe, m_table, rows, isWhole);
    if (!next) {
        Q_EMIT refused(capitalised(next.error().message));
        return false;
    }
    if (*next != m_recipe)
        Q_EMIT edited(*next, what);
    return true;
}

int PlanModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PlanModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString PlanModel::trainableText(std::size_t row) const
{
    const auto& patterns = m_rows[row].trainable;
    if (row > 0)
        return patterns ? namesText(*patterns) : tr("as before");
    if (!patterns)
        return tr("as the recipe says");
    return patterns->empty() ? tr("nothing is ticked") : tr("as ticked: %1").arg(namesText(*patterns));
}

QString PlanModel::text(std::size_t row, int column) const
{
    const auto& phase = m_rows[row];
    switch (column) {
    case NameColumn:
        return isWhole() ? tr("whole run") : QString::fromStdString(phase.name);
    case EpochsColumn:
        return QLocale().toString(phase.epochs);
    case TrainableColumn:
        return trainableText(row);
    case RateColumn:
        return phase.learningRate ? numberText(*phase.learningRate) : tr("as before");
    case ScheduleColumn:
        return phase.schedule ? scheduleName(phase.schedule->kind) : tr("the run's");
    case StatisticsColumn:
        if (phase.statistics)
            return statisticsNames().at(static_cast<int>(*phase.statistics));
        return row > 0 ? tr("as before") : dash();
    case EndColumn:
        return phase.until ? monitorName(phase.until->watched.monitor) : dash();
    default:
        return {};
    }
}

QString PlanModel::layersDetail(std::size_t row) const
{
    const auto& report = m_reports[row];
    if (!report.problem.empty())
        return capitalised(report.problem);
    if (report.layers.empty())
        return {};
    const auto totals = totalsOf(report.layers);
    return tr("%1 weights, %2")
        .arg(QLocale().toString(static_cast<qlonglong>(totals.trainable)),
             percentText(totals.trainableFraction(), QLocale()));
}

QString PlanModel::detail(std::size_t row, int column) const
{
    const auto& phase = m_rows[row];
    const auto& report = m_reports[row];
    switch (column) {
    case NameColumn:
        return epochsText(report);
    case EpochsColumn:
        return phase.until ? tr("at most") : QString();
    case TrainableColumn:
        return layersDetail(row);
    case RateColumn:
        return phase.learningRate ? QString() : numberText(report.rate);
    case ScheduleColumn:
        if (!phase.schedule)
            return scheduleName(report.schedule.kind);
        return scheduleDetail(report.schedule);
    case EndColumn:
        return phase.until ? endDetail(*phase.until) : QString();
    default:
        return {};
    }
}

QString PlanModel::toolTip(std::size_t row, int column) const
{
    if (!m_obstacle.isEmpty())
        return m_obstacle;
    if (column == TrainableColumn && !m_reports[row].problem.empty())
        return layersDetail(row);
    const QString under = detail(row, column);
    const QString shown = text(row, column);
    return under.isEmpty() ? shown : shown + QStringLiteral(" – ") + under;
}

QVariant PlanModel::editValue(std::size_t row, int column) const
{
    const auto& phase = m_rows[row];
    switch (column) {
    case NameColumn:
        return QString::fromStdString(phase.name);
    case EpochsColumn:
        return phase.epochs;
    case TrainableColumn:
        return phase.trainable ? namesText(*phase.trainable) : QString();
    case RateColumn:
        return phase.learningRate ? numberText(*phase.learningRate) : QString();
    case ScheduleColumn:
        return phase.schedule ? static_cast<int>(phase.schedule->kind) + 1 : 0;
    case StatisticsColumn:
        return placeOf(phase.statistics);
    case EndColumn:
        return phase.until ? static_cast<int>(phase.until->watched.monitor) + 1 : 0;
    default:
        return phase.restoresBest;
    }
}

QVariant PlanModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::EditRole:
        return editValue(row, column);
    case DetailRole:
        return detail(row, column);
    case ProblemRole:
        return column == TrainableColumn && !m_reports[row].problem.empty();
    case Qt::AccessibleTextRole:
        return column == BestColumn ? headerData(column, Qt::Horizontal)
                                    : text(row, column) + QStringLiteral(" ") + detail(row, column);
    case Qt::ToolTipRole:
        return tipText(toolTip(row, column));
    case Qt::CheckStateRole:
        if (column == BestColumn)
            return m_rows[row].restoresBest ? Qt::Checked : Qt::Unchecked;
        return {};
    case Qt::DecorationRole:
        if (column == NameColumn && index.row() == m_current)
            return icon(QStringLiteral("play"));
        return {};
    default:
        return {};
    }
}

bool PlanModel::store(PhaseRecipe& row, int column, const QVariant& value, bool isFirst)
{
    const QString text = value.toString().trimmed();
    const int choice = value.toInt();
    switch (column) {
    case NameColumn:
        row.name = text.toStdString();
        return !text.isEmpty();
    case EpochsColumn:
        row.epochs = std::clamp(choice, 1, kMostEpochs);
        return true;
    case TrainableColumn:
        row.trainable = namesOf(text);
        if (text.isEmpty() && !isFirst)
            row.trainable.reset();
        return true;
    case RateColumn: {
        const auto rate = numberOf(text);
        const bool isRate = rate && *rate >= 0.0 && *rate <= kHighestRate;
        if (!isRate && !(text.isEmpty() && !isFirst))
            Q_EMIT refused(tr("“%1” is no learning rate; type a number such as 1e-4").arg(text));
        row.learningRate = isRate ? rate : std::nullopt;
        return isRate || (text.isEmpty() && !isFirst);
    }
    case ScheduleColumn:
        if (choice == 0)
            row.schedule.reset();
        else if (!row.schedule || static_cast<int>(row.schedule->kind) + 1 != choice)
            row.schedule.emplace().kind = static_cast<ScheduleKind>(choice - 1);
        if (row.schedule && row.schedule->kind == ScheduleKind::MultiStep && row.schedule->milestones.empty())
            row.schedule->milestones = {std::max(1.0, row.epochs / 2.0)};
        return true;
    case StatisticsColumn:
        row.statistics = choice > 0 ? std::optional(static_cast<Statistics>(choice - 1)) : std::nullopt;
        return true;
    case EndColumn:
        if (choice == 0)
            row.until.reset();
        else if (!row.until)
            row.until = EndRecipe{.patience = std::clamp(row.epochs / 2, 1, EndRecipe().patience)};
        if (row.until && static_cast<int>(row.until->watched.monitor) + 1 != choice)
            row.until->watched = {static_cast<Monitor>(choice - 1), {}};
        return true;
    default:
        row.restoresBest = value.toBool();
        return true;
    }
}

bool PlanModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const bool isTick = role == Qt::CheckStateRole && index.column() == BestColumn;
    if (!checkIndex(index, CheckIndexOption::IndexIsValid) || (role != Qt::EditRole && !isTick) ||
        !m_obstacle.isEmpty())
        return false;
    auto rows = m_rows;
    const QVariant meant = isTick ? QVariant(value.toInt() == Qt::Checked) : value;
    if (!store(rows[static_cast<std::size_t>(index.row())], index.column(), meant, index.row() == 0))
        return false;
    return change(rows, isWhole(), headerData(index.column(), Qt::Horizontal).toString().toLower());
}

QVariant PlanModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::ToolTipRole)
        return headerTip(section);
    if (orientation == Qt::Vertical || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case NameColumn:
        return tr("Phase");
    case EpochsColumn:
        return tr("Epochs");
    case TrainableColumn:
        return tr("Trains");
    case RateColumn:
        return tr("Rate");
    case ScheduleColumn:
        return tr("Schedule");
    case StatisticsColumn:
        return tr("Statistics");
    case EndColumn:
        return tr("Ends early");
    default:
        return tr("Best");
    }
}

Qt::ItemFlags PlanModel::flags(const QModelIndex& index) const
{
    auto flags = QAbstractTableModel::flags(index);
    const bool isNameOfWhole = isWhole() && index.column() == NameColumn;
    const bool isUnknown = m_table.empty() && index.row() == 0 && index.column() == TrainableColumn;
    if (!index.isValid() || !m_obstacle.isEmpty() || isNameOfWhole || isUnknown)
        return flags;
    return index.column() == BestColumn ? flags | Qt::ItemIsUserCheckable : flags | Qt::ItemIsEditable;
}

} // namespace frostline
