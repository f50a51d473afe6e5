#include "window/session_desk.h"

#include <algorithm>

#include <QLocale>

#include "controls/controls_panel.h"
#include "data/data_page.h"
#include "layers/layer_panel.h"
#include "plan/plan_page.h"
#include "plots/live_page.h"
#include "queue/run_queue.h"
#include "results/results_panel.h"
#include "run/background.h"
#include "run/run_controller.h"
#include "session/session_at.h"
#include "session/session_store.h"
#include "start/ready_card.h"
#include "start/start_page.h"
#include "timeline/timeline_panel.h"
#include "window/branch_dialog.h"
#include "window/draft_editor.h"
#include "window/log_dock.h"
#include "window/message_bar.h"
#include "window/questions.h"
#include "window/replay_text.h"
#include "window/run_status.h"
#include "window/run_view.h"

namespace frostline {

namespace {

constexpr auto kSavedKey = "saved";
constexpr auto kReplayKey = "replay";

QString whole(Step number)
{
    return QLocale().toString(static_cast<qlonglong>(number));
}

QString nameOf(const Session& session)
{
    return QString::fromStdString(session.name.empty() ? session.id : session.name);
}

bool canResume(const Session& session, bool isRunning)
{
    return session.state != SessionState::Finished && !isRunning;
}

Step stepsOf(const Session& session)
{
    return static_cast<Step>(session.steps.size());
}

/// What a branch shares with its parent.
std::shared_ptr<const Session> stepsBefore(const Session& parent, Step step)
{
    auto before = std::make_shared<Session>(parent);
    std::erase_if(before->steps, [step](const MetricPoint& point) { return point.step >= step; });
    std::erase_if(before->epochs, [step](const EpochRecord& epoch) { return epoch.step > step; });
    std::erase_if(before->interventions, [step](const Intervention& each) { return each.step >= step; });
    return before;
}

/// Where one most likely wants to branch: what is selected, the best epoch's end, the end.
Step likelyStep(const Session& session, int selected)
{
    if (selected >= 0 && selected < std::ssize(session.interventions))
        return session.interventions[static_cast<std::size_t>(selected)].step;
    const auto best = std::ranges::find(session.epochs, session.summary.bestEpoch, &EpochRecord::epoch);
    return best != session.epochs.end() ? best->step : stepsOf(session);
}

} // namespace

SessionDesk::SessionDesk(const WindowParts& parts, DraftEditor& editor, RunView& view, QWidget* window)
    : QObject(window),
      m_parts(parts),
      m_editor(editor),
      m_view(view),
      m_window(window)
{
    connect(m_parts.run, &RunController::stateChanged, this, &SessionDesk::followRun);
    connectReplay();
}

bool SessionDesk::canResumeShown() const
{
    return m_shown && canResume(*m_shown, m_isShownRunning);
}

QString SessionDesk::branchObstacle() const
{
    const auto state = m_parts.run->state();
    if (state == RunController::State::Stopping)
        return tr("The session is being written");
    if (state == RunController::State::Starting)
        return tr("The run has no steps yet");
    if (m_parts.run->isActive() || !m_source.isEmpty())
        return {};
    return tr("There are no steps to branch from: start a run, or open a saved session");
}

RunBeginning SessionDesk::beginning() const
{
    auto recipe = m_editor.draft().recipe();
    if (!m_branchTitle.isEmpty())
        recipe.title = m_branchTitle.toStdString();
    return {.recipe = recipe,
            .stepsPerEpoch = m_editor.stepsPerEpoch(),
            .origin = m_editor.origin(),
            .before = m_before};
}

bool SessionDesk::refuseWhileRunning(const QString& problem)
{
    if (m_parts.run->isActive())
        Q_EMIT refused(problem);
    return m_parts.run->isActive();
}

bool SessionDesk::refuseWhileQueueRuns()
{
    const QString reason = m_parts.queue->busyReason();
    if (!reason.isEmpty())
        Q_EMIT refused(reason);
    return !reason.isEmpty();
}

void SessionDesk::load(const QString& folder, const std::function<void(const LoadedSession&)>& then)
{
    inBackground([path = folder.toStdString()]() -> LoadedSession {
        std::vector<std::string> remarks;
        auto session = SessionStore::load(path, &remarks);
        return std::make_shared<const Loaded>(
            Loaded{std::move(session), std::move(remarks), SessionStore::isRunning(path)});
    }).then(this, [this, then](const LoadedSession& loaded) {
        if (!m_parts.run->isActive())
            then(loaded);
    });
}

void SessionDesk::open(const QString& folder)
{
    if (refuseWhileRunning(tr("Stop the run first, then open a session.")))
        return;
    load(folder, [this, folder](const LoadedSession& loaded) {
        if (loaded->session)
            show(loaded, folder);
        else
            Q_EMIT broken(QString::fromStdString(loaded->session.error().message));
    });
}

void SessionDesk::show(const LoadedSession& loaded, const QString& folder)
{
    m_shown = {loaded, &loaded->session.value()};
    m_isShownRunning = loaded->isRunning;
    m_source = folder;
    m_before.reset();
    m_branchTitle.clear();
    m_parts.messages->clear();
    postShown();
    for (const auto& remark : loaded->remarks) {
        const QString text = QString::fromStdString(remark);
        m_parts.messages->post({.kind = Message::Kind::Warning, .text = text});
        m_parts.log->append(text);
    }
    showPanels(*m_shown);
    Q_EMIT sessionShown(folder);
}

void SessionDesk::postShown()
{
    std::vector<MessageAction> others;
    if (canResumeShown())
        others.push_back({tr("Resume"), [this] { resumeShown(); }});
    others.push_back({tr("Branch…"), [this] { branchHere(std::nullopt); }});
    if (!m_isShownRunning)
        others.push_back({tr("Replay"), [this] { replayShown(); }});
    // Its name stands in the title; the buttons need the room.
    m_parts.messages->post({.text = m_isShownRunning ? tr("Still running elsewhere – read only")
                                                     : tr("Saved session – read only"),
                            .key = QString::fromLatin1(kSavedKey),
                            .actionText = tr("Use its recipe"),
                            .action = [this] { useRecipe(); },
                            .others = others});
}

void SessionDesk::showPanels(const Session& session)
{
    m_parts.live->clear();
    m_parts.live->showSession(session);
    m_parts.live->setTitle(nameOf(session));
    m_parts.timeline->showSession(session);
    m_parts.controls->setBranch(false);
    m_parts.controls->setRecipe(session.recipe);
    m_parts.controls->setReadOnly(true);
    m_parts.controls->setEnvironment(session.environment);
    m_parts.controls->clearCost();
    m_parts.controls->setTable(session.layers);
    m_parts.plan->showSession(session);
    m_parts.layers->setTable(session.layers);
    m_parts.layers->setReadOnly(true);
    m_parts.data->clear(
        tr("Use the session's recipe to see all its samples; Results shows what its network makes "
           "of them."));
    m_parts.data->results().setSession(m_source, {});
    m_parts.start->readyCard()->clear(
        tr("A saved session is shown under Live. Use its recipe to run it again, or choose a demo."));
    m_parts.status->showSession(session, m_isShownRunning);
}

void SessionDesk::useRecipe()
{
    if (!m_shown)
        return;
    const auto session = m_shown;
    Q_EMIT recipeChosen(session->recipe);
}

void SessionDesk::replayShown()
{
    if (!m_shown || m_parts.run->isActive() || refuseWhileQueueRuns())
        return;
    m_parts.run->replay(m_source);
    m_parts.messages->post({.text = tr("Running this session again to compare it with its record"),
                            .key = QString::fromLatin1(kReplayKey),
                            .actionText = tr("Give up"),
                            .action = [this] { m_parts.run->stop(); }});
}

void SessionDesk::connectReplay()
{
    connect(m_parts.run, &RunController::replaying, this, [this](const RunProgress& progress) {
        if (m_shown)
            m_parts.status->showReplaying(progress, stepsOf(*m_shown));
    });
    connect(m_parts.run, &RunController::replayed, this,
            [this](const std::shared_ptr<const Result<ReplayReport>>& report) {
                m_parts.messages->withdraw(QString::fromLatin1(kReplayKey));
                if (m_shown)
                    m_parts.status->showSession(*m_shown);
                if (!*report) {
                    Q_EMIT refused(QString::fromStdString(report->error().message));
                    return;
                }
                const auto& found = report->value();
                const QString text = describe(found);
                m_parts.messages->post(
                    {.kind = found.difference ? Message::Kind::Warning : Message::Kind::Outcome,
                     .text = text,
                     .key = QString::fromLatin1(kReplayKey)});
                m_parts.log->append(text);
            });
}

void SessionDesk::leave()
{
    m_shown.reset();
    m_before.reset();
    m_branchTitle.clear();
    m_source.clear();
    m_parts.messages->withdraw(QString::fromLatin1(kSavedKey));
    m_parts.messages->withdraw(QString::fromLatin1(kReplayKey));
    m_parts.status->showState(m_parts.run->state());
}

void SessionDesk::setSource(const QString& folder)
{
    m_source = folder;
    m_before.reset();
    m_branchTitle.clear();
    if (std::exchange(m_branchesAtEnd, false) && !folder.isEmpty())
        branch(folder, m_stepAtEnd);
}

void SessionDesk::resume(const QString& folder)
{
    if (refuseWhileRunning(tr("Stop the run first, then resume a session.")) || refuseWhileQueueRuns())
        return;
    load(folder, [this, folder](const LoadedSession& loaded) {
        if (!loaded->session) {
            Q_EMIT refused(QString::fromStdString(loaded->session.error().message));
            return;
        }
        show(loaded, folder);
        if (m_isShownRunning)
            Q_EMIT refused(tr("%1 is still running elsewhere: it cannot be resumed.").arg(nameOf(*m_shown)));
        else if (!canResumeShown())
            Q_EMIT refused(
                tr("%1 has trained all its epochs: branch from it, or use its recipe, to train more.")
                    .arg(nameOf(*m_shown)));
        else if (!refuseWhileQueueRuns()) // It may have begun a run meanwhile.
            beginResumed(loaded, folder);
    });
}

void SessionDesk::beginResumed(const LoadedSession& loaded, const QString& folder)
{
    const std::shared_ptr<const Session> session(loaded, &loaded->session.value());
    const RunOrigin origin{.kind = RunOrigin::Kind::Resume, .folder = folder.toStdString()};
    leave();
    m_resumed = loaded;
    m_resumedFolder = folder;
    // The panels show what is in force at its end; the run takes the session's own recipe.
    m_editor.openResumed(recipeAt(*session, stepsOf(*session)).value_or(session->recipe), session->layers,
                         origin);
    m_view.begin({.recipe = session->recipe, .stepsPerEpoch = 0, .origin = origin, .before = session});
    Q_EMIT resumed();
}

void SessionDesk::followRun()
{
    const auto state = m_parts.run->state();
    if (state == RunController::State::Running || state == RunController::State::Paused)
        m_resumed.reset();
    if (state == RunController::State::Starting && !m_before)
        m_source.clear(); // Live shows what has no session yet.
    if (m_parts.run->isActive())
        return;
    if (state != RunController::State::Ended)
        m_branchesAtEnd = false;
    // It did not come to its first step: it is a saved session again.
    if (const auto loaded = std::exchange(m_resumed, nullptr))
        show(loaded, m_resumedFolder);
}

void SessionDesk::branchHere(std::optional<Step> step)
{
    if (!branchObstacle().isEmpty())
        return;
    if (!m_parts.run->isActive()) {
        branch(m_source, step);
        return;
    }
    askToStopForBranch(m_window, [this, step] {
        m_branchesAtEnd = m_parts.run->isActive();
        m_stepAtEnd = step;
        if (m_branchesAtEnd)
            m_parts.run->stop();
        else if (!m_source.isEmpty())
            branch(m_source, step); // It has ended meanwhile.
    });
}

void SessionDesk::branch(const QString& folder, std::optional<Step> step, bool keepLater)
{
    if (refuseWhileRunning(tr("Stop the run first, then branch from a session.")))
        return;
    load(folder, [this, folder, step, keepLater](const LoadedSession& loaded) {
        if (!loaded->session) {
            Q_EMIT refused(QString::fromStdString(loaded->session.error().message));
            return;
        }
        const std::shared_ptr<const Session> session(loaded, &loaded->session.value());
        if (loaded->isRunning)
            Q_EMIT refused(tr("%1 is still running elsewhere: it can be branched from when it has ended.")
                               .arg(nameOf(*session)));
        else if (step)
            draft(session, {RunOrigin::Kind::Branch, folder.toStdString(), *step, keepLater});
        else
            askForStep(session, folder);
    });
}

void SessionDesk::askForStep(const std::shared_ptr<const Session>& session, const QString& folder)
{
    const int selected = folder == m_source ? m_parts.timeline->selected() : -1;
    auto* dialog =
        new BranchDialog(nameOf(*session), stepsOf(*session), likelyStep(*session, selected), m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, session, folder] {
        if (!m_parts.run->isActive())
            draft(session,
                  {RunOrigin::Kind::Branch, folder.toStdString(), dialog->step(), dialog->keepsLater()});
    });
    dialog->open();
}

void SessionDesk::draft(const std::shared_ptr<const Session>& parent, const RunOrigin& origin)
{
    auto recipe = recipeAt(*parent, origin.step);
    if (!recipe) {
        Q_EMIT refused(QString::fromStdString(recipe.error().message));
        return;
    }
    leave();
    m_branchTitle = tr("From step %1 of %2").arg(whole(origin.step), nameOf(*parent));
    m_before = stepsBefore(*parent, origin.step);
    m_source = QString::fromStdString(origin.folder.string());
    m_parts.messages->clear();
    m_parts.messages->post({.text = tr("Branch of “%1” at step %2: change what you like, then Start")
                                        .arg(nameOf(*parent), whole(origin.step)),
                            .key = QString::fromLatin1(kSavedKey),
                            .actionText = tr("Back to its parent"),
                            .action = [this, folder = m_source] { open(folder); }});
    m_editor.openBranch(*recipe, parent->layers, origin);
    m_parts.live->clear();
    m_parts.live->showSession(*m_before);
    m_parts.live->setTitle(m_branchTitle);
    m_parts.timeline->showSession(*m_before);
    m_parts.log->append(tr("Branch of “%1” at step %2").arg(nameOf(*parent), whole(origin.step)));
    Q_EMIT branchDrafted();
}

} // namespace frostline
