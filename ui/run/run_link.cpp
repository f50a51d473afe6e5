#include "run/run_link.h"

#include <utility>

namespace frostline {

void RunLink::attach(Run& run)
{
    const std::lock_guard lock(m_mutex);
    m_run = &run;
    for (auto& change : std::exchange(m_waitingChanges, {}))
        run.request(std::move(change));
    switch (std::exchange(m_waitingTransport, Transport::None)) {
    case Transport::Pause:
        run.requestPause();
        break;
    case Transport::SingleStep:
        run.requestSingleStep();
        break;
    case Transport::None:
        break;
    }
}

void RunLink::detach()
{
    const std::lock_guard lock(m_mutex);
    m_run = nullptr;
}

void RunLink::reset()
{
    const std::lock_guard lock(m_mutex);
    m_waitingChanges.clear();
    m_waitingTransport = Transport::None;
    m_progress = {};
    m_mailbox.take();
}

void RunLink::request(const Change& change)
{
    const std::lock_guard lock(m_mutex);
    if (m_run)
        m_run->request(change);
    else
        m_waitingChanges.push_back(change);
}

void RunLink::requestPause()
{
    const std::lock_guard lock(m_mutex);
    if (m_run)
        m_run->requestPause();
    else
        m_waitingTransport = Transport::Pause;
}

void RunLink::requestResume()
{
    const std::lock_guard lock(m_mutex);
    if (m_run)
        m_run->requestResume();
    else
        m_waitingTransport = Transport::None;
}

void RunLink::requestSingleStep()
{
    const std::lock_guard lock(m_mutex);
    if (m_run)
        m_run->requestSingleStep();
    else
        m_waitingTransport = Transport::SingleStep;
}

void RunLink::post(const MetricPoint& point, const RunProgress& progress)
{
    m_mailbox.post(point);
    setProgress(progress);
}

void RunLink::setProgress(const RunProgress& progress)
{
    const std::lock_guard lock(m_mutex);
    m_progress = progress;
}

RunProgress RunLink::progress() const
{
    const std::lock_guard lock(m_mutex);
    return m_progress;
}

} // namespace frostline
