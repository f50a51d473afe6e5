#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/error.h"

namespace frostline {

/// Does a run's writing on a thread of its own, one job after another, so that no step waits for a disk.
/// A job that fails stays first until it is tried again: nothing is left out. All functions are thread-safe.
class BackgroundWriter {
public:
    using Job = std::function<Status()>;

    BackgroundWriter();
    ~BackgroundWriter(); ///< Does what waits, unless a job has failed.

    /// Waits where more than a few dozen jobs wait: memory must not grow for ever behind a slow disk.
    void post(Job job);
    /// Why the first job failed; nothing while all is well.
    std::optional<Error> problem() const;
    bool isIdle() const;
    /// Tries the job that failed once more, and waits for what comes of it and of those behind it.
    std::optional<Error> retry();
    /// Waits until all is done, or a job has failed.
    std::optional<Error> drain();
    /// Forgets what waits, a failed job included.
    void clear();

private:
    void work(const std::stop_token& stop);
    std::optional<Error> settled(std::unique_lock<std::mutex>& lock);

    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<Job> m_jobs;
    std::optional<Error> m_problem;
    bool m_isBusy = false;
    std::jthread m_thread; ///< Last: everything else is there before it runs.
};

} // namespace frostline
