#include "run/run_worker.h"

#include <utility>

namespace frostline {

namespace {

QString textOf(const Error& error)
{
    return QString::fromStdString(error.message);
}

bool sameSource(const Recipe& first, const Recipe& second)
{
    return first.data == second.data && first.model == second.model && first.folder == second.folder;
}

} // namespace

RunWorker::RunWorker(std::shared_ptr<RunLink> link, RunOptions options)
    : m_link(std::move(link)),
      m_options(std::move(options))
{
    m_options.log = [this](LogLevel level, const std::string& text) {
        Q_EMIT logged(level == LogLevel::Warning, QString::fromStdString(text));
    };
}

void RunWorker::prepare(const Recipe& recipe, std::uint64_t ticket)
{
    if (!m_link->isCurrent(ticket))
        return;
    m_run.reset();
    if (const auto ready = makeReady(recipe); !ready) {
        Q_EMIT prepareFailed(textOf(ready.error()), ticket);
        return;
    }
    if (!m_link->isCurrent(ticket))
        return;
    announce(ticket);
    estimate(recipe, ticket);
}

void RunWorker::estimate(const Recipe& recipe, std::uint64_t ticket)
{
    if (!m_link->isCurrent(ticket))
        return;
    if (const auto ready = makeReady(recipe); !ready) {
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

void RunWorker::execute(const Recipe& recipe, const std::stop_token& stop)
{
    if (const auto ready = makeReady(recipe); !ready) {
        Q_EMIT executeFailed(textOf(ready.error()));
        return;
    }
    if (!m_previewed || !sameSource(*m_previewed, recipe))
        announce(0);
    if (stop.stop_requested()) {
        Q_EMIT cancelled();
        return;
    }
    m_link->attach(*m_run);
    auto session = m_run->execute(*this, stop, true);
    m_link->detach();
    m_run.reset();
    if (session)
        Q_EMIT ended(std::make_shared<const Session>(std::move(*session)));
    else
        Q_EMIT executeFailed(textOf(session.error()));
}

Status RunWorker::makeReady(const Recipe& recipe)
{
    if (m_run && m_recipe == recipe)
        return {};
    m_run.reset();
    auto run = Run::prepare(recipe, m_options);
    if (!run)
        return tl::unexpected(run.error());
    m_run = std::move(*run);
    m_recipe = recipe;
    return {};
}

void RunWorker::announce(std::uint64_t ticket)
{
    m_previewed = m_recipe;
    Q_EMIT prepared(m_run->layers(), m_run->data(), m_run->environment(), ticket);
}

void RunWorker::onStarted(const std::filesystem::path& sessionFolder, const LayerTable& layers)
{
    Q_EMIT started(QString::fromStdString(sessionFolder.string()), layers);
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

void RunWorker::onPaused(Step step, const std::string& reason)
{
    Q_EMIT paused(step, QString::fromStdString(reason));
}

void RunWorker::onResumed(Step step)
{
    Q_EMIT resumed(step);
}

} // namespace frostline
