#pragma once

#include <utility>
#include <vector>

#include <QObject>

#include "run/run_controller.h"
#include "theme/appearance.h"

class QAction;
class QActionGroup;
class QMainWindow;
class QMenu;
class QToolButton;

namespace frostline {

/// The window's actions, and the menus they stand in. What they do is connected by the window.
class WindowActions : public QObject {
    Q_OBJECT
public:
    explicit WindowActions(QMainWindow* window);

    QAction* openRecipe;
    QAction* openData;
    QAction* saveRecipeAs;
    QAction* openSession;
    QAction* exportPlots;
    QAction* exportWeights;
    QAction* getData;
    QAction* quit;
    QAction* startPause;
    QAction* step;
    QAction* stop;
    QAction* branch;
    QAction* addToQueue;
    QAction* resumeSession;
    QAction* replay;
    QAction* advise;
    QAction* useRecipe;
    QAction* discardSession;
    QAction* resetLayout;
    QAction* about;
    QAction* shortcuts;

    QMenu* recentMenu = nullptr;
    QMenu* editMenu = nullptr;
    QMenu* viewMenu = nullptr;

    /// Builds the menu bar. Docks and pages are added to viewMenu by the window, before its end.
    void createMenus();
    void setAppearance(Appearance appearance);
    /// Names and enables the transport for what the run does now. `obstacle` says why Start cannot be.
    void showState(RunController::State state, const QString& obstacle);
    /// A saved session is shown that Start would resume.
    void showResumable();
    /// `obstacle` says why there is nothing to branch from.
    void showBranch(const QString& obstacle);
    /// `obstacle` says why there is nothing to queue.
    void showQueueable(const QString& obstacle);
    /// `obstacle` says why there are no weights to export.
    void showExport(const QString& obstacle);
    /// `obstacle` says why no advice can be had.
    void showAdvise(const QString& obstacle);
    void refreshIcons();
    /// Keeps startPause's button as wide as its longest text: what follows it must not move under the
    /// pointer.
    void steady(QToolButton& button) const;

Q_SIGNALS:
    void appearanceChosen(frostline::Appearance appearance);

private:
    QAction* add(const QString& text, const QString& iconName = {});
    void setShortcuts();
    void createFileMenu();
    void createRunMenu();
    void createHelpMenu();
    void createAppearanceMenu();

    QMainWindow* m_window;
    QActionGroup* m_appearances;
    QAction* m_viewEnd = nullptr;
    QString m_startIcon;
    std::vector<std::pair<QAction*, QString>> m_icons;
};

} // namespace frostline
