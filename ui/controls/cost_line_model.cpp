#include "controls/cost_line_model.h"

#include <algorithm>
#include <utility>

#include <QFont>
#include <QLocale>

#include "controls/number_text.h"
#include "layers/tinted_icon.h"
#include "theme/icons.h"

namespace frostline {

namespace {

/// Units stand in the headers, for the dock is narrow; seconds say that they are none of the usual.
QString millisecondsText(double seconds)
{
    const double milliseconds = 1000.0 * seconds;
    return milliseconds < 1000.0 ? QLocale().toString(milliseconds, 'g', 3)
                                 : CostLineModel::tr("%1 s").arg(QLocale().toString(seconds, 'g', 3));
}

QString mebibytesText(std::int64_t bytes)
{
    return QLocale().toString(static_cast<qlonglong>((bytes + (1 << 19)) >> 20));
}

} // namespace

CostLineModel::CostLineModel(QObject* parent) : QAbstractTableModel(parent)
{
    refreshIcons();
}

void CostLineModel::setLines(std::vector<CostLine> lines, const std::map<int, double>& measuredSeconds)
{
    const bool sameRows = std::ranges::equal(lines, m_lines, {}, &CostLine::name, &CostLine::name);
    if (!sameRows)
        beginResetModel();
    m_lines = std::move(lines);
    m_measuredSeconds = measuredSeconds;
    if (!sameRows)
        endResetModel();
    else if (!m_lines.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void CostLineModel::refreshIcons()
{
    m_frozenIcon = frozenIcon(QStringLiteral("frozen"));
    m_trainableIcon = icon(QStringLiteral("trainable"));
    if (!m_lines.empty())
        Q_EMIT dataChanged(index(0, NameColumn), index(rowCount() - 1, NameColumn), {Qt::DecorationRole});
}

int CostLineModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int CostLineModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CostLineModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto& line = m_lines[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(line, index.column());
    case Qt::ToolTipRole:
        return toolTip(line);
    case Qt::AccessibleTextRole:
        return line.isInForce && index.column() == NameColumn
                   ? tr("%1, in force now").arg(text(line, NameColumn))
                   : text(line, index.column());
    case Qt::DecorationRole:
        return index.column() == NameColumn ? decoration(line) : QVariant();
    case Qt::TextAlignmentRole:
        return index.column() == NameColumn ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                                            : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::FontRole: {
        QFont font;
        font.setBold(line.isInForce);
        return font;
    }
    case NodeRole:
        return line.node;
    default:
        return {};
    }
}

QVariant CostLineModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == NameColumn ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                                     : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    const bool isTip = role == Qt::ToolTipRole;
    if (!isTip && role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return isTip ? tr("The last layer under the frost line") : tr("Frozen to");
    case StepColumn:
        return isTip ? tr("Milliseconds that a step is expected to take once features are kept")
                     : tr("Step, ms");
    case MeasuredColumn:
        return isTip ? tr("Milliseconds that a step took when the run was last at this frost line")
                     : tr("Took");
    case MemoryColumn:
        return isTip ? tr("Memory that the program is expected to hold while it trains") : tr("MiB");
    default:
        return {};
    }
}

QString CostLineModel::text(const CostLine& line, int column) const
{
    switch (column) {
    case NameColumn:
        return line.node < 0 ? tr("nothing") : line.name;
    case StepColumn:
        return millisecondsText(line.estimate.stepSeconds);
    case MeasuredColumn: {
        const auto measured = m_measuredSeconds.find(line.estimate.line);
        return measured == m_measuredSeconds.end() ? QStringLiteral("–") : millisecondsText(measured->second);
    }
    default:
        return mebibytesText(line.estimate.memoryBytes);
    }
}

QString CostLineModel::toolTip(const CostLine& line) const
{
    const auto& cost = line.estimate;
    const auto step = durationText(cost.stepSeconds);
    const auto filling = durationText(cost.fillingStepSeconds);
    QString what = tr("With nothing frozen a step takes about %1.").arg(step);
    if (line.node >= 0 && cost.featureBytes > 0)
        what =
            tr("With everything up to %1 frozen a step takes about %2 once the features are kept, %3 while "
               "they are computed; %4 of features.")
                .arg(line.name, step, filling, memoryText(cost.featureBytes));
    else if (line.node >= 0)
        what = tr("With everything up to %1 frozen a step takes about %2; features are not kept.")
                   .arg(line.name, step);
    const auto hint = line.isInForce  ? tr("This is in force now.")
                      : line.node < 0 ? tr("Double-click to unfreeze all.")
                                      : tr("Double-click to freeze up to there.");
    return QStringLiteral("<p>%1 %2</p>").arg(what.toHtmlEscaped(), hint.toHtmlEscaped());
}

QVariant CostLineModel::decoration(const CostLine& line) const
{
    if (!line.isInForce)
        return {}; // Names need the room.
    return line.node < 0 ? m_trainableIcon : m_frozenIcon;
}

} // namespace frostline
