#include "timeline/intervention_model.h"

#include <QDateTime>
#include <QLocale>

#include "plots/change_text.h"

namespace frostline {

namespace {

QString originText(Origin origin)
{
    switch (origin) {
    case Origin::Phase:
        return InterventionModel::tr("phase");
    case Origin::Schedule:
        return InterventionModel::tr("schedule");
    case Origin::User:
        break;
    }
    return InterventionModel::tr("hand");
}

/// The time of day, and the day where it is not today.
QString whenText(const std::string& at)
{
    const auto when = QDateTime::fromString(QString::fromStdString(at), Qt::ISODate).toLocalTime();
    if (!when.isValid())
        return {};
    const QString time = when.toString(QStringLiteral("HH:mm:ss"));
    if (when.date() == QDate::currentDate())
        return time;
    return QLocale().toString(when.date(), QLocale::ShortFormat) + QLatin1Char(' ') + time;
}

QString textOf(const Intervention& intervention, int column)
{
    switch (column) {
    case InterventionModel::StepColumn:
        return QLocale().toString(static_cast<qlonglong>(intervention.step));
    case InterventionModel::ChangeColumn:
        return describe(intervention.change);
    case InterventionModel::OriginColumn:
        return originText(intervention.origin);
    default:
        return whenText(intervention.at);
    }
}

} // namespace

void InterventionModel::setInterventions(const std::vector<Intervention>& interventions)
{
    beginResetModel();
    m_interventions = interventions;
    endResetModel();
}

void InterventionModel::append(const Intervention& intervention)
{
    beginInsertRows({}, rowCount(), rowCount());
    m_interventions.push_back(intervention);
    endInsertRows();
}

int InterventionModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_interventions.size());
}

int InterventionModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant InterventionModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto& intervention = m_interventions[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return textOf(intervention, index.column());
    case Qt::ToolTipRole:
        return describe(intervention);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(index.column() == StepColumn ? Qt::AlignRight | Qt::AlignVCenter
                                                                : Qt::AlignLeft | Qt::AlignVCenter);
    default:
        return {};
    }
}

QVariant InterventionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case StepColumn:
        return tr("Step");
    case ChangeColumn:
        return tr("Change");
    case OriginColumn:
        return tr("By");
    default:
        return tr("When");
    }
}

} // namespace frostline
