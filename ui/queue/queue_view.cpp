#include "queue/queue_view.h"

#include <algorithm>

#include <QDropEvent>
#include <QHeaderView>
#include <QMimeData>
#include <QPainter>
#include <QUrl>

#include "queue/queue_delegate.h"
#include "queue/queue_model.h"

namespace frostline {

QueueView::QueueView(QueueModel& model, QWidget* parent) : QTreeView(parent), m_model(model)
{
    setObjectName(QStringLiteral("queue"));
    setAccessibleName(tr("Queue of runs"));
    setModel(&model);
    setItemDelegate(new QueueDelegate(this));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAlternatingRowColors(true);
    setAllColumnsShowFocus(true);
    setSelectionMode(ExtendedSelection);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setFrameShape(NoFrame);
    setDragEnabled(true);
    setAcceptDrops(true);
    setDropIndicatorShown(true);
    setDragDropMode(DragDrop);
    setDefaultDropAction(Qt::MoveAction);
    createColumns();
}

void QueueView::createColumns()
{
    header()->setStretchLastSection(true);
    header()->setSectionsMovable(true);
    header()->setFirstSectionMovable(true);
    const int letter = fontMetrics().averageCharWidth();
    const int letters[] = {13, 22, 26, 27, 9, 8, 10, 22};
    for (int column = 0; column < QueueModel::ColumnCount; ++column)
        header()->resizeSection(column, letters[column] * letter);
}

QList<QueueItem::Id> QueueView::chosen() const
{
    auto rows = selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    QList<QueueItem::Id> ids;
    for (const auto& row : rows)
        ids.append(m_model.idAt(row.row()));
    return ids;
}

void QueueView::choose(const QList<QueueItem::Id>& ids)
{
    constexpr auto kWhole = QItemSelectionModel::Select | QItemSelectionModel::Rows;
    clearSelection();
    for (const auto id : ids) {
        const auto index = m_model.index(m_model.rowOf(id), 0);
        if (id == ids.front())
            selectionModel()->setCurrentIndex(index, kWhole);
        selectionModel()->select(index, kWhole);
        scrollTo(index);
    }
}

int QueueView::rowAt(const QPoint& position) const
{
    const auto index = indexAt(position);
    if (!index.isValid())
        return m_model.rowCount();
    return position.y() > visualRect(index).center().y() ? index.row() + 1 : index.row();
}

void QueueView::dropEvent(QDropEvent* event)
{
    const int row = rowAt(event->position().toPoint());
    const bool areRows = QueueModel::isOurs(*event->mimeData());
    QStringList files;
    for (const auto& url : event->mimeData()->urls())
        files.append(url.toLocalFile());
    files.removeAll(QString());
    if (areRows)
        Q_EMIT rowsDropped(row);
    else if (!files.isEmpty())
        Q_EMIT filesDropped(files, row);
    // After a move the view would take the rows out, which have been moved already.
    event->setDropAction(Qt::CopyAction);
    event->setAccepted(areRows || !files.isEmpty());
    stopAutoScroll();
    setState(NoState);
    viewport()->update();
}

void QueueView::paintEvent(QPaintEvent* event)
{
    QTreeView::paintEvent(event);
    if (m_model.rowCount() > 0)
        return;
    QPainter painter(viewport());
    QFont large = font();
    large.setPointSizeF(QFontInfo(large).pointSizeF() * 1.3);
    painter.setFont(large);
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24), Qt::AlignCenter | Qt::TextWordWrap,
                     tr("Nothing is queued.\n\nSet up a run, press Ctrl+Shift+Q, change something, press it "
                        "again. Or drop recipe files here.\nRuns go one after another while you compare."));
}

void QueueView::selectionChanged(const QItemSelection& selected, const QItemSelection& deselected)
{
    QTreeView::selectionChanged(selected, deselected);
    Q_EMIT chosenChanged();
}

} // namespace frostline
