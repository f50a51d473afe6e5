#pragma once

#include <chrono>

namespace frostline {

/// Where the time of a step goes, of late. Belongs to the thread that trains.
class StepTimes {
public:
    void begin() { m_begin = m_network = m_networkEnd = Clock::now(); }
    /// Around the passes above the frost line.
    void beginNetwork() { m_network = Clock::now(); }
    void endNetwork() { m_networkEnd = Clock::now(); }
    /// Gives the seconds of the step. `hasComputed`: whether features were computed before the network.
    double end(bool hasComputed)
    {
        const auto now = Clock::now();
        const double step = seconds(now - m_begin);
        if (hasComputed != m_hasComputed)
            forget(); // Once all is kept, steps cost something else.
        m_hasComputed = hasComputed;
        blend(m_stepSeconds, step);
        // What computing features costs is told by their stages.
        const double before = hasComputed ? 0.0 : seconds(m_network - m_begin);
        blend(m_overheadSeconds, before + seconds(now - m_networkEnd));
        return step;
    }
    /// The layers are set otherwise: steps cost something else from now on.
    void forget() { m_stepSeconds = 0.0; }

    double stepSeconds() const { return m_stepSeconds; }
    double overheadSeconds() const { return m_overheadSeconds; }

private:
    using Clock = std::chrono::steady_clock;
    static double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }
    static void blend(double& known, double now)
    {
        constexpr double kOfLate = 0.2;
        known = known > 0.0 ? known + kOfLate * (now - known) : now;
    }

    Clock::time_point m_begin;
    Clock::time_point m_network;
    Clock::time_point m_networkEnd;
    double m_stepSeconds = 0.0;
    double m_overheadSeconds = 0.0;
    bool m_hasComputed = false;
};

} // namespace frostline
