#include "plots/envelope.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace frostline {

namespace {

constexpr std::size_t kBlock = 64;

void addColumn(const CurveData& curve, std::size_t first, std::size_t last, std::vector<std::size_t>& result)
{
    if (first == last)
        return;
    std::array<std::size_t, 4> picked{first, first, first, last - 1};
    if (const auto found = curve.extremes(first, last)) {
        picked[1] = found->smallest;
        picked[2] = found->largest;
    }
    std::ranges::sort(picked);
    const auto end = std::ranges::unique(picked).begin();
    result.insert(result.end(), picked.begin(), end);
}

} // namespace

void CurveData::clear()
{
    m_values.clear();
    m_blocks.clear();
}

void CurveData::append(double value)
{
    if (m_values.size() % kBlock == 0)
        m_blocks.emplace_back();
    m_values.push_back(value);
    const std::size_t index = m_values.size() - 1;
    if (std::isfinite(value))
        merge({index, index}, m_blocks.back());
}

std::optional<Extremes> CurveData::extremes(std::size_t first, std::size_t last) const
{
    std::optional<Extremes> found;
    last = std::min(last, m_values.size());
    while (first < last) {
        const std::size_t blockEnd = (first / kBlock + 1) * kBlock;
        const bool isWhole = first % kBlock == 0 && blockEnd <= last;
        if (!isWhole)
            scan(first, std::min(blockEnd, last), found);
        else if (const auto& block = m_blocks[first / kBlock])
            merge(*block, found);
        first = blockEnd;
    }
    return found;
}

void CurveData::scan(std::size_t first, std::size_t last, std::optional<Extremes>& found) const
{
    for (std::size_t i = first; i < last; ++i) {
        if (std::isfinite(m_values[i]))
            merge({i, i}, found);
    }
}

void CurveData::merge(Extremes candidate, std::optional<Extremes>& found) const
{
    if (!found) {
        found = candidate;
        return;
    }
    if (m_values[candidate.smallest] < m_values[found->smallest])
        found->smallest = candidate.smallest;
    if (m_values[candidate.largest] > m_values[found->largest])
        found->largest = candidate.largest;
}

Stretch stretchInView(std::span<const double> x, double lower, double upper)
{
    const auto begin = std::ranges::lower_bound(x, lower) - x.begin();
    const auto end = std::ranges::upper_bound(x, upper) - x.begin();
    const auto size = static_cast<std::ptrdiff_t>(x.size());
    return {static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, begin - 1)),
            static_cast<std::size_t>(std::min(size, end + 1))};
}

std::vector<std::size_t> envelope(std::span<const double> x, const CurveData& curve, double lower,
                                  double upper, int columns)
{
    const auto [first, last] = stretchInView(x, lower, upper);
    const double width = (upper - lower) / columns;
    std::vector<std::size_t> result;
    std::size_t begin = first;
    for (int column = 0; column < columns && begin < last; ++column) {
        const double edge = lower + width * (column + 1);
        const auto rest = x.subspan(begin, last - begin);
        const auto inside = static_cast<std::size_t>(std::ranges::lower_bound(rest, edge) - rest.begin());
        addColumn(curve, begin, begin + inside, result);
        begin += inside;
    }
    addColumn(curve, begin, last, result);
    return result;
}

} // namespace frostline
