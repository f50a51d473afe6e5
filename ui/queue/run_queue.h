#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QList>
#include <QObject>
#include <QTimer>

#include "queue/queue_item.h"
#include "run/run_controller.h"

namespace frostline {

class QueueStore;

/// Runs recipes one after another on a worker thread of its own, from the top of the list down. A run that
/// fails says why, and the next one begins. Keeps its list over the window's end. GUI thread; nothing blocks.
class RunQueue : public QObject {
    Q_OBJECT
public:
    using Id = QueueItem::Id;

    enum class State {
        Off, ///< Nothing runs until start().
        Running,
        Pausing, ///< A step or a validation is being finished.
        Paused,
        Stopping, ///< The current run writes its session.
        Blocked,  ///< Waits until the window computes nothing.
    };
    Q_ENUM(State)

    explicit RunQueue(const RunOptions& options, QObject* parent = nullptr);
    ~RunQueue() override;

    const std::vector<QueueItem>& items() const { return m_items; }
    const QueueItem* find(Id id) const;
    int rowOf(Id id) const; ///< -1 where there is no such item.
    State state() const;
    /// The run that goes on or is paused; null where none is. Nothing else may run meanwhile.
    const QueueItem* current() const { return find(m_current); }
    /// Why nothing else may be run now; empty where it may.
    QString busyReason() const;
    bool hasWaiting() const;
    /// What was wrong with the list of last time; empty where nothing was.
    QString loadProblem() const;

    /// Puts runs before `row`; at the end where that is -1.
    QList<Id> add(const std::vector<Recipe>& recipes, int row = -1);
    Id addBranch(const Recipe& recipe, const RunOrigin& origin);
    /// Another recipe for one that has not been run; a failed one waits again.
    void edit(Id id, const Recipe& recipe);
    /// Puts these, in their order, before `row`.
    void move(const QList<Id>& ids, int row);
    /// Moves each one up (-1) or down (1) by a place.
    void shift(const QList<Id>& ids, int by);
    void remove(const QList<Id>& ids); ///< All but the current one.
    /// They wait again: to go on in their sessions, or to begin where they have none.
    void resumeItems(const QList<Id>& ids);
    void clearFinished();

    void start();
    void pause(); ///< The current run pauses after its step, and none begins.
    void resume();
    void cancelCurrent(); ///< Its session is kept as stopped; the next one begins.
    /// The current run is left as one that can be resumed, and none begins; for the window's end.
    void leave();
    /// Whether something else computes: no run begins meanwhile.
    void setBlocked(bool isBlocked);

Q_SIGNALS:
    void listChanged(); ///< Items came, went or moved.
    void itemChanged(frostline::QueueItem::Id id);
    void stateChanged();
    void itemEnded(frostline::QueueItem::Id id); ///< Finished, stopped or failed.
    void ranOut();                               ///< Nothing waits any more.
    void logged(bool isWarning, const QString& text);
    void problemOccurred(const QString& text);

private:
    void connectRun();
    void connectFacts();
    void save();
    void changeList();
    void changeItem(Id id);
    QueueItem* item(Id id);
    QueueItem* running() { return item(m_current); }
    Id nextId() { return ++m_lastId; }
    void goOn();
    void begin(QueueItem& next);
    void follow(RunController::State state);
    void noteStart(const QString& folder);
    void noteEpoch(const EpochRecord& epoch);
    void notePause(const QString& reason);
    void takeOutcome(const Session& session);
    void end(QueueItem::State state, const QString& problem);

    std::vector<QueueItem> m_items;
    RunController* m_run;
    QueueStore* m_store;
    QTimer m_tell; ///< Many points make one change of an item.
    Id m_lastId = 0;
    Id m_current = 0;
    bool m_isOn = false;
    bool m_isHeld = false;
    bool m_isBlocked = false;
    bool m_isLeaving = false;
};

} // namespace frostline
