#pragma once

#include <memory>

#include <QMainWindow>

#include "run/run_controller.h"
#include "session/session.h"
#include "window/settings.h"
#include "window/window_parts.h"

class QTabWidget;
class QToolButton;

namespace frostline {

class AdviceDesk;
class DraftEditor;
class QueueDesk;
class RangeDesk;
class RunView;
class SessionDesk;
class WindowActions;

/// Composes the window's parts and routes between them. GUI thread.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// `settings` have to outlive the window.
    MainWindow(Settings& settings, const RunOptions& options, QWidget* parent = nullptr);
    ~MainWindow() override;

    const WindowParts& parts() const { return m_parts; }
    WindowActions* actions() const { return m_actions; }

    /// A recipe, a session's folder, or, for an empty path, what was open last, or the first demo.
    void openAtStart(const QString& given);
    void openRecipe(const QString& file);

public Q_SLOTS:
    void openSession(const QString& folder);
    /// Trains on in the session's folder, after its last step.
    void resumeSession(const QString& folder);
    /// Drafts a new session that shares the steps before `step`.
    void branchFrom(const QString& folder, frostline::Step step, bool keepLater = false);

Q_SIGNALS:
    void compareRequested(const QStringList& folders);

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    enum class Closing { No, Keep, Discard };

    void createPages();
    void createDocks();
    void createToolBar();
    void createViewMenu();
    void connectActions();
    void connectParts();
    void connectSessions();
    void connectQueue();
    void offerTimeline();
    void restoreLayout();
    void saveLayout();

    void openLastRecipe();
    void openDefaultDemo();
    /// Shows the demo where what was asked for cannot be, and says why.
    void openDemoAfter(const QString& problem);
    /// Why the file cannot be opened; empty where it is open now.
    QString tryRecipe(const QString& file);
    void askForData();
    void askForRecipe();
    void askForSession();
    void askWhereToSave();
    void exportWeights();
    void showOpenedSession(const QString& folder);
    void showBrokenSession(const QString& problem);
    void openDraft(const Recipe& recipe, const QString& file);
    void editQueued(const Recipe& recipe);
    /// It was run by the queue.
    void listEndedSession(const QString& folder);

    void startOrPause();
    void singleStep();
    bool begin();
    void finishRun(const std::shared_ptr<const Session>& session);
    void postOutcome(const Session& session, const QString& folder);
    void askToDiscardSession(const QString& folder);
    void discardSession(const QString& folder);
    void closeWhenEnded();
    void updateActions();
    void updateTitle();
    void fillRecent();
    void setAppearance(Appearance appearance);
    void postError(const QString& text);
    void postWarning(const QString& text);

    Settings& m_settings;
    QString m_sessionsFolder;
    WindowParts m_parts;
    WindowActions* m_actions;
    DraftEditor* m_editor = nullptr;
    RunView* m_runView = nullptr;
    SessionDesk* m_sessions = nullptr;
    QueueDesk* m_queue = nullptr;
    RangeDesk* m_ranges = nullptr;
    AdviceDesk* m_advice = nullptr;
    QTabWidget* m_pages = nullptr;
    QToolButton* m_startButton = nullptr;
    QDockWidget* m_layersDock = nullptr;
    QDockWidget* m_controlsDock = nullptr;
    QDockWidget* m_timelineDock = nullptr;
    QByteArray m_defaultState;
    QString m_lastFolder;          ///< Of the session that a run in this window left.
    bool m_offersTimeline = false; ///< The dock opens by itself when there first is something in it.
    Closing m_closing = Closing::No;
};

} // namespace frostline
