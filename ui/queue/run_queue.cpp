#include "queue/run_queue.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "queue/queue_store.h"
#include "queue/queue_text.h"

namespace frostline {

namespace {

using ItemState = QueueItem::State;

constexpr std::chrono::milliseconds kTellPause{100};
constexpr double kSaveRetrySeconds = 5.0; ///< A full disk is waited for: others would only fail too.

RunOptions optionsFor(RunOptions options)
{
    options.saveRetrySeconds = kSaveRetrySeconds;
    options.featureCache.reset(); // Of one worker alone.
    return options;
}

/// A better accuracy, or where the task has none a smaller loss.
bool isBetter(const Scores& scores, const QueueItem& item)
{
    if (std::isfinite(scores.accuracy))
        return !item.bestAccuracy || scores.accuracy > *item.bestAccuracy;
    return std::isfinite(scores.loss) && (!item.bestLoss || scores.loss < *item.bestLoss);
}

} // namespace

RunQueue::RunQueue(const RunOptions& options, QObject* parent)
    : QObject(parent),
      m_run(new RunController(optionsFor(options), this)),
      m_store(new QueueStore(QString::fromStdString(options.sessionsFolder.string()), this))
{
    m_run->setPausesOnFailure(false);
    m_tell.setSingleShot(true);
    m_tell.setInterval(kTellPause);
    connect(&m_tell, &QTimer::timeout, this, [this] { Q_EMIT itemChanged(m_current); });
    connect(m_store, &QueueStore::failed, this, &RunQueue::problemOccurred);
    connectRun();
    connectFacts();
    m_items = m_store->load();
    for (auto& each : m_items)
        each.id = nextId();
}

RunQueue::~RunQueue()
{
    // The worker's last facts must not reach a list that is half gone.
    m_run->disconnect(this);
    delete m_run;
}

const QueueItem* RunQueue::find(Id id) const
{
    const auto found = std::ranges::find(m_items, id, &QueueItem::id);
    return found == m_items.end() ? nullptr : &*found;
}

QueueItem* RunQueue::item(Id id)
{
    const auto found = std::ranges::find(m_items, id, &QueueItem::id);
    return found == m_items.end() ? nullptr : &*found;
}

int RunQueue::rowOf(Id id) const
{
    const auto found = std::ranges::find(m_items, id, &QueueItem::id);
    return found == m_items.end() ? -1 : static_cast<int>(found - m_items.begin());
}

RunQueue::State RunQueue::state() const
{
    const auto run = m_run->state();
    if (m_current != 0 && run == RunController::State::Stopping)
        return State::Stopping;
    if (m_isHeld)
        return m_current != 0 && run != RunController::State::Paused ? State::Pausing : State::Paused;
    if (m_current != 0)
        return State::Running;
    // Between two runs it is on its way to the next.
    return !m_isOn ? State::Off : m_isBlocked ? State::Blocked : State::Running;
}

QString RunQueue::busyReason() const
{
    const auto* item = current();
    return item ? tr("The queue runs “%1”: wait for it, or cancel it on the Queue page").arg(nameOf(*item))
                : QString();
}

bool RunQueue::hasWaiting() const
{
    return std::ranges::find(m_items, ItemState::Waiting, &QueueItem::state) != m_items.end();
}

QString RunQueue::loadProblem() const
{
    return m_store->problem();
}

QList<RunQueue::Id> RunQueue::add(const std::vector<Recipe>& recipes, int row)
{
    QList<Id> ids;
    auto place =
        row < 0 ? m_items.end() : m_items.begin() + std::min<std::ptrdiff_t>(row, std::ssize(m_items));
    for (const auto& recipe : recipes) {
        QueueItem added;
        added.id = nextId();
        added.recipe = recipe;
        ids.append(added.id);
        place = std::next(m_items.insert(place, std::move(added)));
    }
    changeList();
    return ids;
}

RunQueue::Id RunQueue::addBranch(const Recipe& recipe, const RunOrigin& origin)
{
    QueueItem added;
    added.id = nextId();
    added.recipe = recipe;
    added.origin = origin;
    m_items.push_back(std::move(added));
    changeList();
    return m_items.back().id;
}

void RunQueue::edit(Id id, const Recipe& recipe)
{
    auto* edited = item(id);
    if (!edited || !edited->canEdit())
        return;
    edited->recipe = recipe;
    edited->state = ItemState::Waiting;
    edited->problem.clear();
    changeList(); // What the others differ in may be something else now.
}

void RunQueue::move(const QList<Id>& ids, int row)
{
    const auto isMoved = [&ids](const QueueItem& each) { return ids.contains(each.id); };
    const auto target = m_items.begin() + std::clamp<std::ptrdiff_t>(row, 0, std::ssize(m_items));
    std::stable_partition(m_items.begin(), target, [&](const QueueItem& each) { return !isMoved(each); });
    std::stable_partition(target, m_items.end(), isMoved);
    changeList();
}

void RunQueue::shift(const QList<Id>& ids, int by)
{
    const auto pass = [&ids](auto first, auto last) {
        // From the end that is moved towards: what stands there already stays.
        for (auto each = first; each != last; ++each) {
            const auto next = std::next(each);
            if (next != last && !ids.contains(each->id) && ids.contains(next->id))
                std::iter_swap(each, next);
        }
    };
    if (by < 0)
        pass(m_items.begin(), m_items.end());
    else
        pass(m_items.rbegin(), m_items.rend());
    changeList();
}

void RunQueue::remove(const QList<Id>& ids)
{
    const auto isRemoved = [this, &ids](const QueueItem& each) {
        return each.id != m_current && ids.contains(each.id);
    };
    if (std::erase_if(m_items, isRemoved) == 0)
        return;
    changeList();
    goOn(); // Perhaps nothing is left to wait for.
}

void RunQueue::resumeItems(const QList<Id>& ids)
{
    for (auto& each : m_items) {
        if (!ids.contains(each.id) || !each.canResume())
            continue;
        each.state = ItemState::Waiting;
        each.problem.clear();
        changeItem(each.id);
    }
    Q_EMIT stateChanged();
}

void RunQueue::clearFinished()
{
    const auto isFinished = [](const QueueItem& each) { return each.state == ItemState::Finished; };
    if (std::erase_if(m_items, isFinished) > 0)
        changeList();
}

void RunQueue::start()
{
    if (!hasWaiting())
        return;
    m_isOn = true;
    m_isHeld = false;
    goOn();
    Q_EMIT stateChanged();
}

void RunQueue::pause()
{
    if (state() == State::Off)
        return;
    m_isHeld = true;
    m_run->pause();
    Q_EMIT stateChanged();
}

void RunQueue::resume()
{
    m_isHeld = false;
    if (m_current != 0)
        m_run->resume();
    goOn();
    Q_EMIT stateChanged();
}

void RunQueue::cancelCurrent()
{
    m_run->stop();
    Q_EMIT stateChanged();
}

void RunQueue::leave()
{
    m_isOn = false;
    m_isHeld = false;
    m_isLeaving = m_current != 0;
    m_run->stop();
    Q_EMIT stateChanged();
}

void RunQueue::setBlocked(bool isBlocked)
{
    if (std::exchange(m_isBlocked, isBlocked) == isBlocked)
        return;
    goOn();
    Q_EMIT stateChanged();
}

void RunQueue::goOn()
{
    if (m_current != 0 || !m_isOn)
        return;
    const auto next = std::ranges::find(m_items, ItemState::Waiting, &QueueItem::state);
    if (next == m_items.end()) {
        m_isOn = false;
        m_isHeld = false;
        Q_EMIT stateChanged();
        Q_EMIT ranOut();
    } else if (!m_isHeld && !m_isBlocked) {
        begin(*next);
    }
}

void RunQueue::begin(QueueItem& next)
{
    m_current = next.id;
    next.state = ItemState::Running;
    auto origin = next.origin;
    if (!next.session.isEmpty())
        origin = RunOrigin{.kind = RunOrigin::Kind::Resume, .folder = next.session.toStdString()};
    m_run->start(Recipe(next.recipe), origin);
    changeItem(m_current);
}

void RunQueue::connectRun()
{
    connect(m_run, &RunController::stateChanged, this, &RunQueue::follow);
    connect(m_run, &RunController::started, this, &RunQueue::noteStart);
    connect(m_run, &RunController::paused, this, [this](Step, const QString& reason) { notePause(reason); });
    connect(m_run, &RunController::resumed, this, [this] {
        if (auto* each = running()) {
            each->state = ItemState::Running;
            each->problem.clear();
            changeItem(each->id);
        }
    });
    connect(m_run, &RunController::ended, this,
            [this](const std::shared_ptr<const Session>& session) { takeOutcome(*session); });
    connect(m_run, &RunController::failed, this, [this](const QString& why) { end(ItemState::Failed, why); });
    connect(m_run, &RunController::logged, this, &RunQueue::logged);
}

void RunQueue::connectFacts()
{
    connect(m_run, &RunController::metricsArrived, this,
            [this](const std::vector<MetricPoint>& points, const RunProgress& progress) {
                auto* each = running();
                if (!each)
                    return;
                each->progress = progress;
                each->seconds = points.back().seconds;
                if (!m_tell.isActive())
                    m_tell.start();
            });
    connect(m_run, &RunController::epochDone, this, &RunQueue::noteEpoch);
}

/// A run that was cancelled before its first step ends without a word of its own.
void RunQueue::follow(RunController::State state)
{
    Q_EMIT stateChanged();
    if (m_current == 0 || m_run->isActive() || state == RunController::State::Ended)
        return;
    // After failed(), which comes next where it does.
    QMetaObject::invokeMethod(
        this,
        [this, id = m_current] {
            if (m_current == id && !m_run->isActive())
                end(ItemState::Stopped, {});
        },
        Qt::QueuedConnection);
}

void RunQueue::noteStart(const QString& folder)
{
    auto* each = running();
    if (!each)
        return;
    each->session = folder;
    changeItem(each->id);
}

void RunQueue::noteEpoch(const EpochRecord& epoch)
{
    auto* each = running();
    if (!each)
        return;
    if (epoch.validation && isBetter(*epoch.validation, *each)) {
        const auto& scores = *epoch.validation;
        each->bestEpoch = epoch.epoch;
        each->bestAccuracy = std::isfinite(scores.accuracy) ? std::optional(scores.accuracy) : std::nullopt;
        each->bestLoss = std::isfinite(scores.loss) ? std::optional(scores.loss) : std::nullopt;
    }
    changeItem(each->id);
}

/// By the user, or, with a reason, by a disk that is waited for.
void RunQueue::notePause(const QString& reason)
{
    auto* each = running();
    if (!each)
        return;
    each->state = ItemState::Paused;
    each->problem = reason;
    changeItem(each->id);
    if (!reason.isEmpty())
        Q_EMIT problemOccurred(tr("The queue waits: %1").arg(reason));
}

void RunQueue::takeOutcome(const Session& session)
{
    auto* each = running();
    if (!each)
        return;
    const auto& summary = session.summary;
    each->seconds = summary.seconds;
    if (summary.bestEpoch > 0) {
        each->bestEpoch = summary.bestEpoch;
        each->bestAccuracy = summary.bestAccuracy();
        if (std::isfinite(summary.bestValidationLoss))
            each->bestLoss = summary.bestValidationLoss;
    }
    if (session.state == SessionState::Finished)
        end(ItemState::Finished, {});
    else if (session.state == SessionState::Failed)
        end(ItemState::Failed, QString::fromStdString(session.error));
    else
        end(ItemState::Stopped, {});
}

void RunQueue::end(QueueItem::State state, const QString& problem)
{
    auto* each = running();
    if (!each)
        return;
    const bool isLeft = std::exchange(m_isLeaving, false) && state == ItemState::Stopped;
    each->state = !isLeft ? state : each->session.isEmpty() ? ItemState::Waiting : ItemState::Interrupted;
    each->problem = problem;
    const Id id = std::exchange(m_current, 0);
    m_tell.stop();
    changeItem(id);
    Q_EMIT itemEnded(id);
    // Not from within what the run is saying just now.
    QMetaObject::invokeMethod(
        this,
        [this] {
            goOn();
            Q_EMIT stateChanged();
        },
        Qt::QueuedConnection);
    Q_EMIT stateChanged();
}

void RunQueue::save()
{
    m_store->save(m_items);
}

void RunQueue::changeList()
{
    save();
    Q_EMIT listChanged();
    Q_EMIT stateChanged();
}

void RunQueue::changeItem(Id id)
{
    save();
    Q_EMIT itemChanged(id);
}

} // namespace frostline
