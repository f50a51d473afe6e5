#include "base/random.h"

#include <numeric>
#include <random>
#include <utility>

namespace frostline {

namespace {

constexpr std::uint64_t kIncrement = 0x9e3779b97f4a7c15ULL;

/// SplitMix64's finaliser (Steele, Lea and Flood 2014).
std::uint64_t mixed(std::uint64_t value)
{
    value += kIncrement;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

} // namespace

std::uint64_t streamSeed(std::uint64_t seed, Purpose purpose, std::uint64_t index)
{
    return mixed(mixed(mixed(seed) + static_cast<std::uint64_t>(purpose)) + index);
}

std::uint64_t hashOf(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL; // FNV-1a
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
}

std::uint64_t RandomStream::next()
{
    const auto value = mixed(m_state);
    m_state += kIncrement;
    return value;
}

double RandomStream::between(double low, double high)
{
    constexpr double kUnit = 0x1p-53;
    return low + (high - low) * (static_cast<double>(next() >> 11) * kUnit);
}

std::int64_t RandomStream::upTo(std::int64_t most)
{
    return static_cast<std::int64_t>(next() % (static_cast<std::uint64_t>(most) + 1));
}

std::vector<std::int64_t> permutation(std::int64_t count, std::uint64_t streamSeed)
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    std::mt19937_64 engine(streamSeed);
    // Fisher and Yates by hand: std::shuffle may draw differently on another standard library.
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[engine() % i]);
    return order;
}

} // namespace frostline
