#include "data/batch_preparer.h"

#include <algorithm>
#include <stdexcept>

namespace frostline {

namespace {

constexpr unsigned kMostThreads = 8;

/// Half of the processor's: the rest computes.
unsigned threadCount()
{
    return std::clamp(std::thread::hardware_concurrency() / 2, 1U, kMostThreads);
}

} // namespace

BatchPreparer::BatchPreparer(const SamplePreparer& samples) : m_samples(samples)
{
    for (unsigned i = 0; i < threadCount(); ++i)
        m_threads.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

std::shared_ptr<BatchPreparer::Job> BatchPreparer::jobFor(std::span<const std::int64_t> samples) const
{
    auto job = std::make_shared<Job>();
    job->samples.assign(samples.begin(), samples.end());
    job->images.reset(new std::uint8_t[samples.size() * m_samples.sampleSize()]);
    return job;
}

void BatchPreparer::announce(std::span<const std::int64_t> samples)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_jobs.size() == 1 && std::ranges::equal(m_jobs.front()->samples, samples))
            return;
        m_jobs.clear();
        if (!samples.empty())
            m_jobs.push_back(jobFor(samples));
    }
    m_changed.notify_all();
}

BatchPreparer::Images BatchPreparer::take(std::span<const std::int64_t> samples)
{
    Lock lock(m_mutex);
    auto found = std::ranges::find_if(
        m_jobs, [&](const auto& each) { return std::ranges::equal(each->samples, samples); });
    if (found == m_jobs.end())
        found = m_jobs.insert(m_jobs.begin(), jobFor(samples));
    const auto job = *found;
    m_changed.notify_all();
    while (!job->isBegun())
        workOn(*job, lock, m_scratch);
    m_changed.wait(lock, [&job] { return job->isDone(); });
    std::erase(m_jobs, job);
    if (job->problem)
        std::rethrow_exception(job->problem);
    return job->images;
}

/// What kept an image from being prepared; nothing where it was.
std::exception_ptr BatchPreparer::prepare(Job& job, std::size_t place, SamplePreparer::Scratch& scratch) const
{
    try {
        const auto size = m_samples.sampleSize();
        const std::span image(job.images.get() + place * size, size);
        if (const auto made = m_samples.image(job.samples[place], image, scratch); !made)
            return std::make_exception_ptr(std::runtime_error(made.error().message));
        return {};
    } catch (...) {
        return std::current_exception();
    }
}

/// Prepares the next image; the lock is open meanwhile.
void BatchPreparer::workOn(Job& job, Lock& lock, SamplePreparer::Scratch& scratch)
{
    const auto place = job.begun++;
    lock.unlock();
    const auto problem = prepare(job, place, scratch);
    lock.lock();
    if (problem && (!job.problem || place < job.problemAt)) {
        job.problem = problem;
        job.problemAt = place;
    }
    if (++job.done == job.samples.size())
        m_changed.notify_all();
}

void BatchPreparer::work(const std::stop_token& stop)
{
    SamplePreparer::Scratch scratch;
    const auto next = [this] {
        return std::ranges::find_if(m_jobs, [](const auto& job) { return !job->isBegun(); });
    };
    Lock lock(m_mutex);
    while (!stop.stop_requested() && m_changed.wait(lock, stop, [&] { return next() != m_jobs.end(); })) {
        const auto job = *next(); // Kept alive where it is forgotten meanwhile.
        workOn(*job, lock, scratch);
    }
}

} // namespace frostline
