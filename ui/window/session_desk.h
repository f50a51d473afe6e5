#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QObject>

#include "session/session.h"
#include "training/run.h"
#include "window/window_parts.h"

class QWidget;

namespace frostline {

class DraftEditor;
class RunView;
struct RunBeginning;

/// Saved sessions in the window: one is shown, resumed, branched from. Reads files on another thread. What is
/// asked for while a run goes on is refused, but for a branch from that run. GUI thread.
class SessionDesk : public QObject {
    Q_OBJECT
public:
    /// `window` is what dialogs stand over.
    SessionDesk(const WindowParts& parts, DraftEditor& editor, RunView& view, QWidget* window);

    /// The saved session that is shown, read only; null where none is.
    const std::shared_ptr<const Session>& shown() const { return m_shown; }
    bool canResumeShown() const;
    /// Folder of the session whose curves are in Live; empty for a run that goes on or a recipe.
    const QString& source() const { return m_source; }
    /// Why nothing can be branched from now; empty where it can.
    QString branchObstacle() const;
    /// What Start begins with.
    RunBeginning beginning() const;
    /// What a branch is called that is drafted or runs; empty where none is.
    const QString& branchTitle() const { return m_branchTitle; }

    void open(const QString& folder);
    /// Trains on in the session's own folder, after its last step.
    void resume(const QString& folder);
    void resumeShown() { resume(m_source); }
    /// A draft of a new session that shares the steps before `step`; asks for it where there is none.
    void branch(const QString& folder, std::optional<Step> step, bool keepLater = false);
    /// The same from what is in Live. Of a run that goes on it asks whether to stop it first.
    void branchHere(std::optional<Step> step);
    void useRecipe();
    /// Runs the session that is shown again and says whether it is the same to the bit.
    void replayShown();

    /// A recipe takes the place of what was shown.
    void leave();
    /// A run in this window has left a session there, and its curves in Live.
    void setSource(const QString& folder);

Q_SIGNALS:
    void sessionShown(const QString& folder);
    void branchDrafted();
    void resumed();
    void recipeChosen(const frostline::Recipe& recipe);
    void broken(const QString& problem);  ///< A session that was to be opened cannot be.
    void refused(const QString& problem); ///< What was asked for cannot be.

private:
    struct Loaded {
        Result<Session> session;
        std::vector<std::string> remarks;
        bool isRunning = false;
    };
    using LoadedSession = std::shared_ptr<const Loaded>;

    bool refuseWhileRunning(const QString& problem);
    /// The queue computes: nothing can be resumed or replayed beside it.
    bool refuseWhileQueueRuns();
    void load(const QString& folder, const std::function<void(const LoadedSession&)>& then);
    void show(const LoadedSession& loaded, const QString& folder);
    void showPanels(const Session& session);
    void postShown();
    void beginResumed(const LoadedSession& loaded, const QString& folder);
    void askForStep(const std::shared_ptr<const Session>& session, const QString& folder);
    void draft(const std::shared_ptr<const Session>& parent, const RunOrigin& origin);
    void followRun();
    void connectReplay();

    WindowParts m_parts;
    DraftEditor& m_editor;
    RunView& m_view;
    QWidget* m_window;
    std::shared_ptr<const Session> m_shown;
    bool m_isShownRunning = false; ///< Elsewhere.
    QString m_source;
    std::shared_ptr<const Session> m_before; ///< Of a branch's draft: its parent's steps up to it.
    QString m_branchTitle;
    LoadedSession m_resumed; ///< Until the run has started.
    QString m_resumedFolder;
    bool m_branchesAtEnd = false; ///< Of the run that is being stopped for it.
    std::optional<Step> m_stepAtEnd;
};

} // namespace frostline
