#pragma once

#include <QTreeView>

#include "queue/queue_item.h"

namespace frostline {

class QueueModel;

/// The table of the queue: rows are dragged to another place, recipe files dropped in between. Says what to
/// do while there is nothing in it. GUI thread.
class QueueView : public QTreeView {
    Q_OBJECT
public:
    explicit QueueView(QueueModel& model, QWidget* parent = nullptr);

    /// In the order of the rows.
    QList<QueueItem::Id> chosen() const;
    void choose(const QList<QueueItem::Id>& ids);

Q_SIGNALS:
    void rowsDropped(int row); ///< What is chosen shall stand before this row.
    void filesDropped(const QStringList& files, int row);
    void chosenChanged();

protected:
    void dropEvent(QDropEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void selectionChanged(const QItemSelection& selected, const QItemSelection& deselected) override;

private:
    void createColumns();
    int rowAt(const QPoint& position) const;

    QueueModel& m_model;
};

} // namespace frostline
