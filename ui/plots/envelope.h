#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace frostline {

/// From so many points on a curve is drawn as its envelope.
inline constexpr std::size_t kEnvelopeLimit = 100'000;

/// Where the smallest and the largest of some values stand.
struct Extremes {
    std::size_t smallest = 0;
    std::size_t largest = 0;
};

/// Values of one curve, with the extremes of any stretch found without looking at each of them.
/// What is not finite is never an extreme. Plain data, one thread.
class CurveData {
public:
    void clear();
    void append(double value);

    std::size_t size() const { return m_values.size(); }
    bool empty() const { return m_values.empty(); }
    double operator[](std::size_t index) const { return m_values[index]; }
    std::span<const double> values() const { return m_values; }

    /// Of the values [first, last); nothing if none of them is finite.
    std::optional<Extremes> extremes(std::size_t first, std::size_t last) const;

private:
    void scan(std::size_t first, std::size_t last, std::optional<Extremes>& found) const;
    void merge(Extremes candidate, std::optional<Extremes>& found) const;

    std::vector<double> m_values;
    std::vector<std::optional<Extremes>> m_blocks; ///< Of each block of values; the last may be growing.
};

/// Points [first, last) that matter between two places of an ascending `x`: those in view and one more on
/// each side, so that lines reach the edges.
struct Stretch {
    std::size_t first = 0;
    std::size_t last = 0;
};
Stretch stretchInView(std::span<const double> x, double lower, double upper);

/// Indices, ascending, of the points that draw the curve in `columns` columns between `lower` and `upper` as
/// all of them would: the first, the smallest, the largest and the last of each column.
std::vector<std::size_t> envelope(std::span<const double> x, const CurveData& curve, double lower,
                                  double upper, int columns);

} // namespace frostline
