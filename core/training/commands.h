#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "training/intervention.h"

namespace frostline {

/// What the user asks of a running run, handed over between two steps. All functions are thread-safe.
class Commands {
public:
    struct Request {
        Change change;
        std::string at; ///< When it was asked for, ISO 8601 UTC.
    };

    void request(Change change);
    void pause();
    void resume();
    /// Lets one step through a pause.
    void singleStep();

    /// All changes asked for since the last call.
    std::vector<Request> takeRequests();
    /// Whether the run shall wait before the next step. A single step that was asked for is used up by this.
    bool shallPause();
    /// Sleeps until something was asked for, or the run is to stop.
    void waitForCommand(const std::stop_token& stop);

private:
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::vector<Request> m_requests;
    bool m_paused = false;
    int m_singleSteps = 0;
    bool m_news = false;
};

} // namespace frostline
