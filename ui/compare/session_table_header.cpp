// What the columns of the session table are called, and which of them hold numbers.
#include "compare/session_table_model.h"

namespace frostline {

bool SessionTableModel::isNumber(int column)
{
    return column == Last || column == Best || column == BestEpoch || column == Delta || column == Steps ||
           column == Seconds;
}

QVariant SessionTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const QStringList names{tr("Session"), tr("State"), tr("Best"), tr("Epoch"), tr("Last"), tr("Δ Best"),
                            tr("Tags"),    tr("Steps"), tr("Time"), tr("When"),  tr("Notes")};
    const QStringList tips{tr("Tick sessions to lay them over one another"),
                           tr("What became of the run"),
                           tr("Best validation accuracy"),
                           tr("Epoch of the best validation accuracy"),
                           tr("Validation accuracy of the last epoch"),
                           tr("Best validation accuracy beside the baseline's, in percentage points"),
                           tr("Separated by commas"),
                           tr("Steps done"),
                           tr("Time spent on the run, pauses left out"),
                           tr("When the run began"),
                           tr("What you wrote about it")};
    switch (role) {
    case Qt::DisplayRole:
        return names[section];
    case Qt::ToolTipRole:
        return tips[section];
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

} // namespace frostline
