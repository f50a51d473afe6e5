#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "training/intervention.h"
#include "training/metric_mailbox.h"
#include "training/run.h"

namespace frostline {

/// What the GUI thread and the worker share: commands go in, points and progress come out.
/// All functions are thread-safe. What is asked for before the run exists is kept for it.
class RunLink {
public:
    /// Passes on what waits. The worker keeps the run alive until detach().
    void attach(Run& run);
    void detach();
    /// Forgets what was asked for and posted; before a new run.
    void reset();

    void request(const Change& change);
    void requestPause();
    void requestResume();
    void requestSingleStep();

    void post(const MetricPoint& point, const RunProgress& progress);
    void setProgress(const RunProgress& progress);
    RunProgress progress() const;
    std::vector<MetricPoint> takePoints() { return m_mailbox.take(); }

    /// Work that carries an older ticket than the newest is not wanted any more.
    std::uint64_t newTicket() { return ++m_ticket; }
    bool isCurrent(std::uint64_t ticket) const { return m_ticket == ticket; }

private:
    enum class Transport { None, Pause, SingleStep };

    mutable std::mutex m_mutex;
    Run* m_run = nullptr;
    std::vector<Change> m_waitingChanges;
    Transport m_waitingTransport = Transport::None;
    RunProgress m_progress;
    MetricMailbox m_mailbox{65536};
    std::atomic<std::uint64_t> m_ticket = 0;
};

} // namespace frostline
