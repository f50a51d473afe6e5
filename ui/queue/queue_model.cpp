#include "queue/queue_model.h"

#include <algorithm>
#include <array>

#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMimeData>
#include <QPalette>

#include "theme/colours.h"
#include "theme/icons.h"
#include "theme/tip_text.h"
#include "window/run_status.h"

namespace frostline {

namespace {

constexpr std::array kStates{QueueItem::State::Waiting,    QueueItem::State::Running,
                             QueueItem::State::Paused,     QueueItem::State::Finished,
                             QueueItem::State::Stopped,    QueueItem::State::Failed,
                             QueueItem::State::Interrupted};

QColor colourFor(QueueItem::State state, const QPalette& palette)
{
    switch (state) {
    case QueueItem::State::Running:
    case QueueItem::State::Paused:
        return trainableColour(palette);
    case QueueItem::State::Finished:
        return seriesColour(2, palette);
    case QueueItem::State::Failed:
        return warningColour(palette);
    default:
        return palette.color(QPalette::PlaceholderText);
    }
}

/// In its colour, and in the text's on a selected row.
QIcon stateIcon(QueueItem::State state)
{
    const auto palette = QGuiApplication::palette();
    const QString name = iconNameFor(state);
    QIcon result = icon(name, colourFor(state, palette));
    const QIcon selected = icon(name, palette.color(QPalette::HighlightedText));
    for (const auto& size : selected.availableSizes())
        result.addPixmap(selected.pixmap(size), QIcon::Selected);
    return result;
}

QByteArray processName()
{
    return QByteArray::number(QCoreApplication::applicationPid());
}

double shareOf(const QueueItem& item)
{
    const auto& progress = item.progress;
    return progress.steps > 0 ? static_cast<double>(progress.step) / static_cast<double>(progress.steps)
                              : -1.0;
}

} // namespace

QueueModel::QueueModel(const RunQueue& queue, QObject* parent) : QAbstractTableModel(parent), m_queue(queue)
{
    refreshIcons();
    connect(&queue, &RunQueue::listChanged, this, &QueueModel::follow);
    connect(&queue, &RunQueue::itemChanged, this, &QueueModel::refresh);
    follow();
}

int QueueModel::rowOf(QueueItem::Id id) const
{
    const auto found = std::ranges::find(m_rows, id);
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

void QueueModel::refreshIcons()
{
    for (const auto state : kStates)
        m_icons[iconNameFor(state)] = stateIcon(state);
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, State), index(rowCount() - 1, State), {Qt::DecorationRole});
}

int QueueModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int QueueModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant QueueModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto* item = m_queue.find(idAt(index.row()));
    if (!item)
        return {}; // On its way out.
    const bool isNumber = index.column() == Elapsed || index.column() == Remaining || index.column() == Best;
    switch (role) {
    case Qt::DisplayRole:
        return textOf(*item, index.column());
    case Qt::ToolTipRole:
        return tipText(tipOf(*item, index.column())).replace(QLatin1Char('\n'), QLatin1String("<br>"));
    case Qt::DecorationRole:
        return index.column() == State ? QVariant(m_icons.at(iconNameFor(item->state))) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case IdRole:
        return item->id;
    case ShareRole:
        return shareOf(*item);
    default:
        return {};
    }
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::ToolTipRole && section == Best)
        return tr("Best figure on the validation data");
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case State:
        return tr("State");
    case Name:
        return tr("Name");
    case Difference:
        return tr("Differs from the first");
    case Progress:
        return tr("Progress");
    case Elapsed:
        return tr("Elapsed");
    case Remaining:
        return tr("Left");
    case Best:
        return tr("Best");
    default:
        return tr("Session");
    }
}

Qt::ItemFlags QueueModel::flags(const QModelIndex& index) const
{
    // Between rows only: the root takes what is dropped.
    const auto flags = QAbstractTableModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsDragEnabled : flags | Qt::ItemIsDropEnabled;
}

QStringList QueueModel::mimeTypes() const
{
    return {mimeType(), QStringLiteral("text/uri-list")};
}

QString QueueModel::mimeType()
{
    return QStringLiteral("application/x-frostline-queue");
}

QMimeData* QueueModel::mimeData(const QModelIndexList& indexes) const
{
    if (indexes.isEmpty())
        return nullptr;
    auto* data = new QMimeData;
    data->setData(mimeType(), processName());
    return data;
}

bool QueueModel::isOurs(const QMimeData& data)
{
    return data.data(mimeType()) == processName();
}

Qt::DropActions QueueModel::supportedDropActions() const
{
    return Qt::MoveAction | Qt::CopyAction;
}

bool QueueModel::canDropMimeData(const QMimeData* data, Qt::DropAction /*action*/, int /*row*/,
                                 int /*column*/, const QModelIndex& /*parent*/) const
{
    return isOurs(*data) || data->hasUrls();
}

/// Brings the rows to what the queue has, so that a selection stays on its runs.
void QueueModel::follow()
{
    m_differences.clear();
    removeGone();
    reorder();
    insertNew();
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void QueueModel::removeGone()
{
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (m_queue.find(idAt(row)))
            continue;
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }
}

void QueueModel::reorder()
{
    auto sorted = m_rows;
    std::ranges::sort(sorted, {}, [this](QueueItem::Id id) { return m_queue.rowOf(id); });
    if (sorted == m_rows)
        return;
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = persistentIndexList();
    QModelIndexList after;
    for (const auto& each : before) {
        const auto place = std::ranges::find(sorted, idAt(each.row()));
        after.append(index(static_cast<int>(place - sorted.begin()), each.column()));
    }
    m_rows = std::move(sorted);
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void QueueModel::insertNew()
{
    for (int row = 0; row < static_cast<int>(m_queue.items().size()); ++row) {
        const auto id = m_queue.items()[static_cast<std::size_t>(row)].id;
        if (row < rowCount() && idAt(row) == id)
            continue;
        beginInsertRows({}, row, row);
        m_rows.insert(m_rows.begin() + row, id);
        endInsertRows();
    }
}

void QueueModel::refresh(QueueItem::Id id)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    refreshTimes();
}

/// One run's speed tells how long the others like it will take.
void QueueModel::refreshTimes()
{
    Q_EMIT dataChanged(index(0, Remaining), index(rowCount() - 1, Remaining), {Qt::DisplayRole});
}

QString QueueModel::textOf(const QueueItem& item, int column) const
{
    switch (column) {
    case State:
        return wordFor(item.state);
    case Name:
        return nameOf(item);
    case Difference:
        return differenceOf(item).brief;
    case Progress:
        return progressText(item);
    case Elapsed:
        return item.seconds > 0.0 ? clockText(item.seconds) : tr("–");
    case Remaining: {
        const auto left = secondsLeft(item, m_queue.items());
        return left ? clockText(*left) : tr("–");
    }
    case Best:
        return bestText(item);
    default:
        return QFileInfo(item.session).fileName();
    }
}

QString QueueModel::tipOf(const QueueItem& item, int column) const
{
    if (!item.problem.isEmpty() && column != Difference && column != Session)
        return item.problem;
    switch (column) {
    case Difference:
        return differenceOf(item).full;
    case Remaining:
        return item.canResume() || item.state == QueueItem::State::Finished ||
                       secondsLeft(item, m_queue.items())
                   ? QString()
                   : tr("Not known before a run like this one has been measured");
    case Best:
        return item.bestEpoch > 0 ? tr("In epoch %1").arg(item.bestEpoch) : QString();
    case Progress:
        return item.progress.steps > 0 ? tr("%1 of %2 steps")
                                             .arg(static_cast<qlonglong>(item.progress.step))
                                             .arg(static_cast<qlonglong>(item.progress.steps))
                                       : QString();
    case Session:
        return QDir::toNativeSeparators(item.session);
    default:
        return {};
    }
}

const RecipeDifference& QueueModel::differenceOf(const QueueItem& item) const
{
    const auto known = m_differences.find(item.id);
    if (known != m_differences.end())
        return known->second;
    RecipeDifference difference;
    const auto& first = m_queue.items().front();
    if (first.id == item.id)
        difference.brief = m_queue.items().size() > 1 ? tr("(the first)") : QString();
    else
        difference = frostline::differenceOf(first.recipe, item.recipe);
    if (difference.brief.isEmpty() && first.id != item.id)
        difference.brief = tr("nothing");
    return m_differences.emplace(item.id, std::move(difference)).first->second;
}

} // namespace frostline
