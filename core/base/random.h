#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace frostline {

/// What a random stream is for. Streams of different purposes never share numbers.
enum class Purpose : std::uint64_t { Split = 1, Limit, Shuffle, Dropout, Initialise, Augment };

/// Seed of the stream for (seed, purpose, index): a function of these alone, never of history.
std::uint64_t streamSeed(std::uint64_t seed, Purpose purpose, std::uint64_t index = 0);
std::uint64_t hashOf(std::string_view text);

/// Random numbers one after another, cheap to begin: SplitMix64 (Steele, Lea and Flood 2014). The same for
/// the same seed, whatever the platform.
class RandomStream {
public:
    explicit RandomStream(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next();
    /// From `low` up to `high`, which is not reached.
    double between(double low, double high);
    /// From 0 to `most`, both included.
    std::int64_t upTo(std::int64_t most);

private:
    std::uint64_t m_state;
};

/// A permutation of 0..count-1; the same for the same seed, whatever the platform.
std::vector<std::int64_t> permutation(std::int64_t count, std::uint64_t streamSeed);

} // namespace frostline
