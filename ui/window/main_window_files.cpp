// What the window does with recipes and sessions; main_window.cpp composes.

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QLocale>
#include <QMenu>
#include <QTabWidget>

#include "assistant/open_data_dialog.h"
#include "compare/compare_page.h"
#include "data/data_page.h"
#include "plots/live_page.h"
#include "results/results_panel.h"
#include "session/session_store.h"
#include "start/ready_card.h"
#include "start/start_page.h"
#include "timeline/timeline_panel.h"
#include "window/draft_editor.h"
#include "window/log_dock.h"
#include "window/main_window.h"
#include "window/message_bar.h"
#include "window/questions.h"
#include "window/session_desk.h"
#include "window/weights_export.h"
#include "window/window_actions.h"

namespace frostline {

namespace {

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

QString bestText(const SessionSummary& summary)
{
    if (summary.bestEpoch == 0)
        return MainWindow::tr("no epoch was completed");
    if (const auto accuracy = summary.bestAccuracy())
        return MainWindow::tr("best validation accuracy %1 in epoch %2")
            .arg(percent(*accuracy))
            .arg(summary.bestEpoch);
    return MainWindow::tr("least validation loss %1 in epoch %2")
        .arg(QLocale().toString(summary.bestValidationLoss, 'g', 4))
        .arg(summary.bestEpoch);
}

} // namespace

void MainWindow::openAtStart(const QString& given)
{
    // Absolute: it is remembered, and the next start may be in another folder.
    const QString path = given.isEmpty() ? given : QFileInfo(given).absoluteFilePath();
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
    m_sessions->leave();
    m_parts.messages->clear();
    m_parts.live->clear();
    m_parts.timeline->clear();
    m_parts.live->setTitle(QString::fromStdString(recipe.title));
    m_editor->open(recipe, file);
    updateActions();
    updateTitle();
    m_parts.log->append(tr("Opened %1").arg(file.isEmpty() ? QString::fromStdString(recipe.title) : file));
}

void MainWindow::editQueued(const Recipe& recipe)
{
    openDraft(recipe, QString());
    m_pages->setCurrentWidget(m_parts.live);
    m_parts.messages->post(
        {.text = tr("From the queue: change what you like, then add it to the queue again"),
         .key = QStringLiteral("queued"),
         .actionText = tr("Add to queue"),
         .action = [this] { m_actions->addToQueue->trigger(); }});
}

void MainWindow::listEndedSession(const QString& folder)
{
    m_settings.addRecentSession(folder);
    fillRecent();
    m_parts.start->reloadSessions(m_sessionsFolder);
    m_parts.compare->reload();
}

void MainWindow::askForData()
{
    auto* dialog = new OpenDataDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { openDraft(dialog->recipe(), QString()); });
    dialog->open();
}

void MainWindow::openSession(const QString& folder)
{
    m_sessions->open(folder);
}

void MainWindow::resumeSession(const QString& folder)
{
    m_sessions->resume(folder);
}

void MainWindow::branchFrom(const QString& folder, Step step, bool keepLater)
{
    m_sessions->branch(folder, step, keepLater);
}

void MainWindow::showBrokenSession(const QString& problem)
{
    if (m_editor->draft().isOpen() || m_sessions->shown())
        postError(problem);
    else
        openDemoAfter(problem);
}

void MainWindow::showOpenedSession(const QString& folder)
{
    offerTimeline();
    m_pages->setCurrentWidget(m_parts.live);
    m_settings.addRecentSession(folder);
    fillRecent();
    updateActions();
    updateTitle();
}

void MainWindow::finishRun(const std::shared_ptr<const Session>& session)
{
    m_lastFolder = m_parts.run->sessionFolder();
    m_parts.data->results().setSession(m_lastFolder, m_parts.data->data());
    m_editor->takeOver(*session);
    m_settings.addRecentSession(m_lastFolder);
    if (m_closing != Closing::No)
        return;
    fillRecent();
    m_parts.start->reloadSessions(m_sessionsFolder);
    m_parts.compare->reload();
    postOutcome(*session, m_lastFolder);
    m_sessions->setSource(m_lastFolder);
    updateActions();
    updateTitle();
}

void MainWindow::postOutcome(const Session& session, const QString& folder)
{
    const auto& summary = session.summary;
    const QString outcome = session.state == SessionState::Finished ? tr("Finished")
                            : session.state == SessionState::Failed ? tr("Failed")
                                                                    : tr("Stopped");
    const QString best = bestText(summary);
    std::vector<MessageAction> others;
    if (session.parent) {
        const QString parent = QFileInfo(folder).dir().filePath(QString::fromStdString(session.parent->id));
        others.push_back({tr("Compare with its parent"), [this, folder, parent] {
                              Q_EMIT compareRequested({folder, parent});
                          }});
    }
    m_parts.messages->post({.kind = Message::Kind::Outcome,
                            .text = tr("%1 after %2 steps: %3. Saved as %4")
                                        .arg(outcome)
                                        .arg(QLocale().toString(static_cast<qlonglong>(summary.steps)))
                                        .arg(best, QFileInfo(folder).fileName()),
                            .key = QStringLiteral("outcome"),
                            .actionText = tr("Discard session…"),
                            .action = [this, folder] { askToDiscardSession(folder); },
                            .others = others});
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
    if (m_sessions->source() == folder)
        m_sessions->setSource(QString());
    m_parts.messages->withdraw(QStringLiteral("outcome"));
    m_parts.log->append(tr("Discarded %1").arg(folder));
    m_settings.removeRecentSession(folder);
    fillRecent();
    m_parts.start->reloadSessions(m_sessionsFolder);
    m_parts.compare->reload();
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

void MainWindow::exportWeights()
{
    askToExportWeights(this, m_sessions->source(), [this](const QString& problem, const QString& file) {
        if (!problem.isEmpty()) {
            postError(problem);
            return;
        }
        const QString text = tr("Wrote %1").arg(QDir::toNativeSeparators(file));
        m_parts.messages->post(
            {.kind = Message::Kind::Outcome, .text = text, .key = QStringLiteral("exported")});
        m_parts.log->append(text);
    });
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
