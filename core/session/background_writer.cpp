#include "session/background_writer.h"

namespace frostline {

namespace {

constexpr std::size_t kMostWaiting = 64;

} // namespace

BackgroundWriter::BackgroundWriter() : m_thread([this](const std::stop_token& stop) { work(stop); }) {}

BackgroundWriter::~BackgroundWriter()
{
    drain();
    m_thread.request_stop();
    m_changed.notify_all();
}

void BackgroundWriter::post(Job job)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_jobs.size() < kMostWaiting || m_problem; });
    m_jobs.push_back(std::move(job));
    m_changed.notify_all();
}

std::optional<Error> BackgroundWriter::problem() const
{
    const std::scoped_lock lock(m_mutex);
    return m_problem;
}

bool BackgroundWriter::isIdle() const
{
    const std::scoped_lock lock(m_mutex);
    return m_jobs.empty() && !m_isBusy;
}

std::optional<Error> BackgroundWriter::settled(std::unique_lock<std::mutex>& lock)
{
    m_changed.wait(lock, [this] { return (m_jobs.empty() && !m_isBusy) || m_problem; });
    return m_problem;
}

std::optional<Error> BackgroundWriter::retry()
{
    std::unique_lock lock(m_mutex);
    m_problem.reset();
    m_changed.notify_all();
    return settled(lock);
}

std::optional<Error> BackgroundWriter::drain()
{
    std::unique_lock lock(m_mutex);
    return settled(lock);
}

void BackgroundWriter::clear()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_isBusy; });
    m_jobs.clear();
    m_problem.reset();
}

void BackgroundWriter::work(const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    while (m_changed.wait(lock, stop, [this] { return !m_jobs.empty() && !m_problem; })) {
        const auto& job = m_jobs.front();
        m_isBusy = true;
        lock.unlock();
        auto done = job();
        lock.lock();
        m_isBusy = false;
        if (done)
            m_jobs.pop_front();
        else
            m_problem = done.error();
        m_changed.notify_all();
    }
}

} // namespace frostline
