#pragma once

#include <QObject>

#include "queue/queue_item.h"
#include "window/window_parts.h"

class QWidget;

namespace frostline {

class DraftEditor;
class SessionDesk;

/// Routes between the queue and the window: what is set goes into the queue, one of both computes at a time,
/// and what became of queued runs is told. GUI thread.
class QueueDesk : public QObject {
    Q_OBJECT
public:
    /// `window` is what dialogs stand over.
    QueueDesk(const WindowParts& parts, DraftEditor& editor, SessionDesk& sessions, QWidget* window);

    /// Why what is set cannot be queued; empty where it can.
    QString draftObstacle() const;
    void addDraft();
    /// Of the page's tab: how much is left.
    QString title() const;
    /// Whether a run would be lost with the window. Then asks whether to stop and keep it, and says left()
    /// when that has been done.
    bool refusesToClose();

Q_SIGNALS:
    void changed();
    void sessionEnded(const QString& folder);
    void recipeChosen(const frostline::Recipe& recipe);
    void refused(const QString& problem);
    void left();

private:
    void connectQueue();
    void connectPage();
    void followRun();
    void followQueue();
    void tellEnd(QueueItem::Id id);
    void tellOutcome();
    void warn(const QString& text);

    WindowParts m_parts;
    DraftEditor& m_editor;
    SessionDesk& m_sessions;
    QWidget* m_window;
    bool m_isBusy = false;
    bool m_isLeaving = false;
};

} // namespace frostline
