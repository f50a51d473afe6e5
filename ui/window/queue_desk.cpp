#include "window/queue_desk.h"

#include <algorithm>
#include <utility>

#include <QTimer>

#include "controls/controls_panel.h"
#include "queue/queue_actions.h"
#include "queue/queue_page.h"
#include "queue/queue_text.h"
#include "queue/run_queue.h"
#include "window/draft_editor.h"
#include "window/log_dock.h"
#include "window/message_bar.h"
#include "window/questions.h"
#include "window/run_status.h"
#include "window/run_view.h"
#include "window/session_desk.h"

namespace frostline {

namespace {

constexpr auto kKey = "queue";

int waitingIn(const RunQueue& queue)
{
    return static_cast<int>(std::ranges::count(queue.items(), QueueItem::State::Waiting, &QueueItem::state));
}

} // namespace

QueueDesk::QueueDesk(const WindowParts& parts, DraftEditor& editor, SessionDesk& sessions, QWidget* window)
    : QObject(window),
      m_parts(parts),
      m_editor(editor),
      m_sessions(sessions),
      m_window(window)
{
    connectQueue();
    connectPage();
    connect(m_parts.run, &RunController::stateChanged, this, &QueueDesk::followRun);
    // Opening what was open last takes away what was said before.
    QTimer::singleShot(0, this, [this] {
        if (const auto problem = m_parts.queue->loadProblem(); !problem.isEmpty())
            warn(problem);
    });
}

QString QueueDesk::draftObstacle() const
{
    if (m_sessions.shown())
        return tr("A saved session is shown; use its recipe to queue it again");
    if (m_editor.origin() && m_editor.origin()->kind == RunOrigin::Kind::Resume)
        return tr("This run goes on in its saved session; open its recipe to queue it from the start");
    return m_parts.run->isActive() ? QString() : m_editor.obstacle();
}

void QueueDesk::addDraft()
{
    const QString field = m_parts.controls->problem();
    if (const QString problem = field.isEmpty() ? draftObstacle() : field; !problem.isEmpty()) {
        Q_EMIT refused(problem);
        return;
    }
    const auto beginning = m_sessions.beginning();
    auto& queue = *m_parts.queue;
    if (beginning.origin)
        m_parts.queuePage->choose({queue.addBranch(beginning.recipe, *beginning.origin)});
    else
        m_parts.queuePage->choose(queue.add({beginning.recipe}));
    m_parts.status->announce(
        tr("“%1” is queued; %2 waiting").arg(nameOf(queue.items().back())).arg(waitingIn(queue)));
}

QString QueueDesk::title() const
{
    const int left = waitingIn(*m_parts.queue) + (m_parts.queue->current() ? 1 : 0);
    return left > 0 ? tr("Queue (%1)").arg(left) : tr("Queue");
}

bool QueueDesk::refusesToClose()
{
    const auto* current = m_parts.queue->current();
    if (!current)
        return false;
    if (m_isLeaving)
        return true;
    askToLeaveQueue(m_window, nameOf(*current), waitingIn(*m_parts.queue), [this] {
        m_isLeaving = true;
        m_parts.queue->leave();
        followQueue();
    });
    return true;
}

void QueueDesk::connectQueue()
{
    const auto* queue = m_parts.queue;
    connect(queue, &RunQueue::stateChanged, this, &QueueDesk::followQueue);
    connect(queue, &RunQueue::itemEnded, this, &QueueDesk::tellEnd);
    connect(queue, &RunQueue::ranOut, this, &QueueDesk::tellOutcome);
    connect(queue, &RunQueue::problemOccurred, this, &QueueDesk::warn);
    connect(queue, &RunQueue::logged, this, [this](bool isWarning, const QString& text) {
        m_parts.log->append(isWarning ? tr("Queue, warning: %1").arg(text) : tr("Queue: %1").arg(text));
    });
}

void QueueDesk::connectPage()
{
    auto& actions = m_parts.queuePage->actions();
    connect(&actions, &QueueActions::draftRequested, this, &QueueDesk::addDraft);
    connect(&actions, &QueueActions::messageRequested, this, &QueueDesk::warn);
    connect(&actions, &QueueActions::editRequested, this, [this](const Recipe& recipe) {
        if (m_parts.run->isActive())
            Q_EMIT refused(tr("Stop the run first, then open another recipe."));
        else
            Q_EMIT recipeChosen(recipe);
    });
}

void QueueDesk::followRun()
{
    const auto state = m_parts.run->state();
    m_parts.queue->setBlocked(m_parts.run->isActive() || state == RunController::State::Replaying ||
                              state == RunController::State::Testing);
}

void QueueDesk::followQueue()
{
    const bool isBusy = m_parts.queue->current() != nullptr;
    if (std::exchange(m_isBusy, isBusy) != isBusy) {
        m_parts.run->setMeasures(!isBusy);
        if (!isBusy && m_parts.run->state() == RunController::State::Ready)
            m_parts.run->estimate(m_editor.draft().recipe(), m_editor.origin());
    }
    Q_EMIT changed();
    if (m_isLeaving && !isBusy) {
        m_isLeaving = false;
        Q_EMIT left();
    }
}

void QueueDesk::tellEnd(QueueItem::Id id)
{
    const auto* item = m_parts.queue->find(id);
    m_parts.log->append(tr("Queue: “%1” %2").arg(nameOf(*item), wordFor(item->state)));
    if (item->state == QueueItem::State::Failed)
        warn(tr("“%1” failed in the queue: %2").arg(nameOf(*item), item->problem));
    if (!item->session.isEmpty())
        Q_EMIT sessionEnded(item->session);
}

void QueueDesk::tellOutcome()
{
    const QString text = tr("The queue is through: %1").arg(totalsText(totalsOf(m_parts.queue->items())));
    m_parts.log->append(text);
    m_parts.messages->post(
        {.kind = Message::Kind::Outcome, .text = text, .key = QStringLiteral("queueOutcome")});
}

void QueueDesk::warn(const QString& text)
{
    m_parts.messages->post({.kind = Message::Kind::Warning, .text = text, .key = QString::fromLatin1(kKey)});
    m_parts.log->append(text);
}

} // namespace frostline
