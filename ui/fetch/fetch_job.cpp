#include "fetch/fetch_job.h"

#include <utility>

namespace frostline {

namespace {

constexpr int kTickMilliseconds = 100;

} // namespace

FetchJob::FetchJob(QObject* parent) : QObject(parent)
{
    m_tick.setInterval(kTickMilliseconds);
    connect(&m_tick, &QTimer::timeout, this, &FetchJob::tell);
}

FetchJob::~FetchJob()
{
    m_thread = {};
}

void FetchJob::start(const CatalogEntry& entry, const FetchOptions& options)
{
    m_thread = {};
    m_isRunning = true;
    m_latest.reset();
    m_tick.start();
    m_thread =
        std::jthread([this, entry, options](const std::stop_token& stop) { run(entry, options, stop); });
}

void FetchJob::stop()
{
    m_thread.request_stop();
}

void FetchJob::run(const CatalogEntry& entry, const FetchOptions& options, const std::stop_token& stop)
{
    const auto keep = [this](const FetchProgress& progress) {
        const std::lock_guard guard(m_mutex);
        m_latest = progress;
    };
    auto result = fetch(entry, options, keep, stop);
    QMetaObject::invokeMethod(
        this, [this, result = std::move(result)] { finish(result); }, Qt::QueuedConnection);
}

void FetchJob::tell()
{
    std::optional<FetchProgress> latest;
    {
        const std::lock_guard guard(m_mutex);
        latest = std::exchange(m_latest, std::nullopt);
    }
    if (latest)
        Q_EMIT progressed(*latest);
}

void FetchJob::finish(const Result<FetchResult>& result)
{
    m_tick.stop();
    tell();
    m_isRunning = false;
    if (result)
        Q_EMIT ended(*result);
    else
        Q_EMIT failed(QString::fromStdString(result.error().message));
}

} // namespace frostline
