#pragma once

#include <map>
#include <vector>

#include <QAbstractTableModel>
#include <QIcon>
#include <QPersistentModelIndex>

#include "queue/queue_text.h"
#include "queue/run_queue.h"

namespace frostline {

/// The queue as a table, a run a row. GUI thread.
class QueueModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { State, Name, Difference, Progress, Elapsed, Remaining, Best, Session, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole,
        ShareRole, ///< Of its steps that are done, 0..1; -1 before it has begun.
    };

    /// `queue` has to outlive the model.
    explicit QueueModel(const RunQueue& queue, QObject* parent = nullptr);

    QueueItem::Id idAt(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    int rowOf(QueueItem::Id id) const;
    /// After the palette has changed.
    void refreshIcons();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    // Dragging is the view's and the queue's business; here stands only what can be dragged.
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    Qt::DropActions supportedDropActions() const override;
    bool canDropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                         const QModelIndex& parent) const override;

    /// Of rows that are dragged; which ones, the view's selection tells.
    static QString mimeType();
    /// Whether rows of this program are dragged, and not another window's.
    static bool isOurs(const QMimeData& data);

private:
    void follow();
    void removeGone();
    void reorder();
    void insertNew();
    void refresh(QueueItem::Id id);
    void refreshTimes();
    QString textOf(const QueueItem& item, int column) const;
    QString tipOf(const QueueItem& item, int column) const;
    const RecipeDifference& differenceOf(const QueueItem& item) const;

    const RunQueue& m_queue;
    std::vector<QueueItem::Id> m_rows;
    mutable std::map<QueueItem::Id, RecipeDifference> m_differences; ///< From the first item.
    std::map<QString, QIcon> m_icons;
};

} // namespace frostline
