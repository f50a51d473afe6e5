#include "run/run_controller.h"

#include <chrono>
#include <utility>

#include "base/machine.h"
#include "run/run_worker.h"

namespace frostline {

namespace {

constexpr std::chrono::milliseconds kDisplayTick{33};

} // namespace

RunController::RunController(const RunOptions& options, QObject* parent)
    : QObject(parent),
      m_link(std::make_shared<RunLink>()),
      m_worker(new RunWorker(m_link, options))
{
    m_thread.setObjectName(QStringLiteral("run"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_tick.setInterval(kDisplayTick);
    connect(&m_tick, &QTimer::timeout, this, &RunController::deliverPoints);
    connectPreparation();
    connectTransport();
    connectFacts();
    connectTests();
    connectProbe();
    connect(&m_thread, &QThread::started, m_worker, [] { letOthersGoFirst(); });
    m_thread.start();
}

RunController::~RunController()
{
    m_link->newTicket();
    m_stop.request_stop();
    m_probeStop.request_stop();
    m_thread.quit();
    m_thread.wait();
}

bool RunController::isActive() const
{
    return m_state == State::Starting || m_state == State::Running || m_state == State::Pausing ||
           m_state == State::Paused || m_state == State::Stopping;
}

void RunController::load(const Recipe& recipe, const std::optional<RunOrigin>& origin)
{
    if (isActive())
        return;
    leaveAside();
    stopProbe();
    m_hasPreview = false;
    setState(State::Preparing);
    const auto ticket = m_link->newTicket();
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, plan = RunPlan{recipe, origin}, ticket,
                                         measures = m_measures] { worker->prepare(plan, ticket, measures); });
}

void RunController::estimate(const Recipe& recipe, const std::optional<RunOrigin>& origin)
{
    // A load that is going on measures at its end; a run that is going on measures itself.
    if (!m_measures || isActive() || m_state == State::Preparing || m_state == State::Replaying)
        return;
    const auto ticket = m_link->newTicket();
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, plan = RunPlan{recipe, origin}, ticket] {
        worker->estimate(plan, ticket);
    });
}

void RunController::start(const Recipe& recipe, const std::optional<RunOrigin>& origin)
{
    if (isActive())
        return;
    leaveAside();
    stopProbe();
    m_link->newTicket();
    m_link->reset();
    if (m_stepsFirst)
        m_link->requestSingleStep();
    m_stop = {};
    setState(State::Starting);
    QMetaObject::invokeMethod(m_worker,
                              [worker = m_worker, plan = RunPlan{recipe, origin}, token = m_stop.get_token(),
                               pauses = m_pausesOnFailure] { worker->execute(plan, token, pauses); });
}

void RunController::pause()
{
    if (m_state == State::Starting || m_state == State::Running)
        m_link->requestPause();
    if (m_state == State::Running)
        setState(State::Pausing);
}

void RunController::resume()
{
    if (m_state == State::Starting || m_state == State::Pausing || m_state == State::Paused)
        m_link->requestResume();
    if (m_state == State::Pausing)
        setState(State::Running);
}

void RunController::singleStep()
{
    if (isActive() && m_state != State::Stopping)
        m_link->requestSingleStep();
}

void RunController::replay(const QString& sessionFolder)
{
    if (isActive() || m_state == State::Replaying)
        return;
    leaveAside();
    stopProbe();
    m_link->newTicket(); // A preview that is still being prepared is not wanted any more.
    m_beforeAside = m_hasPreview ? State::Ready : State::Empty;
    m_stop = {};
    setState(State::Replaying);
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, sessionFolder, token = m_stop.get_token()] {
        worker->replay(sessionFolder, token);
    });
}

void RunController::testRange(const Recipe& recipe, const std::optional<RunOrigin>& origin,
                              const RangeTestOptions& options)
{
    if (isActive() || isAside() || m_state == State::Preparing)
        return;
    stopProbe();
    m_beforeAside = m_state;
    m_stop = {};
    setState(State::Testing);
    QMetaObject::invokeMethod(m_worker,
                              [worker = m_worker, plan = RunPlan{recipe, origin}, options,
                               token = m_stop.get_token()] { worker->testRange(plan, options, token); });
}

void RunController::probe(const Recipe& recipe)
{
    if (isActive() || isAside() || m_state == State::Preparing)
        return;
    stopProbe();
    m_isProbing = true;
    m_probeStop = {};
    QMetaObject::invokeMethod(m_worker, [worker = m_worker, plan = RunPlan{recipe, {}},
                                         token = m_probeStop.get_token()] { worker->probe(plan, token); });
}

void RunController::stopProbe()
{
    if (!std::exchange(m_isProbing, false))
        return;
    m_probeStop.request_stop();
    Q_EMIT probed(nullptr);
}

void RunController::stop()
{
    if (isAside())
        m_stop.request_stop();
    if (!isActive())
        return;
    setState(State::Stopping);
    m_stop.request_stop();
}

void RunController::request(const std::vector<Change>& changes)
{
    if (!isActive())
        return;
    for (const auto& change : changes)
        m_link->request(change);
}

void RunController::connectPreparation()
{
    connect(m_worker, &RunWorker::prepared, this,
            [this](const LayerTable& layers, const std::shared_ptr<const DataSplits>& data,
                   const SessionEnvironment& environment, quint64 ticket) {
                if (!isActive() && !m_link->isCurrent(ticket))
                    return;
                m_hasPreview = true;
                if (m_state == State::Preparing)
                    setState(State::Ready);
                Q_EMIT prepared(layers, data, environment);
            });
    connect(m_worker, &RunWorker::prepareFailed, this, [this](const QString& why, quint64 ticket) {
        if (!m_link->isCurrent(ticket))
            return;
        setState(State::Empty);
        Q_EMIT failed(why);
    });
    connect(m_worker, &RunWorker::costEstimated, this, [this](const CostReport& cost, quint64 ticket) {
        if (m_link->isCurrent(ticket))
            Q_EMIT costEstimated(cost);
    });
    connect(m_worker, &RunWorker::estimateFailed, this, [this](const QString& why, quint64 ticket) {
        if (m_link->isCurrent(ticket))
            Q_EMIT estimateFailed(why);
    });
}

void RunController::connectTransport()
{
    connect(m_worker, &RunWorker::recomputing, this, &RunController::recomputing);
    connect(m_worker, &RunWorker::started, this, [this](const QString& folder, const LayerTable& layers) {
        m_sessionFolder = folder;
        if (m_state == State::Starting)
            setState(State::Running);
        m_tick.start();
        Q_EMIT started(folder, layers);
    });
    connect(m_worker, &RunWorker::paused, this, [this](Step step, const QString& reason) {
        m_tick.stop();
        deliverPoints();
        if (m_state != State::Stopping)
            setState(State::Paused);
        Q_EMIT paused(step, reason);
    });
    connect(m_worker, &RunWorker::resumed, this, [this](Step step) {
        m_tick.start();
        if (m_state != State::Stopping)
            setState(State::Running);
        Q_EMIT resumed(step);
    });
    connect(m_worker, &RunWorker::ended, this, [this](const std::shared_ptr<const Session>& session) {
        leaveRun(State::Ended);
        Q_EMIT ended(session);
    });
    connect(m_worker, &RunWorker::executeFailed, this, [this](const QString& why) {
        leaveRun(m_hasPreview ? State::Ready : State::Empty);
        Q_EMIT failed(why);
    });
    connect(m_worker, &RunWorker::cancelled, this,
            [this] { leaveRun(m_hasPreview ? State::Ready : State::Empty); });
}

void RunController::connectFacts()
{
    // Points first: what is told about a step stands behind the curve up to it.
    connect(m_worker, &RunWorker::epochDone, this, [this](const EpochRecord& epoch) {
        deliverPoints();
        Q_EMIT epochDone(epoch);
    });
    connect(m_worker, &RunWorker::validating, this, [this](const RunProgress& progress) {
        deliverPoints();
        Q_EMIT validating(progress);
    });
    connect(m_worker, &RunWorker::interventionApplied, this,
            [this](const Intervention& intervention, const LayerTable& layers) {
                deliverPoints();
                Q_EMIT interventionApplied(intervention, layers);
            });
    connect(m_worker, &RunWorker::changeRefused, this, &RunController::changeRefused);
    connect(m_worker, &RunWorker::costMeasured, this, &RunController::costMeasured);
    connect(m_worker, &RunWorker::layersMeasured, this, &RunController::layersMeasured);
    connect(m_worker, &RunWorker::logged, this, &RunController::logged);
}

void RunController::connectTests()
{
    connect(m_worker, &RunWorker::replaying, this, [this](const RunProgress& progress) {
        if (m_state == State::Replaying)
            Q_EMIT replaying(progress);
    });
    connect(m_worker, &RunWorker::replayed, this, [this](const auto& report) {
        if (m_state != State::Replaying)
            return;
        setState(m_beforeAside);
        Q_EMIT replayed(report);
    });
    connect(m_worker, &RunWorker::rangePointsArrived, this, [this](const std::vector<RangePoint>& points) {
        if (m_state == State::Testing)
            Q_EMIT rangePointsArrived(points);
    });
    connect(m_worker, &RunWorker::rangeTested, this, [this](const auto& test) {
        if (m_state != State::Testing)
            return;
        setState(m_beforeAside);
        Q_EMIT rangeTested(test);
    });
}

void RunController::connectProbe()
{
    connect(m_worker, &RunWorker::probing, this, [this](int done, int all, const std::stop_token& stop) {
        if (m_isProbing && stop == m_probeStop.get_token())
            Q_EMIT probing(done, all);
    });
    connect(m_worker, &RunWorker::probed, this, [this](const auto& found, const std::stop_token& stop) {
        if (!m_isProbing || stop != m_probeStop.get_token())
            return;
        m_isProbing = false;
        Q_EMIT probed(found);
    });
}

void RunController::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void RunController::deliverPoints()
{
    auto points = m_link->takePoints();
    if (!points.empty())
        Q_EMIT metricsArrived(points, m_link->progress());
}

/// Something else is wanted: what it would say is not heard any more.
void RunController::leaveAside()
{
    if (!isAside())
        return;
    m_stop.request_stop();
    setState(m_beforeAside);
}

void RunController::leaveRun(State state)
{
    m_tick.stop();
    deliverPoints();
    setState(state);
}

} // namespace frostline
