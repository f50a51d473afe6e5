#include "run/run_worker.h"

#include <chrono>
#include <utility>

namespace frostline {

namespace {

constexpr std::chrono::milliseconds kProgressPause{50}; ///< Between two words of it.

QString textOf(const Error& error)
{
    return QString::fromStdString(error.message);
}

/// Whether a preview of one is one of the other: the images, the layers, and how it computes.
bool sameSource(const Recipe& first, const Recipe& second)
{
    return first.data == second.data && first.model == second.model && first.folder == second.folder &&
           first.compute == second.compute;
}

} // namespace

RunWorker::RunWorker(std::shared_ptr<RunLink> link, RunOptions options)
    : m_link(std::move(link)),
      m_options(std::move(options))
{
    m_options.log = [this](LogLevel level, const std::string& text) {
        Q_EMIT logged(level == LogLevel::Warning, QString::fromStdString(text));
    };
    m_options.featureCache = makeFeatureCache(m_options.features);
}

void RunWorker::prepare(const RunPlan& plan, std::uint64_t ticket, bool measures)
{
    if (!m_link->isCurrent(ticket))
        return;
    m_run.reset();
    if (const auto ready = makeReady(plan); !ready) {
        Q_EMIT prepareFailed(textOf(ready.error()), ticket);
        return;
    }
    if (!m_link->isCurrent(ticket))
        return;
    announce(ticket);
    if (measures)
        estimate(plan, ticket);
}

void RunWorker::estimate(const RunPlan& plan, std::uint64_t ticket)
{
    if (!m_link->isCurrent(ticket))
        return;
    if (const auto ready = makeReady(plan); !ready) {
        Q_EMIT estimateFailed(textOf(ready.error()), ticket);
        return;
    }
    if (!m_link->isCurrent(ticket))
        return;
    if (const auto cost = m_run->estimateCost())
        Q_EMIT costEstimated(*cost, ticket);
    else
        Q_EMIT estimateFailed(textOf(cost.error()), ticket);
}

void RunWorker::execute(const RunPlan& plan, const std::stop_token& stop, bool pausesOnFailure)
{
    if (const auto ready = makeReady(plan); !ready) {
        Q_EMIT executeFailed(textOf(ready.error()));
        return;
    }
    // A session that is resumed was never previewed: it is shown as it was saved until it runs.
    const bool isResumed = plan.origin && plan.origin->kind == RunOrigin::Kind::Resume;
    if (isResumed || !m_previewed || !sameSource(*m_previewed, plan.recipe))
        announce(0);
    if (stop.stop_requested()) {
        Q_EMIT cancelled();
        return;
    }
    m_link->setProgress(m_run->progress());
    m_sinceProgress.invalidate();
    m_hasStarted = false;
    m_link->attach(*m_run);
    auto session = m_run->execute(*this, stop, pausesOnFailure);
    m_link->detach();
    m_run.reset();
    if (session)
        Q_EMIT ended(std::make_shared<const Session>(std::move(*session)));
    else if (stop.stop_requested() && !m_hasStarted)
        Q_EMIT cancelled(); // On the way back to where it would have gone on.
    else
        Q_EMIT executeFailed(textOf(session.error()));
}

void RunWorker::replay(const QString& sessionFolder, const std::stop_token& stop)
{
    // What is prepared would go on with the number of threads that the replay takes.
    m_run.reset();
    m_sinceProgress.invalidate();
    auto report =
        frostline::replay(sessionFolder.toStdString(), m_options, stop, [this](const RunProgress& progress) {
            if (isTimeToTell())
                Q_EMIT replaying(progress);
        });
    Q_EMIT replayed(std::make_shared<const Result<ReplayReport>>(std::move(report)));
}

void RunWorker::testRange(const RunPlan& plan, const RangeTestOptions& options, const std::stop_token& stop)
{
    m_sinceProgress.invalidate();
    std::vector<RangePoint> points; // Not told yet.
    const auto tell = [this, &points](const RangePoint& point) {
        points.push_back(point);
        if (isTimeToTell())
            Q_EMIT rangePointsArrived(std::exchange(points, {}));
    };
    auto test = makeReady(plan).and_then([&] { return m_run->testRange(options, tell, stop); });
    if (!test)
        m_run.reset();
    Q_EMIT rangeTested(std::make_shared<const Result<RangeTest>>(std::move(test)));
}

void RunWorker::probe(const RunPlan& plan, const std::stop_token& stop)
{
    if (stop.stop_requested())
        return;
    auto found = makeReady(plan).and_then(
        [&] { return m_run->probe([&](int done, int all) { Q_EMIT probing(done, all, stop); }, stop); });
    if (!stop.stop_requested())
        Q_EMIT probed(std::make_shared<const Result<AdviceProbe>>(std::move(found)), stop);
}

bool RunWorker::isTimeToTell()
{
    if (m_sinceProgress.isValid() && !m_sinceProgress.hasExpired(kProgressPause.count()))
        return false;
    m_sinceProgress.start();
    return true;
}

Status RunWorker::makeReady(const RunPlan& plan)
{
    if (m_run && m_plan == plan)
        return {};
    m_run.reset();
    auto options = m_options;
    options.origin = plan.origin;
    auto run = Run::prepare(plan.recipe, options);
    if (!run)
        return tl::unexpected(run.error());
    m_run = std::move(*run);
    m_plan = plan;
    return {};
}

void RunWorker::announce(std::uint64_t ticket)
{
    m_previewed = m_plan->recipe;
    Q_EMIT prepared(m_run->layers(), m_run->data(), m_run->environment(), ticket);
}

void RunWorker::onStarted(const std::filesystem::path& sessionFolder, const LayerTable& layers)
{
    m_hasStarted = true;
    Q_EMIT started(QString::fromStdString(sessionFolder.string()), layers);
}

void RunWorker::onRecomputing(const RunProgress& progress)
{
    if (isTimeToTell())
        Q_EMIT recomputing(progress);
}

void RunWorker::onStep(const MetricPoint& point, const RunProgress& progress)
{
    m_link->post(point, progress);
}

void RunWorker::onValidating(const RunProgress& progress)
{
    m_link->setProgress(progress);
    Q_EMIT validating(progress);
}

void RunWorker::onEpoch(const EpochRecord& epoch, const RunProgress& progress)
{
    m_link->setProgress(progress);
    Q_EMIT epochDone(epoch);
}

void RunWorker::onIntervention(const Intervention& intervention, const LayerTable& layers)
{
    Q_EMIT interventionApplied(intervention, layers);
}

void RunWorker::onRefused(const Change& change, const Error& why)
{
    Q_EMIT changeRefused(change, textOf(why));
}

void RunWorker::onLayers(const LayerTable& layers)
{
    Q_EMIT layersMeasured(layers);
}

void RunWorker::onCost(const CostReport& cost)
{
    Q_EMIT costMeasured(cost);
}

void RunWorker::onPaused(Step step, const std::string& reason)
{
    Q_EMIT paused(step, QString::fromStdString(reason));
}

void RunWorker::onResumed(Step step)
{
    Q_EMIT resumed(step);
}

} // namespace frostline
