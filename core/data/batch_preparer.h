#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

#include "data/prepare.h"

namespace frostline {

/// Prepares the images of a batch on several threads, and those of the next one while nobody waits for them.
/// Belongs to the thread that trains.
class BatchPreparer {
public:
    /// Bytes of the images, [N, C, H, W].
    using Images = std::shared_ptr<const std::uint8_t[]>;

    explicit BatchPreparer(const SamplePreparer& samples);

    /// What will be asked for next. Threads begin with it; what was announced before is forgotten.
    void announce(std::span<const std::int64_t> samples);
    /// Waits, and lends a hand. Throws what kept an image from being read.
    Images take(std::span<const std::int64_t> samples);

private:
    struct Job {
        std::vector<std::int64_t> samples;
        std::shared_ptr<std::uint8_t[]> images;
        // What follows is guarded by m_mutex.
        std::size_t begun = 0;
        std::size_t done = 0;
        std::exception_ptr problem; ///< Of the first image in the batch that has one.
        std::size_t problemAt = 0;

        bool isBegun() const { return begun == samples.size(); }
        bool isDone() const { return done == samples.size(); }
    };
    using Lock = std::unique_lock<std::mutex>;

    std::shared_ptr<Job> jobFor(std::span<const std::int64_t> samples) const;
    std::exception_ptr prepare(Job& job, std::size_t place, SamplePreparer::Scratch& scratch) const;
    void workOn(Job& job, Lock& lock, SamplePreparer::Scratch& scratch);
    void work(const std::stop_token& stop);

    SamplePreparer m_samples;
    SamplePreparer::Scratch m_scratch; ///< Of the thread that trains.
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<std::shared_ptr<Job>> m_jobs; ///< The first is the most urgent.
    std::vector<std::jthread> m_threads;     ///< Last: everything else is there before they run.
};

} // namespace frostline
