#include "training/commands.h"

#include <utility>

#include "base/clock.h"

namespace frostline {

void Commands::request(Change change)
{
    const std::lock_guard lock(m_mutex);
    m_requests.push_back({std::move(change), timestamp()});
    m_news = true;
    m_wake.notify_all();
}

void Commands::pause()
{
    const std::lock_guard lock(m_mutex);
    m_paused = true;
    m_singleSteps = 0;
}

void Commands::resume()
{
    const std::lock_guard lock(m_mutex);
    m_paused = false;
    m_singleSteps = 0;
    m_news = true;
    m_wake.notify_all();
}

void Commands::singleStep()
{
    const std::lock_guard lock(m_mutex);
    m_paused = true;
    ++m_singleSteps;
    m_news = true;
    m_wake.notify_all();
}

std::vector<Commands::Request> Commands::takeRequests()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_requests, {});
}

bool Commands::shallPause()
{
    const std::lock_guard lock(m_mutex);
    if (m_paused && m_singleSteps > 0) {
        --m_singleSteps;
        return false;
    }
    return m_paused;
}

void Commands::waitForCommand(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    m_wake.wait(lock, stop, [this] { return m_news; });
    m_news = false;
}

} // namespace frostline
