#include "window/window_actions.h"

#include <algorithm>

#include <QAction>
#include <QActionGroup>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QToolButton>

#include "theme/icons.h"

namespace frostline {

using State = RunController::State;

WindowActions::WindowActions(QMainWindow* window)
    : QObject(window),
      openRecipe(nullptr),
      m_window(window),
      m_appearances(new QActionGroup(this))
{
    openRecipe = add(tr("&Open recipe…"), QStringLiteral("open"));
    openData = add(tr("Open own &data…"), QStringLiteral("data"));
    saveRecipeAs = add(tr("&Save recipe as…"), QStringLiteral("save-as"));
    openSession = add(tr("Open s&ession…"), QStringLiteral("session"));
    exportPlots = add(tr("E&xport plots…"), QStringLiteral("export"));
    exportWeights = add(tr("Export &weights…"));
    getData = add(tr("&Get weights and data…"), QStringLiteral("data"));
    quit = add(tr("&Quit"));
    startPause = add(tr("&Start"), QStringLiteral("play"));
    step = add(tr("Ste&p"), QStringLiteral("step"));
    stop = add(tr("S&top"), QStringLiteral("stop"));
    branch = add(tr("&Branch…"), QStringLiteral("branch"));
    addToQueue = add(tr("Add to &queue"), QStringLiteral("queue"));
    resumeSession = add(tr("&Resume the session"), QStringLiteral("play"));
    replay = add(tr("Rep&lay and compare…"));
    advise = add(tr("&Advice…"), QStringLiteral("advice"));
    useRecipe = add(tr("&Use the session's recipe"), QStringLiteral("copy"));
    discardSession = add(tr("&Discard session…"));
    resetLayout = add(tr("&Reset layout"));
    about = add(tr("&About Frostline"), QStringLiteral("info"));
    shortcuts = add(tr("&Keyboard shortcuts"));
    quit->setMenuRole(QAction::QuitRole);
    about->setMenuRole(QAction::AboutRole);
    startPause->setObjectName(QStringLiteral("startPause"));
    setShortcuts();
    refreshIcons();
}

void WindowActions::createMenus()
{
    createFileMenu();
    editMenu = m_window->menuBar()->addMenu(tr("&Edit"));
    createRunMenu();
    viewMenu = m_window->menuBar()->addMenu(tr("&View"));
    createAppearanceMenu();
    createHelpMenu();
}

void WindowActions::setAppearance(Appearance appearance)
{
    for (auto* action : m_appearances->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(appearance));
}

void WindowActions::showState(State state, const QString& obstacle)
{
    const bool canResume = state == State::Pausing || state == State::Paused;
    const bool isActive = state == State::Starting || state == State::Running || canResume;
    const bool canPause = state == State::Starting || state == State::Running;
    m_startIcon = canPause ? QStringLiteral("pause") : QStringLiteral("play");
    startPause->setText(canPause ? tr("&Pause") : canResume ? tr("&Resume") : tr("&Start"));
    startPause->setEnabled(obstacle.isEmpty());
    const QString tip = canPause    ? tr("Pause before the next step; the curves and the model stay (F5)")
                        : canResume ? tr("Go on training (F5)")
                                    : tr("Train with what is set now (F5)");
    startPause->setToolTip(obstacle.isEmpty() ? tip : obstacle);
    step->setEnabled(obstacle.isEmpty());
    step->setToolTip(obstacle.isEmpty() ? tr("Train a single step, then pause (F10)") : obstacle);
    const bool isReplaying = state == State::Replaying;
    const bool isTesting = state == State::Testing;
    stop->setEnabled(isActive || isReplaying || isTesting);
    stop->setToolTip(isActive      ? tr("End the run and keep its session (Shift+F5)")
                     : isReplaying ? tr("Give up the replay (Shift+F5)")
                     : isTesting   ? tr("End the range test (Shift+F5)")
                                   : tr("Nothing is running"));
    for (auto* action : {openRecipe, openData, openSession})
        action->setEnabled(!isActive && state != State::Stopping);
    recentMenu->setEnabled(!isActive && state != State::Stopping);
    refreshIcons();
}

void WindowActions::showResumable()
{
    startPause->setText(tr("&Resume"));
    startPause->setEnabled(true);
    startPause->setToolTip(tr("Train on where the saved session ended (F5)"));
}

void WindowActions::showBranch(const QString& obstacle)
{
    branch->setEnabled(obstacle.isEmpty());
    branch->setToolTip(
        obstacle.isEmpty() ? tr("Another session with the same steps up to one of them (Ctrl+B)") : obstacle);
}

void WindowActions::showQueueable(const QString& obstacle)
{
    addToQueue->setEnabled(obstacle.isEmpty());
    addToQueue->setToolTip(obstacle.isEmpty()
                               ? tr("Let it run when its turn comes, as it is set now (Ctrl+Shift+Q)")
                               : obstacle);
}

void WindowActions::showExport(const QString& obstacle)
{
    exportWeights->setEnabled(obstacle.isEmpty());
    exportWeights->setToolTip(
        obstacle.isEmpty() ? tr("The session's last weights, for PyTorch and other programs") : obstacle);
}

void WindowActions::showAdvise(const QString& obstacle)
{
    advise->setEnabled(obstacle.isEmpty());
    advise->setToolTip(
        obstacle.isEmpty()
            ? tr("Advice (Ctrl+Shift+A)\nWhere to put the frost line and at which rate, with the reasons")
            : tr("Advice\n%1").arg(obstacle));
}

void WindowActions::refreshIcons()
{
    for (const auto& [action, name] : m_icons)
        action->setIcon(icon(action == startPause && !m_startIcon.isEmpty() ? m_startIcon : name));
}

void WindowActions::steady(QToolButton& button) const
{
    button.ensurePolished();
    const QString shown = startPause->text();
    int width = 0;
    for (const auto& text : {tr("&Start"), tr("&Pause"), tr("&Resume")}) {
        startPause->setText(text);
        width = std::max(width, button.sizeHint().width());
    }
    startPause->setText(shown);
    button.setFixedWidth(width);
}

QAction* WindowActions::add(const QString& text, const QString& iconName)
{
    auto* action = new QAction(text, m_window);
    if (!iconName.isEmpty())
        m_icons.emplace_back(action, iconName);
    return action;
}

void WindowActions::setShortcuts()
{
    openRecipe->setShortcut(QKeySequence::Open);
    saveRecipeAs->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S));
    openSession->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O));
    exportPlots->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_E));
    quit->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q));
    startPause->setShortcut(QKeySequence(Qt::Key_F5));
    step->setShortcut(QKeySequence(Qt::Key_F10));
    stop->setShortcut(QKeySequence(Qt::SHIFT | Qt::Key_F5));
    advise->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_A));
    branch->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_B));
    addToQueue->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Q));
    shortcuts->setShortcut(QKeySequence(Qt::Key_F1));
}

void WindowActions::createFileMenu()
{
    auto* menu = m_window->menuBar()->addMenu(tr("&File"));
    menu->addAction(openRecipe);
    menu->addAction(openData);
    menu->addAction(saveRecipeAs);
    menu->addSeparator();
    menu->addAction(openSession);
    recentMenu = menu->addMenu(tr("&Recent"));
    menu->addSeparator();
    menu->addAction(exportPlots);
    menu->addAction(exportWeights);
    menu->addSeparator();
    menu->addAction(getData);
    menu->addSeparator();
    menu->addAction(quit);
}

void WindowActions::createRunMenu()
{
    auto* menu = m_window->menuBar()->addMenu(tr("&Run"));
    menu->addActions({startPause, step, stop, branch});
    menu->addSeparator();
    menu->addAction(addToQueue);
    menu->addAction(advise);
    menu->addSeparator();
    menu->addActions({resumeSession, replay, useRecipe, discardSession});
    resumeSession->setEnabled(false);
    replay->setEnabled(false);
    useRecipe->setEnabled(false);
    discardSession->setEnabled(false);
}

void WindowActions::createAppearanceMenu()
{
    m_viewEnd = viewMenu->addSeparator();
    auto* menu = viewMenu->addMenu(tr("&Appearance"));
    const auto addChoice = [this, menu](Appearance appearance, const QString& text) {
        auto* action = menu->addAction(text);
        action->setCheckable(true);
        action->setData(static_cast<int>(appearance));
        m_appearances->addAction(action);
        connect(action, &QAction::triggered, this,
                [this, appearance] { Q_EMIT appearanceChosen(appearance); });
    };
    addChoice(Appearance::System, tr("As the &system"));
    addChoice(Appearance::Light, tr("&Light"));
    addChoice(Appearance::Dark, tr("&Dark"));
    viewMenu->addAction(resetLayout);
}

void WindowActions::createHelpMenu()
{
    auto* menu = m_window->menuBar()->addMenu(tr("&Help"));
    menu->addAction(shortcuts);
    menu->addAction(about);
}

} // namespace frostline
