#include "window/main_window.h"

#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QMenu>
#include <QScreen>
#include <QStatusBar>
#include <QTabWidget>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "advice/advice_desk.h"
#include "compare/compare_page.h"
#include "controls/controls_panel.h"
#include "data/data_page.h"
#include "fetch/fetch_dialog.h"
#include "layers/layer_panel.h"
#include "plan/plan_page.h"
#include "plots/live_page.h"
#include "queue/queue_actions.h"
#include "queue/queue_page.h"
#include "queue/run_queue.h"
#include "range/range_page.h"
#include "start/ready_card.h"
#include "start/start_page.h"
#include "theme/icons.h"
#include "timeline/timeline_panel.h"
#include "window/draft_editor.h"
#include "window/help_dialogs.h"
#include "window/log_dock.h"
#include "window/message_bar.h"
#include "window/questions.h"
#include "window/queue_desk.h"
#include "window/range_desk.h"
#include "window/run_status.h"
#include "window/run_view.h"
#include "window/session_desk.h"
#include "window/window_actions.h"

namespace frostline {

namespace {

constexpr int kLayoutVersion = 2;
constexpr QSize kDefaultSize(1440, 900);
constexpr double kScreenShare = 0.94; // Room for the frame.
constexpr int kLayersWidth = 470;
constexpr int kControlsWidth = 300;

} // namespace

MainWindow::MainWindow(Settings& settings, const RunOptions& options, QWidget* parent)
    : QMainWindow(parent),
      m_settings(settings),
      m_sessionsFolder(QString::fromStdString(options.sessionsFolder.string())),
      m_actions(new WindowActions(this))
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowIcon(icon(QStringLiteral("frostline")));
    m_parts.run = new RunController(options, this);
    m_parts.queue = new RunQueue(options, this);
    createPages();
    createDocks();
    createToolBar();
    m_actions->createMenus();
    createViewMenu();
    m_editor = new DraftEditor(m_parts, this);
    m_runView = new RunView(m_parts, this);
    m_sessions = new SessionDesk(m_parts, *m_editor, *m_runView, this);
    m_queue = new QueueDesk(m_parts, *m_editor, *m_sessions, this);
    m_ranges = new RangeDesk(m_parts, *m_editor, *m_sessions, this);
    m_advice = new AdviceDesk(m_parts, *m_editor, this);
    connectActions();
    connectParts();
    connectSessions();
    connectQueue();
    restoreLayout();
    m_parts.start->setDemos(shippedDemos());
    m_parts.compare->setSessionsFolder(m_sessionsFolder);
    m_parts.start->reloadSessions(m_sessionsFolder);
    fillRecent();
    updateActions();
    updateTitle();
}

MainWindow::~MainWindow()
{
    // The worker's last facts must not reach panels that are half gone.
    m_parts.run->disconnect();
    m_parts.queue->disconnect();
    delete m_parts.run;
    delete m_parts.queuePage; // It looks at the queue.
    delete m_parts.queue;
}

void MainWindow::createPages()
{
    auto* centre = new QWidget(this);
    m_parts.messages = new MessageBar(centre);
    m_pages = new QTabWidget(centre);
    m_pages->setDocumentMode(true);
    m_parts.start = new StartPage;
    m_parts.live = new LivePage;
    m_parts.plan = new PlanPage;
    m_parts.range = new RangePage;
    m_parts.compare = new ComparePage;
    m_parts.queuePage = new QueuePage(*m_parts.queue);
    m_parts.data = new DataPage;
    m_pages->addTab(m_parts.start, tr("Start"));
    m_pages->addTab(m_parts.live, tr("Live"));
    m_pages->addTab(m_parts.plan, tr("Plan"));
    m_pages->addTab(m_parts.range, tr("Range test"));
    m_pages->addTab(m_parts.compare, tr("Compare"));
    m_pages->addTab(m_parts.queuePage, tr("Queue"));
    m_pages->addTab(m_parts.data, tr("Data"));
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_parts.messages);
    layout->addWidget(m_pages, 1);
    setCentralWidget(centre);
    m_parts.status = new RunStatus(statusBar(), this);
}

void MainWindow::createDocks()
{
    const auto dockOf = [this](const QString& title, const QString& name, QWidget* panel,
                               Qt::DockWidgetArea area) {
        auto* dock = new QDockWidget(title, this);
        dock->setObjectName(name);
        dock->setWidget(panel);
        addDockWidget(area, dock);
        return dock;
    };
    m_parts.layers = new LayerPanel;
    m_parts.controls = new ControlsPanel;
    m_layersDock = dockOf(tr("Layers"), QStringLiteral("layersDock"), m_parts.layers, Qt::LeftDockWidgetArea);
    m_controlsDock =
        dockOf(tr("Controls"), QStringLiteral("controlsDock"), m_parts.controls, Qt::RightDockWidgetArea);
    m_parts.timeline = new TimelinePanel(m_parts.live->plot());
    m_timelineDock =
        dockOf(tr("Timeline"), QStringLiteral("timelineDock"), m_parts.timeline, Qt::BottomDockWidgetArea);
    m_parts.log = new LogDock(this);
    addDockWidget(Qt::BottomDockWidgetArea, m_parts.log);
    tabifyDockWidget(m_timelineDock, m_parts.log);
    m_timelineDock->hide();
    m_parts.log->hide();
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    // The Timeline's strip ends with the curves; its list has the room under the controls.
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
}

void MainWindow::createToolBar()
{
    auto* bar = addToolBar(tr("Transport"));
    bar->setObjectName(QStringLiteral("transport"));
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setMovable(false);
    bar->addActions(
        {m_actions->startPause, m_actions->step, m_actions->stop, m_actions->branch, m_actions->addToQueue});
    m_startButton = qobject_cast<QToolButton*>(bar->widgetForAction(m_actions->startPause));
    m_actions->steady(*m_startButton);
    bar->addSeparator();
    auto* device = m_parts.status->deviceWidget();
    device->setContentsMargins(10, 0, 10, 0);
    bar->addWidget(device);
    bar->addSeparator();
    bar->addWidget(m_parts.status->progressWidget());
}

void MainWindow::createViewMenu()
{
    const auto first = m_actions->viewMenu->actions().first();
    for (int page = 0; page < m_pages->count(); ++page) {
        auto* action = new QAction(tr("Show %1").arg(m_pages->tabText(page)), this);
        action->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + page)));
        connect(action, &QAction::triggered, this, [this, page] { m_pages->setCurrentIndex(page); });
        m_actions->viewMenu->insertAction(first, action);
    }
    m_actions->viewMenu->insertSeparator(first);
    for (auto* dock : {m_layersDock, m_controlsDock, m_timelineDock, static_cast<QDockWidget*>(m_parts.log)})
        m_actions->viewMenu->insertAction(first, dock->toggleViewAction());
    m_parts.layers->addTool(m_actions->advise);
    m_actions->editMenu->addAction(m_parts.layers->undoAction());
    m_actions->editMenu->addAction(m_parts.layers->redoAction());
}

void MainWindow::connectActions()
{
    const auto on = [this](QAction* action, auto slot) { connect(action, &QAction::triggered, this, slot); };
    on(m_actions->openRecipe, &MainWindow::askForRecipe);
    on(m_actions->openData, &MainWindow::askForData);
    on(m_actions->saveRecipeAs, &MainWindow::askWhereToSave);
    on(m_actions->openSession, &MainWindow::askForSession);
    on(m_actions->exportPlots, [this] { m_parts.live->exportPicture(); });
    on(m_actions->exportWeights, &MainWindow::exportWeights);
    on(m_actions->getData, [this] { showFetchDialog(this); });
    on(m_actions->quit, &MainWindow::close);
    on(m_actions->startPause, &MainWindow::startOrPause);
    on(m_actions->step, &MainWindow::singleStep);
    on(m_actions->stop, [this] { m_parts.run->stop(); });
    on(m_actions->branch, [this] { m_sessions->branchHere(std::nullopt); });
    on(m_actions->addToQueue, [this] { m_queue->addDraft(); });
    on(m_actions->resumeSession, [this] { m_sessions->resumeShown(); });
    on(m_actions->replay, [this] { m_sessions->replayShown(); });
    on(m_actions->advise, [this] { m_advice->open(); });
    on(m_actions->useRecipe, [this] { m_sessions->useRecipe(); });
    on(m_actions->discardSession, [this] { askToDiscardSession(m_lastFolder); });
    on(m_actions->resetLayout, [this] { restoreState(m_defaultState, kLayoutVersion); });
    on(m_actions->about, [this] { showAbout(this); });
    on(m_actions->shortcuts, [this] { showShortcuts(this); });
    connect(m_actions, &WindowActions::appearanceChosen, this, &MainWindow::setAppearance);
    m_actions->setAppearance(m_settings.appearance());
}

void MainWindow::connectParts()
{
    connect(m_parts.start, &StartPage::startRequested, this, &MainWindow::startOrPause);
    connect(m_parts.start, &StartPage::recipeChosen, this, &MainWindow::openRecipe);
    connect(m_parts.start, &StartPage::sessionChosen, this, &MainWindow::openSession);
    connect(m_parts.start, &StartPage::openRecipeRequested, this, &MainWindow::askForRecipe);
    connect(m_parts.start, &StartPage::openSessionRequested, this, &MainWindow::askForSession);
    connect(m_editor, &DraftEditor::obstacleChanged, this, &MainWindow::updateActions);
    connect(m_runView, &RunView::ended, this, &MainWindow::finishRun);
    connect(m_parts.run, &RunController::stateChanged, this, &MainWindow::updateActions);
    connect(m_parts.run, &RunController::failed, this,
            [this] { m_parts.start->reloadSessions(m_sessionsFolder); });
    // Queued: what the run says last is heard before the window goes.
    connect(m_parts.run, &RunController::stateChanged, this, &MainWindow::closeWhenEnded,
            Qt::QueuedConnection);
    const auto warn = [this](const QString& text) {
        m_parts.messages->post(
            {.kind = Message::Kind::Warning, .text = text, .key = QStringLiteral("panel")});
    };
    connect(m_parts.live, &LivePage::messageRequested, this, warn);
    connect(m_parts.compare, &ComparePage::messageRequested, this, warn);
    connect(m_parts.layers, &LayerPanel::messageRequested, this, warn);
    connect(m_parts.controls, &ControlsPanel::freezeRequested, m_parts.layers, &LayerPanel::freezeUpTo);
}

void MainWindow::connectSessions()
{
    connect(m_sessions, &SessionDesk::sessionShown, this, &MainWindow::showOpenedSession);
    connect(m_sessions, &SessionDesk::broken, this, &MainWindow::showBrokenSession);
    connect(m_sessions, &SessionDesk::refused, this, &MainWindow::postError);
    connect(m_sessions, &SessionDesk::recipeChosen, this,
            [this](const Recipe& recipe) { openDraft(recipe, QString()); });
    const auto showDraft = [this] {
        offerTimeline();
        m_pages->setCurrentWidget(m_parts.live);
        updateActions();
        updateTitle();
    };
    connect(m_sessions, &SessionDesk::branchDrafted, this, showDraft);
    connect(m_sessions, &SessionDesk::resumed, this, showDraft);
    const auto branchHere = [this](Step step) { m_sessions->branchHere(step); };
    connect(m_parts.live, &LivePage::branchRequested, this, branchHere);
    connect(m_parts.timeline, &TimelinePanel::branchRequested, this, branchHere);
    connect(m_parts.live, &LivePage::markerSelected, m_parts.timeline, &TimelinePanel::select);
    connect(m_parts.timeline, &TimelinePanel::interventionSelected, m_parts.live, &LivePage::selectMarker);
    connect(m_parts.compare, &ComparePage::openRequested, this, &MainWindow::openSession);
    connect(m_parts.compare, &ComparePage::resumeRequested, this, &MainWindow::resumeSession);
    connect(m_parts.compare, &ComparePage::branchRequested, this,
            [this](const QString& folder, Step step) { branchFrom(folder, step); });
    connect(this, &MainWindow::compareRequested, this, [this](const QStringList& folders) {
        m_parts.compare->reload();
        m_parts.compare->select(folders);
        m_pages->setCurrentWidget(m_parts.compare);
    });
    connect(m_parts.start, &StartPage::resumeRequested, this, &MainWindow::resumeSession);
    connect(m_parts.start, &StartPage::branchRequested, this,
            [this](const QString& folder) { m_sessions->branch(folder, std::nullopt); });
}

void MainWindow::connectQueue()
{
    const auto showTitle = [this] {
        m_pages->setTabText(m_pages->indexOf(m_parts.queuePage), m_queue->title());
    };
    connect(m_queue, &QueueDesk::changed, this, showTitle);
    connect(m_queue, &QueueDesk::changed, this, &MainWindow::updateActions);
    connect(m_queue, &QueueDesk::refused, this, &MainWindow::postError);
    connect(m_queue, &QueueDesk::recipeChosen, this, &MainWindow::editQueued);
    connect(m_queue, &QueueDesk::sessionEnded, this, &MainWindow::listEndedSession);
    // Queued: what the queue says last is heard before the window goes.
    connect(m_queue, &QueueDesk::left, this, &MainWindow::close, Qt::QueuedConnection);
    const auto& actions = m_parts.queuePage->actions();
    connect(&actions, &QueueActions::openRequested, this, &MainWindow::openSession);
    connect(&actions, &QueueActions::compareRequested, this, &MainWindow::compareRequested);
    showTitle();
}

/// Nobody has arranged the docks yet: the Timeline comes when there is something to see in it.
void MainWindow::offerTimeline()
{
    if (std::exchange(m_offersTimeline, false))
        m_timelineDock->show();
}

void MainWindow::restoreLayout()
{
    resize(kDefaultSize.boundedTo(screen()->availableSize() * kScreenShare));
    resizeDocks({m_layersDock, m_controlsDock}, {kLayersWidth, kControlsWidth}, Qt::Horizontal);
    m_defaultState = saveState(kLayoutVersion);
    restoreGeometry(m_settings.windowGeometry());
    m_offersTimeline = !restoreState(m_settings.windowState(), kLayoutVersion);
    m_parts.layers->restoreHeaderState(m_settings.layerHeader());
    if (const auto folded = m_settings.foldedGroups())
        m_parts.controls->setFoldedGroups(*folded);
}

void MainWindow::saveLayout()
{
    m_settings.setWindowGeometry(saveGeometry());
    m_settings.setWindowState(saveState(kLayoutVersion));
    m_settings.setLayerHeader(m_parts.layers->headerState());
    m_settings.setFoldedGroups(m_parts.controls->foldedGroups());
}

void MainWindow::startOrPause()
{
    switch (m_parts.run->state()) {
    case RunController::State::Starting:
    case RunController::State::Running:
        m_parts.run->pause();
        break;
    case RunController::State::Pausing:
    case RunController::State::Paused:
        m_parts.run->resume();
        break;
    default:
        if (m_sessions->canResumeShown())
            m_sessions->resumeShown();
        else
            begin();
    }
}

void MainWindow::singleStep()
{
    if (m_parts.run->isActive()) {
        m_parts.run->singleStep();
        return;
    }
    m_parts.run->setStepsFirst(true);
    begin();
    m_parts.run->setStepsFirst(false);
}

bool MainWindow::begin()
{
    if (m_sessions->shown() || !m_editor->obstacle().isEmpty())
        return false;
    if (const auto reason = m_parts.queue->busyReason(); !reason.isEmpty()) {
        postError(reason);
        return false;
    }
    if (const auto problem = m_parts.controls->problem(); !problem.isEmpty()) {
        m_parts.messages->post(
            {.kind = Message::Kind::Error, .text = problem, .key = QStringLiteral("field")});
        return false;
    }
    m_parts.messages->withdraw(QStringLiteral("field"));
    m_runView->begin(m_sessions->beginning());
    offerTimeline();
    m_pages->setCurrentWidget(m_parts.live);
    return m_parts.run->isActive();
}

void MainWindow::updateActions()
{
    const auto state = m_parts.run->state();
    const bool isReplaying = state == RunController::State::Replaying;
    const QString busy = m_parts.queue->busyReason();
    QString obstacle;
    if (m_sessions->shown())
        obstacle = isReplaying ? tr("A saved session is being replayed")
                               : tr("A saved session is shown; use its recipe to run it again");
    else if (state == RunController::State::Stopping)
        obstacle = tr("The session is being written");
    else if (!m_parts.run->isActive())
        obstacle = busy.isEmpty() ? m_editor->obstacle() : busy;
    m_actions->showState(state, obstacle);
    m_ranges->updateObstacles();
    if (m_sessions->canResumeShown() && !isReplaying && busy.isEmpty())
        m_actions->showResumable();
    const QString branchObstacle = m_sessions->branchObstacle();
    m_actions->showBranch(branchObstacle);
    m_parts.timeline->setBranchObstacle(branchObstacle);
    m_actions->showAdvise(m_sessions->shown() ? tr("A saved session is shown; use its recipe first")
                                              : m_advice->obstacle());
    m_actions->showExport(m_parts.run->isActive() ? tr("Stop the run first: its session is being written")
                          : m_sessions->source().isEmpty()
                              ? tr("There are no weights yet: train, or open a saved session")
                              : QString());
    m_actions->showQueueable(m_queue->draftObstacle());
    m_parts.queuePage->actions().setDraftObstacle(m_queue->draftObstacle());
    m_actions->resumeSession->setEnabled(m_sessions->canResumeShown() && busy.isEmpty());
    m_actions->replay->setEnabled(m_sessions->shown() && !m_parts.run->isActive() && !isReplaying &&
                                  busy.isEmpty());
    m_actions->useRecipe->setEnabled(m_sessions->shown() != nullptr);
    m_actions->discardSession->setEnabled(!m_lastFolder.isEmpty() && !m_parts.run->isActive());
    m_actions->saveRecipeAs->setEnabled(m_editor->draft().isOpen());
    m_parts.start->readyCard()->setStartEnabled(obstacle.isEmpty() && !m_parts.run->isActive(), obstacle);
}

void MainWindow::updateTitle()
{
    QString name;
    if (const auto& session = m_sessions->shown())
        name = tr("%1 (saved session)").arg(QString::fromStdString(session->name));
    else if (const auto& branch = m_sessions->branchTitle(); !branch.isEmpty())
        name = branch;
    else if (m_editor->draft().isOpen())
        name = QString::fromStdString(m_editor->draft().recipe().title);
    setWindowTitle(name.isEmpty() ? tr("Frostline") : tr("%1 – Frostline").arg(name));
}

void MainWindow::setAppearance(Appearance appearance)
{
    m_settings.setAppearance(appearance);
    applyAppearance(appearance);
}

void MainWindow::postError(const QString& text)
{
    // Not the key of a run that failed: a recipe that can be prepared takes that one back.
    m_parts.messages->post({.kind = Message::Kind::Error, .text = text, .key = QStringLiteral("window")});
    m_parts.log->append(text);
}

void MainWindow::postWarning(const QString& text)
{
    m_parts.messages->post({.kind = Message::Kind::Warning, .text = text, .key = QStringLiteral("window")});
    m_parts.log->append(text);
}

void MainWindow::changeEvent(QEvent* event)
{
    // Also sent while the base class is being built.
    if (event->type() == QEvent::PaletteChange && m_actions)
        m_actions->refreshIcons();
    if ((event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) && m_startButton)
        m_actions->steady(*m_startButton);
    QMainWindow::changeEvent(event);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (m_queue->refusesToClose()) {
        event->ignore();
        return;
    }
    if (!m_parts.run->isActive()) {
        saveLayout();
        event->accept();
        return;
    }
    event->ignore();
    if (m_closing != Closing::No)
        return;
    const auto closeWith = [this](Closing closing) {
        m_closing = closing;
        m_parts.queue->leave(); // It must not begin where this run ends.
        m_parts.run->stop();
        closeWhenEnded();
    };
    askHowToClose(
        this, [closeWith] { closeWith(Closing::Keep); }, [closeWith] { closeWith(Closing::Discard); });
}

void MainWindow::closeWhenEnded()
{
    if (m_closing == Closing::No || m_parts.run->isActive())
        return;
    if (m_closing == Closing::Discard)
        discardSession(m_parts.run->sessionFolder());
    m_closing = Closing::No;
    close();
}

} // namespace frostline
