#pragma once

#include <utility>
#include <vector>

#include <QObject>
#include <QStringList>

#include "queue/queue_item.h"

class QAction;
class QMenu;
class QWidget;

namespace frostline {

class RunQueue;

/// What can be done with the queue and with the runs chosen in it; what cannot be says why in its tooltip.
/// GUI thread.
class QueueActions : public QObject {
    Q_OBJECT
public:
    /// `queue` has to outlive the actions; dialogs stand over `parent`.
    QueueActions(RunQueue& queue, QWidget* parent);

    QAction* addDraft;
    QAction* addFiles;
    QAction* clone;
    QAction* cloneSeeds;
    QAction* edit;
    QAction* editInWindow;
    QAction* resume;
    QAction* moveUp;
    QAction* moveDown;
    QAction* remove;
    QAction* open;
    QAction* compare;
    QAction* clearFinished;

    void setChosen(const QList<QueueItem::Id>& ids);
    /// Why there is no draft to add; empty where there is one.
    void setDraftObstacle(const QString& obstacle);
    void fill(QMenu& menu) const;
    void refreshIcons();
    /// Reads recipes and puts them before `row`, or at the end (-1). Those that cannot be read are told.
    void addRecipeFiles(const QStringList& files, int row = -1);

Q_SIGNALS:
    void added(const QList<frostline::QueueItem::Id>& ids);
    void draftRequested();
    void editRequested(const frostline::Recipe& recipe); ///< As the window's draft.
    void openRequested(const QString& folder);
    void compareRequested(const QStringList& folders);
    void messageRequested(const QString& text);

private:
    QAction* add(const QString& iconName, const QString& text, const QString& help,
                 const QKeySequence& key = {});
    void createActions();
    void connectActions();
    void update();
    void updateEditing(const QueueItem* one);
    void allow(QAction* action, bool isPossible, const QString& obstacle);
    const QueueItem* single() const;
    std::vector<const QueueItem*> chosenItems() const;
    QStringList chosenSessions() const;
    void askForFiles();
    void showClone(bool forSeeds);
    void showEdit();

    RunQueue& m_queue;
    QWidget* m_parent;
    QList<QueueItem::Id> m_chosen;
    QString m_draftObstacle;
    std::vector<std::pair<QAction*, QString>> m_icons;
};

} // namespace frostline
