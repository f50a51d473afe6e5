#pragma once

#include <mutex>
#include <optional>
#include <thread>

#include <QObject>
#include <QTimer>

#include "fetch/fetch.h"

namespace frostline {

/// Gets one entry of the catalogue on a thread of its own. GUI thread; the destructor stops the thread and
/// waits, which takes no longer than the block that is being written.
class FetchJob : public QObject {
    Q_OBJECT
public:
    explicit FetchJob(QObject* parent = nullptr);
    ~FetchJob() override;

    /// One at a time: what runs has to have ended.
    void start(const CatalogEntry& entry, const FetchOptions& options);
    void stop();
    bool isRunning() const { return m_isRunning; }

Q_SIGNALS:
    /// Several times a second.
    void progressed(const frostline::FetchProgress& progress);
    /// Done or stopped.
    void ended(const frostline::FetchResult& result);
    void failed(const QString& message);

private:
    void run(const CatalogEntry& entry, const FetchOptions& options, const std::stop_token& stop);
    void tell();
    void finish(const Result<FetchResult>& result);

    QTimer m_tick;
    bool m_isRunning = false;
    std::mutex m_mutex;
    std::optional<FetchProgress> m_latest; ///< What the thread said last, until it is told.
    std::jthread m_thread;
};

} // namespace frostline
