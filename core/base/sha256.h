#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace frostline {

/// SHA-256 of bytes given piece by piece.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    Sha256& add(const void* bytes, std::size_t count);
    /// With its length, so that two texts in a row are never taken for others.
    Sha256& add(const std::string& text);
    /// 64 hexadecimal digits; nothing can be added after it.
    std::string finish();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace frostline
