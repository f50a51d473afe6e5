#pragma once

#include <chrono>

namespace frostline {

/// Keeps what is told often from being told too often. Belongs to one thread.
class Pace {
public:
    /// Whether the pause has gone by since the last time that it had.
    bool allows(std::chrono::milliseconds pause)
    {
        const auto now = std::chrono::steady_clock::now();
        if (now < m_last + pause)
            return false;
        m_last = now;
        return true;
    }

private:
    std::chrono::steady_clock::time_point m_last{};
};

} // namespace frostline
