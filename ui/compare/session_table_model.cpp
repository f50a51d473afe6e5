#include "compare/session_table_model.h"

#include <algorithm>

#include <QDir>
#include <QFont>
#include <QGuiApplication>
#include <QLocale>
#include <QPalette>

#include "compare/delta_text.h"
#include "plots/number_text.h"
#include "theme/icons.h"

namespace frostline {

namespace {

QString accuracyText(const std::optional<double>& accuracy)
{
    return accuracy ? percentText(*accuracy, QLocale()) : SessionTableModel::tr("–");
}

/// Accuracy, or where the task has none the loss, in words.
QString scoreText(const std::optional<double>& accuracy, const std::optional<double>& loss)
{
    return accuracy || !loss ? accuracyText(accuracy)
                             : SessionTableModel::tr("loss %1").arg(QLocale().toString(*loss, 'g', 4));
}

std::optional<double> lastLoss(const SessionEntry& entry)
{
    const auto& figures = entry.figures;
    return figures.bestLoss && figures.last ? std::optional(figures.last->loss) : std::nullopt;
}

std::optional<double> lastAccuracy(const SessionEntry& entry)
{
    return entry.figures.lastAccuracy();
}

bool isEditable(int column)
{
    return column == SessionTableModel::Name || column == SessionTableModel::Tags;
}

std::size_t at(int entry)
{
    return static_cast<std::size_t>(entry);
}

} // namespace

void SessionTableModel::setEntries(std::vector<SessionEntry> entries)
{
    if (takeSameRows(entries))
        return;
    beginResetModel();
    m_entries = std::move(entries);
    forgetGone();
    arrange();
    endResetModel();
    Q_EMIT tickedChanged();
}

/// Where the rows are the same ones, their contents change and nothing else: neither selection nor place in
/// the list is lost.
bool SessionTableModel::takeSameRows(std::vector<SessionEntry>& entries)
{
    const auto parentOf = [](const SessionEntry& entry) {
        return entry.head && entry.head->parent ? entry.head->parent->id : std::string();
    };
    const bool isSame =
        !m_entries.empty() &&
        std::ranges::equal(m_entries, entries, [&](const SessionEntry& a, const SessionEntry& b) {
            return a.folder == b.folder && parentOf(a) == parentOf(b);
        });
    if (!isSame)
        return false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const bool isAlike = m_entries[i].looksLike(entries[i]);
        m_entries[i] = std::move(entries[i]);
        if (!isAlike)
            rowChanged(static_cast<int>(i));
    }
    Q_EMIT tickedChanged();
    return true;
}

void SessionTableModel::forgetGone()
{
    m_ticked.removeIf([this](const QString& folder) { return entryOf(folder) == kRoot; });
    m_slots.removeIf([this](const auto& slot) { return !m_ticked.contains(slot.key()); });
    if (entryOf(m_baseline) == kRoot)
        m_baseline.clear();
}

void SessionTableModel::arrange()
{
    const auto count = m_entries.size();
    m_parents.assign(count, kRoot);
    m_rows.assign(count, 0);
    m_children.assign(count, {});
    m_roots.clear();
    if (m_isTree) {
        arrangeTree();
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        m_rows[i] = static_cast<int>(i);
        m_roots.push_back(static_cast<int>(i));
    }
}

void SessionTableModel::arrangeTree()
{
    std::vector<const SessionHead*> heads;
    std::vector<int> entryOfHead;
    const auto hang = [this](int entry, int parent) {
        auto& siblings = parent == kRoot ? m_roots : m_children[at(parent)];
        m_parents[at(entry)] = parent;
        m_rows[at(entry)] = static_cast<int>(siblings.size());
        siblings.push_back(entry);
    };
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (m_entries[i].head) {
            heads.push_back(&*m_entries[i].head);
            entryOfHead.push_back(static_cast<int>(i));
        }
    }
    std::vector<int> branch; // the entry last seen at each depth
    for (const auto& row : branchTree(heads)) {
        const int entry = entryOfHead[row.session];
        branch.resize(at(row.depth));
        hang(entry, branch.empty() ? kRoot : branch.back());
        branch.push_back(entry);
    }
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (!m_entries[i].head)
            hang(static_cast<int>(i), kRoot);
    }
}

const SessionEntry* SessionTableModel::find(const QString& folder) const
{
    const int entry = entryOf(folder);
    return entry == kRoot ? nullptr : &m_entries[at(entry)];
}

QModelIndex SessionTableModel::indexOf(const QString& folder) const
{
    const int entry = entryOf(folder);
    return entry == kRoot ? QModelIndex() : createIndex(m_rows[at(entry)], 0, static_cast<quintptr>(entry));
}

int SessionTableModel::entryOf(const QString& folder) const
{
    const auto found = std::ranges::find(m_entries, folder, &SessionEntry::folder);
    return found == m_entries.end() ? kRoot : static_cast<int>(found - m_entries.begin());
}

int SessionTableModel::entryOf(const QModelIndex& index) const
{
    return static_cast<int>(index.internalId());
}

void SessionTableModel::setTree(bool on)
{
    if (m_isTree == on)
        return;
    beginResetModel();
    m_isTree = on;
    arrange();
    endResetModel();
}

void SessionTableModel::setTicked(const QStringList& folders)
{
    const QStringList before = m_ticked;
    for (const auto& folder : before) {
        if (!folders.contains(folder))
            setTicked(entryOf(folder), false);
    }
    for (const auto& folder : folders) {
        if (const int entry = entryOf(folder); entry != kRoot)
            setTicked(entry, true);
    }
    if (m_ticked != before)
        Q_EMIT tickedChanged();
}

bool SessionTableModel::setTicked(int entry, bool on)
{
    const auto& [folder, head, error, isRunning, changed, created, figures] = m_entries[at(entry)];
    if (!head || m_ticked.contains(folder) == on)
        return false;
    if (on) {
        int slot = 0;
        while (std::ranges::find(m_slots, slot) != m_slots.end())
            ++slot;
        m_slots.insert(folder, slot);
        m_ticked.append(folder);
    } else {
        m_slots.remove(folder);
        m_ticked.removeOne(folder);
    }
    rowChanged(entry);
    return true;
}

RunStyle SessionTableModel::styleOf(const QString& folder) const
{
    const auto* entry = find(folder);
    const bool hasColour = entry && entry->head && !entry->head->colour.empty();
    return {m_slots.value(folder, -1),
            hasColour ? QColor(QString::fromStdString(entry->head->colour)) : QColor()};
}

void SessionTableModel::setBaseline(const QString& folder)
{
    if (m_baseline == folder)
        return;
    m_baseline = folder;
    allChanged();
    Q_EMIT baselineChanged();
}

void SessionTableModel::annotate(const QString& folder, const SessionHead& head)
{
    const int entry = entryOf(folder);
    if (entry == kRoot)
        return;
    m_entries[at(entry)].head = head;
    rowChanged(entry);
    Q_EMIT annotated(folder, head);
}

void SessionTableModel::refreshSwatches()
{
    allChanged();
}

void SessionTableModel::rowChanged(int entry)
{
    const auto id = static_cast<quintptr>(entry);
    Q_EMIT dataChanged(createIndex(m_rows[at(entry)], 0, id),
                       createIndex(m_rows[at(entry)], ColumnCount - 1, id));
}

void SessionTableModel::allChanged()
{
    const auto tell = [this](const std::vector<int>& rows) {
        if (rows.empty())
            return;
        const int last = static_cast<int>(rows.size()) - 1;
        Q_EMIT dataChanged(createIndex(0, 0, static_cast<quintptr>(rows.front())),
                           createIndex(last, ColumnCount - 1, static_cast<quintptr>(rows.back())));
    };
    tell(m_roots);
    for (const auto& children : m_children)
        tell(children);
}

const std::vector<int>& SessionTableModel::childrenOf(const QModelIndex& parent) const
{
    return parent.isValid() ? m_children[at(entryOf(parent))] : m_roots;
}

QModelIndex SessionTableModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, static_cast<quintptr>(childrenOf(parent)[at(row)]));
}

QModelIndex SessionTableModel::parent(const QModelIndex& index) const
{
    if (!index.isValid())
        return {};
    const int above = m_parents[at(entryOf(index))];
    return above == kRoot ? QModelIndex() : createIndex(m_rows[at(above)], 0, static_cast<quintptr>(above));
}

int SessionTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(childrenOf(parent).size());
}

int SessionTableModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant SessionTableModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int entry = entryOf(index);
    const auto& session = m_entries[at(entry)];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return displayText(entry, index.column());
    case Qt::CheckStateRole:
        if (index.column() == Name && session.head)
            return m_ticked.contains(session.folder) ? Qt::Checked : Qt::Unchecked;
        return {};
    case Qt::DecorationRole:
        return decoration(entry, index.column());
    case Qt::ToolTipRole:
        return tip(entry, index.column());
    case Qt::FontRole: {
        QFont font;
        font.setBold(index.column() == Name && session.folder == m_baseline);
        font.setItalic(session.isArchived());
        return font;
    }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    case FolderRole:
        return session.folder;
    case SortRole:
        return sortValue(entry, index.column());
    case SearchRole:
        return QStringList({session.name(), session.id(), session.tags().join(QLatin1Char(' ')),
                            displayText(entry, Notes),
                            session.head ? QString::fromStdString(session.head->recipe.name) : QString()})
            .join(QLatin1Char('\n'));
    case ArchivedRole:
        return session.isArchived();
    default:
        return {};
    }
}

bool SessionTableModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    if (role == Qt::EditRole)
        return edit(entryOf(index), index.column(), value.toString().trimmed());
    if (role != Qt::CheckStateRole || index.column() != Name)
        return false;
    const bool hasChanged = setTicked(entryOf(index), value.toInt() == Qt::Checked);
    if (hasChanged)
        Q_EMIT tickedChanged();
    return hasChanged;
}

bool SessionTableModel::edit(int entry, int column, const QString& text)
{
    if (!isEditable(column) || !m_entries[at(entry)].head || text == displayText(entry, column))
        return false;
    auto head = *m_entries[at(entry)].head;
    if (column == Name)
        head.name = text.toStdString();
    else
        head.tags = tagsOf(text);
    annotate(m_entries[at(entry)].folder, head);
    return true;
}

Qt::ItemFlags SessionTableModel::flags(const QModelIndex& index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    const auto& session = m_entries[at(entryOf(index))];
    if (!session.head)
        return flags;
    if (index.column() == Name)
        flags |= Qt::ItemIsUserCheckable;
    if (isEditable(index.column()) && !session.isRunning)
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant SessionTableModel::decoration(int entry, int column) const
{
    const auto& session = m_entries[at(entry)];
    if (column == State && !session.head)
        return icon(QStringLiteral("warning"));
    if (column == State && session.isRunning)
        return icon(QStringLiteral("play"));
    if (column != Name || !session.head)
        return {};
    return swatchOf(styleOf(session.folder), QGuiApplication::palette());
}

QString SessionTableModel::deltaText(int entry) const
{
    const auto* baseline = find(m_baseline);
    if (!baseline)
        return {};
    if (m_entries[at(entry)].folder == m_baseline)
        return tr("baseline");
    const auto& own = m_entries[at(entry)].figures.bestAccuracy;
    const auto& other = baseline->figures.bestAccuracy;
    return own && other ? pointsText(*own - *other, QLocale()) : QString();
}

QString SessionTableModel::displayText(int entry, int column) const
{
    const auto& session = m_entries[at(entry)];
    if (!session.head && column != Name && column != State)
        return column == Notes ? session.error : QString();
    const QLocale locale;
    switch (column) {
    case Name:
        return session.name();
    case State:
        return session.stateWord();
    case Tags:
        return session.tags().join(QStringLiteral(", "));
    case Last:
        return scoreText(lastAccuracy(session), lastLoss(session));
    case Best:
        return scoreText(session.figures.bestAccuracy, session.figures.bestLoss);
    case BestEpoch:
        return session.figures.bestEpoch > 0 ? locale.toString(session.figures.bestEpoch) : tr("–");
    case Delta:
        return deltaText(entry);
    case Steps:
        return locale.toString(static_cast<qlonglong>(session.figures.steps));
    case Seconds:
        return durationText(session.figures.seconds, locale);
    case When:
        return locale.toString(session.created, QLocale::ShortFormat);
    default:
        return QString::fromStdString(session.head->notes).simplified();
    }
}

QVariant SessionTableModel::sortValue(int entry, int column) const
{
    const auto& session = m_entries[at(entry)];
    switch (column) {
    case Last:
        return lastAccuracy(session).value_or(-1.0);
    case Best:
    case Delta:
        return session.figures.bestAccuracy.value_or(-1.0);
    case BestEpoch:
        return session.figures.bestEpoch;
    case Steps:
        return static_cast<qlonglong>(session.figures.steps);
    case Seconds:
        return session.figures.seconds;
    case When:
        return session.created;
    default:
        return displayText(entry, column).toLower();
    }
}

QString SessionTableModel::tip(int entry, int column) const
{
    const auto& session = m_entries[at(entry)];
    if (!session.head)
        return session.error;
    if (column == Notes && !session.head->notes.empty())
        return QString::fromStdString(session.head->notes);
    if (column == State && !session.head->error.empty())
        return QString::fromStdString(session.head->error);
    const QString place = QDir::toNativeSeparators(session.folder);
    if (!session.head->parent)
        return place;
    return tr("%1\nBranch of %2 at step %3")
        .arg(place, QString::fromStdString(session.head->parent->id),
             QLocale().toString(static_cast<qlonglong>(session.head->parent->step)));
}

} // namespace frostline
