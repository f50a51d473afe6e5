#include "training/metric_mailbox.h"

#include <utility>

namespace frostline {

void MetricMailbox::post(const MetricPoint& point)
{
    const std::lock_guard lock(m_mutex);
    if (m_waiting.size() >= m_capacity) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < m_waiting.size(); i += 2)
            m_waiting[kept++] = m_waiting[i];
        m_dropped += m_waiting.size() - kept;
        m_waiting.resize(kept);
    }
    m_waiting.push_back(point);
}

std::vector<MetricPoint> MetricMailbox::take()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_waiting, {});
}

std::size_t MetricMailbox::dropped() const
{
    const std::lock_guard lock(m_mutex);
    return m_dropped;
}

} // namespace frostline
