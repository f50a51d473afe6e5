// What the window does with recipes and sessions; main_window.cpp composes.

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMenu>
#include <QTabWidget>

#include "controls/controls_panel.h"
#include "data/data_page.h"
#include "layers/layer_panel.h"
#include "plots/live_page.h"
#include "run/background.h"
#include "session/session_store.h"
#include "start/ready_card.h"
#include "start/start_page.h"
#include "window/draft_editor.h"
#include "window/log_dock.h"
#include "window/main_window.h"
#include "window/message_bar.h"
#include "window/questions.h"
#include "window/run_status.h"
#include "window/window_actions.h"

namespace frostline {

namespace {

constexpr auto kSavedKey = "saved";

QString percent(double fraction)
{
    return MainWindow::tr("%1 %").arg(QLocale().toString(100.0 * fraction, 'f', 1));
}

QFileDialog* fileDialog(QWidget* parent, const QString& title, QFileDialog::FileMode mode)
{
    auto* dialog = new QFileDialog(parent, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(mode);
    return dialog;
}

} // namespace

void MainWindow::openAtStart(const QString& path)
{
    if (path.isEmpty())
        openLastRecipe();
    else if (QFileInfo(path).isDir())
        openSession(path);
    else if (const QString problem = tryRecipe(path); !problem.isEmpty())
        openDemoAfter(problem);
}

void MainWindow::openLastRecipe()
{
    const QString last = m_settings.lastRecipe();
    if (last.isEmpty()) {
        openDefaultDemo();
        return;
    }
    if (!QFileInfo::exists(last)) {
        openDefaultDemo();
        postWarning(tr("The recipe of last time, %1, is gone; this is the first demo instead.").arg(last));
        return;
    }
    const QString problem = tryRecipe(last);
    if (problem.isEmpty())
        return;
    openDefaultDemo();
    postWarning(
        tr("The recipe of last time cannot be read; this is the first demo instead. %1").arg(problem));
}

void MainWindow::openDefaultDemo()
{
    const auto file = defaultDemoFile();
    if (!file.isEmpty())
        openRecipe(file);
    else
        postError(tr("The demos are missing. Install Frostline's resources, or set FROSTLINE_RESOURCES to "
                     "their folder."));
}

void MainWindow::openDemoAfter(const QString& problem)
{
    // The demo first: opening a recipe takes away what was said of the one before.
    openDefaultDemo();
    postError(defaultDemoFile().isEmpty() ? problem : tr("%1 This is the first demo instead.").arg(problem));
}

void MainWindow::openRecipe(const QString& file)
{
    if (m_parts.run->isActive()) {
        postError(tr("Stop the run first, then open another recipe."));
        return;
    }
    if (const QString problem = tryRecipe(file); !problem.isEmpty())
        postError(problem);
}

QString MainWindow::tryRecipe(const QString& file)
{
    const auto recipe = loadRecipe(file.toStdString());
    if (!recipe)
        return QString::fromStdString(recipe.error().message);
    openDraft(*recipe, file);
    m_settings.setLastRecipe(file);
    m_settings.addRecentRecipe(file);
    fillRecent();
    return {};
}

void MainWindow::openDraft(const Recipe& recipe, const QString& file)
{
    leaveSession();
    m_parts.messages->clear();
    m_parts.live->clear();
    m_parts.live->setTitle(QString::fromStdString(recipe.title));
    m_editor->open(recipe, file);
    updateActions();
    updateTitle();
    m_parts.log->append(tr("Opened %1").arg(file.isEmpty() ? QString::fromStdString(recipe.title) : file));
}

void MainWindow::openSession(const QString& folder)
{
    if (m_parts.run->isActive()) {
        postError(tr("Stop the run first, then open a session."));
        return;
    }
    using Loaded = std::shared_ptr<const Result<Session>>;
    inBackground([path = folder.toStdString()]() -> Loaded {
        return std::make_shared<const Result<Session>>(SessionStore::load(path));
    }).then(this, [this, folder](const Loaded& loaded) {
        if (m_parts.run->isActive())
            return;
        if (*loaded)
            showSession({loaded, &loaded->value()}, folder);
        else
            showBrokenSession(QString::fromStdString(loaded->error().message));
    });
}

void MainWindow::showBrokenSession(const QString& problem)
{
    if (m_editor->draft().isOpen() || m_session)
        postError(problem);
    else
        openDemoAfter(problem);
}

void MainWindow::showSession(const std::shared_ptr<const Session>& session, const QString& folder)
{
    m_session = session;
    const QString name = QString::fromStdString(session->name);
    m_parts.messages->clear();
    m_parts.messages->post({.text = tr("Saved session %1 – read only").arg(name),
                            .key = QString::fromLatin1(kSavedKey),
                            .actionText = tr("Use its recipe"),
                            .action = [this] { useSessionRecipe(); }});
    m_parts.live->clear();
    m_parts.live->setTitle(name);
    m_parts.live->showSession(*session);
    m_parts.controls->setRecipe(session->recipe);
    m_parts.controls->setReadOnly(true);
    m_parts.controls->setDevice(QString::fromStdString(session->environment.device),
                                session->environment.threads);
    m_parts.controls->setTotals(totalsOf(session->layers));
    m_parts.layers->setTable(session->layers);
    m_parts.layers->setReadOnly(true);
    m_parts.data->clear(tr("A saved session shows its curves and layers. Use its recipe to see the images."));
    m_parts.start->readyCard()->clear(
        tr("A saved session is shown under Live. Use its recipe to run it again, or choose a demo."));
    m_parts.status->showSession(*session);
    m_pages->setCurrentWidget(m_parts.live);
    m_settings.addRecentSession(folder);
    fillRecent();
    updateActions();
    updateTitle();
}

void MainWindow::useSessionRecipe()
{
    if (!m_session)
        return;
    const auto session = m_session;
    openDraft(session->recipe, QString());
}

void MainWindow::leaveSession()
{
    m_session.reset();
    m_parts.messages->withdraw(QString::fromLatin1(kSavedKey));
    m_parts.status->showState(m_parts.run->state());
}

void MainWindow::finishRun(const std::shared_ptr<const Session>& session)
{
    m_lastFolder = m_parts.run->sessionFolder();
    m_editor->takeOver(session->layers);
    m_settings.addRecentSession(m_lastFolder);
    if (m_closing != Closing::No)
        return;
    fillRecent();
    m_parts.start->reloadSessions(m_sessionsFolder);
    postOutcome(*session, m_lastFolder);
    updateActions();
}

void MainWindow::postOutcome(const Session& session, const QString& folder)
{
    const auto& summary = session.summary;
    const QString outcome = session.state == SessionState::Finished ? tr("Finished")
                            : session.state == SessionState::Failed ? tr("Failed")
                                                                    : tr("Stopped");
    const QString best = summary.bestEpoch > 0 ? tr("best validation accuracy %1 in epoch %2")
                                                     .arg(percent(summary.bestValidationAccuracy))
                                                     .arg(summary.bestEpoch)
                                               : tr("no epoch was completed");
    m_parts.messages->post({.kind = Message::Kind::Outcome,
                            .text = tr("%1 after %2 steps: %3. Saved in %4")
                                        .arg(outcome)
                                        .arg(QLocale().toString(static_cast<qlonglong>(summary.steps)))
                                        .arg(best, QDir::toNativeSeparators(folder)),
                            .key = QStringLiteral("outcome"),
                            .actionText = tr("Discard session…"),
                            .action = [this, folder] { askToDiscardSession(folder); }});
    m_parts.log->append(tr("%1: %2").arg(outcome, best));
}

void MainWindow::askToDiscardSession(const QString& folder)
{
    askToDiscard(this, folder, [this, folder] { discardSession(folder); });
}

void MainWindow::discardSession(const QString& folder)
{
    const auto discarded = SessionStore::discard(folder.toStdString());
    if (!discarded) {
        postError(QString::fromStdString(discarded.error().message));
        return;
    }
    if (m_lastFolder == folder)
        m_lastFolder.clear();
    m_parts.messages->withdraw(QStringLiteral("outcome"));
    m_parts.log->append(tr("Discarded %1").arg(folder));
    m_settings.removeRecentSession(folder);
    fillRecent();
    m_parts.start->reloadSessions(m_sessionsFolder);
    updateActions();
}

void MainWindow::askForRecipe()
{
    auto* dialog = fileDialog(this, tr("Open recipe"), QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Recipes (*.json)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openRecipe);
    dialog->open();
}

void MainWindow::askForSession()
{
    auto* dialog = fileDialog(this, tr("Open session: choose its folder"), QFileDialog::Directory);
    dialog->setDirectory(m_sessionsFolder);
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openSession);
    dialog->open();
}

void MainWindow::askWhereToSave()
{
    auto* dialog = fileDialog(this, tr("Save recipe as"), QFileDialog::AnyFile);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->setNameFilters({tr("Recipes (*.json)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        const auto saved = saveRecipe(m_editor->draft().recipe(), file.toStdString());
        if (!saved) {
            postError(QString::fromStdString(saved.error().message));
            return;
        }
        m_settings.setLastRecipe(file);
        m_settings.addRecentRecipe(file);
        fillRecent();
    });
    dialog->open();
}

void MainWindow::fillRecent()
{
    auto* menu = m_actions->recentMenu;
    menu->clear();
    menu->addSection(tr("Recipes"));
    for (const auto& file : m_settings.recentRecipes()) {
        auto* action = menu->addAction(QFileInfo(file).completeBaseName());
        action->setToolTip(file);
        connect(action, &QAction::triggered, this, [this, file] { openRecipe(file); });
    }
    menu->addSection(tr("Sessions"));
    for (const auto& folder : m_settings.recentSessions()) {
        auto* action = menu->addAction(QFileInfo(folder).fileName());
        action->setToolTip(folder);
        connect(action, &QAction::triggered, this, [this, folder] { openSession(folder); });
    }
    menu->setToolTipsVisible(true);
}

} // namespace frostline
