#pragma once

#include <vector>

#include <QAbstractItemModel>
#include <QHash>
#include <QStringList>

#include "compare/run_style.h"
#include "compare/session_entry.h"

namespace frostline {

/// Sessions as rows, flat or each branch under the session it left; ticked ones are laid over one another.
/// GUI thread.
class SessionTableModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Name, State, Best, BestEpoch, Last, Delta, Tags, Steps, Seconds, When, Notes, ColumnCount };
    enum Role {
        FolderRole = Qt::UserRole,
        SortRole,     ///< What a column is sorted by.
        SearchRole,   ///< Name, tags, notes, recipe and id in one text.
        ArchivedRole, ///< Whether it is put away.
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setEntries(std::vector<SessionEntry> entries);
    const std::vector<SessionEntry>& entries() const { return m_entries; }
    /// Null where there is none.
    const SessionEntry* find(const QString& folder) const;
    QModelIndex indexOf(const QString& folder) const;

    void setTree(bool on);
    bool isTree() const { return m_isTree; }
    /// Folders in the order they were ticked.
    QStringList ticked() const { return m_ticked; }
    void setTicked(const QStringList& folders);
    RunStyle styleOf(const QString& folder) const;
    void setBaseline(const QString& folder);
    const QString& baseline() const { return m_baseline; }
    /// Shows the session with what the user changed about it, and asks that it be written.
    void annotate(const QString& folder, const SessionHead& head);
    void refreshSwatches();

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& index) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

Q_SIGNALS:
    void tickedChanged();
    void baselineChanged();
    void annotated(const QString& folder, const SessionHead& head);

private:
    static constexpr int kRoot = -1;
    static bool isNumber(int column);

    void arrange();
    void arrangeTree();
    bool takeSameRows(std::vector<SessionEntry>& entries);
    void forgetGone();
    int entryOf(const QModelIndex& index) const;
    int entryOf(const QString& folder) const;
    const std::vector<int>& childrenOf(const QModelIndex& parent) const;
    void rowChanged(int entry);
    void allChanged();
    bool setTicked(int entry, bool on);
    bool edit(int entry, int column, const QString& text);
    QVariant decoration(int entry, int column) const;
    QString deltaText(int entry) const;
    QVariant sortValue(int entry, int column) const;
    QString displayText(int entry, int column) const;
    QString tip(int entry, int column) const;

    std::vector<SessionEntry> m_entries;
    std::vector<int> m_parents; ///< Of each entry; kRoot for those at the top.
    std::vector<int> m_rows;    ///< Of each entry under its parent.
    std::vector<int> m_roots;
    std::vector<std::vector<int>> m_children;
    QStringList m_ticked;
    QHash<QString, int> m_slots;
    QString m_baseline;
    bool m_isTree = false;
};

} // namespace frostline
