#pragma once

#include <chrono>
#include <optional>

namespace frostline {

/// Counts the time that training takes, pauses left out.
class RunClock {
public:
    /// `before` is what earlier parts of the run took.
    explicit RunClock(double before = 0.0) : m_before(before) {}

    double seconds() const
    {
        const std::chrono::duration<double> running =
            m_since ? Clock::now() - *m_since : Clock::duration::zero();
        return m_before + running.count();
    }
    void start() { m_since = Clock::now(); }
    void stop()
    {
        m_before = seconds();
        m_since.reset();
    }

private:
    using Clock = std::chrono::steady_clock;
    double m_before = 0.0;
    std::optional<Clock::time_point> m_since;
};

} // namespace frostline
