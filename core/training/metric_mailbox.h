#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "training/metrics.h"

namespace frostline {

/// Hands training points to the window without one queued event for each step.
/// All functions are thread-safe. A full mailbox keeps every second point and counts what it dropped;
/// it never blocks training and never grows.
class MetricMailbox {
public:
    explicit MetricMailbox(std::size_t capacity) : m_capacity(capacity) {}

    void post(const MetricPoint& point);
    std::vector<MetricPoint> take();
    std::size_t dropped() const;

private:
    mutable std::mutex m_mutex;
    std::vector<MetricPoint> m_waiting;
    std::size_t m_capacity;
    std::size_t m_dropped = 0;
};

} // namespace frostline
