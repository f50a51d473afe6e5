#pragma once

#include <QWidget>

#include "queue/queue_item.h"

class QAction;
class QLabel;
class QProgressBar;
class QToolBar;
class QToolButton;

namespace frostline {

class QueueActions;
class QueueModel;
class QueueView;
class RunQueue;

/// The window's Queue tab: what runs, what waits, what became of the rest, and how long it will take. GUI
/// thread.
class QueuePage : public QWidget {
    Q_OBJECT
public:
    /// `queue` has to outlive the page.
    explicit QueuePage(RunQueue& queue, QWidget* parent = nullptr);

    QueueActions& actions() const { return *m_actions; }
    QueueView& view() const { return *m_view; }
    /// Brings rows into view and chooses them.
    void choose(const QList<QueueItem::Id>& ids);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* createHead();
    QToolBar* createTools();
    static void addTool(QToolBar& bar, QAction* action, bool withText);
    void connectQueue();
    void connectView();
    void startOrPause();
    void showState();
    void showTransport();
    void showTotals();
    void showDetail();
    void showMenu(const QPoint& position);
    QString stateText() const;

    RunQueue& m_queue;
    QueueModel* m_model;
    QueueActions* m_actions;
    QueueView* m_view;
    QToolButton* m_start = nullptr;
    QToolButton* m_cancel = nullptr;
    QLabel* m_totals = nullptr;
    QLabel* m_state = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_detail = nullptr;
};

} // namespace frostline
