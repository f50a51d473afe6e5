// Two passes, one for each axis, in 16-bit fixed point: a weight has 14 bits behind the point, a value
// between the passes 7. The pass that leaves less to the other comes first. The loops are written so that
// compilers vectorise them; the file is built for that whatever the build type.

#include "data/resize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace frostline {

namespace {

constexpr int kWeightBits = 14;
constexpr int kValueBits = 7;
constexpr int kOne = 1 << kWeightBits;
constexpr int kFewTaps = 4; ///< Up to so many are not worth a vector.
constexpr int kVectorTaps = 8;
constexpr int kBlock = 256; ///< Sums that stay near the processor.

int paddedTaps(int taps)
{
    return taps <= kFewTaps ? taps : (taps + kVectorTaps - 1) / kVectorTaps * kVectorTaps;
}

/// Bytes become values with 7 bits behind the point, and those become bytes.
template <class Out>
constexpr int kShift = sizeof(Out) == 1 ? kWeightBits + kValueBits : kWeightBits - kValueBits;

template <class Out>
Out rounded(std::int32_t sum)
{
    return static_cast<Out>((sum + (1 << (kShift<Out> - 1))) >> kShift<Out>);
}

/// One row of the result from `weights.size()` rows that lie `stride` apart.
template <class In, class Out>
void mixRows(const In* first, std::ptrdiff_t stride, std::span<const std::int16_t> weights, int width,
             Out* out)
{
    std::array<std::int32_t, kBlock> sums;
    for (int start = 0; start < width; start += kBlock) {
        const int count = std::min(kBlock, width - start);
        const In* row = first + start;
        std::int32_t* __restrict sum = sums.data();
        for (int i = 0; i < count; ++i)
            sum[i] = row[i] * weights[0];
        for (std::size_t tap = 1; tap < weights.size(); ++tap) {
            row += stride;
            const std::int16_t weight = weights[tap];
            for (int i = 0; i < count; ++i)
                sum[i] += static_cast<std::int16_t>(row[i]) * weight;
        }
        for (int i = 0; i < count; ++i)
            out[start + i] = rounded<Out>(sum[i]);
    }
}

/// `taps` is a constant for few, so that the loop over them is rolled out.
template <int taps, class Out>
void mixColumnsFew(const std::int16_t* row, const int* first, const std::int16_t* weights, int to, Out* out)
{
    for (int place = 0; place < to; ++place) {
        std::int32_t sum = 0;
        for (int tap = 0; tap < taps; ++tap)
            sum += row[first[place] + tap] * weights[place * taps + tap];
        out[place] = rounded<Out>(sum);
    }
}

template <class Out>
void mixColumnsMany(const std::int16_t* row, const int* first, const std::int16_t* weights, int taps, int to,
                    Out* out)
{
    for (int place = 0; place < to; ++place, weights += taps) {
        std::int32_t sum = 0;
        for (int part = 0; part < taps; part += kVectorTaps) {
            for (int tap = part; tap < part + kVectorTaps; ++tap)
                sum += row[first[place] + tap] * weights[tap];
        }
        out[place] = rounded<Out>(sum);
    }
}

/// One row of the result from one row, behind which there are `taps` values that count for nothing.
template <class Out>
void mixColumns(const std::int16_t* row, const std::vector<int>& first, const std::int16_t* weights, int taps,
                Out* out)
{
    const int to = static_cast<int>(first.size());
    if (taps == 1)
        mixColumnsFew<1>(row, first.data(), weights, to, out);
    else if (taps == 2)
        mixColumnsFew<2>(row, first.data(), weights, to, out);
    else if (taps == 3)
        mixColumnsFew<3>(row, first.data(), weights, to, out);
    else if (taps == kFewTaps)
        mixColumnsFew<kFewTaps>(row, first.data(), weights, to, out);
    else
        mixColumnsMany(row, first.data(), weights, taps, to, out);
}

/// Every `channels`-th value.
template <class In>
void takeChannel(const In* row, int channels, int width, std::int16_t* out)
{
    if (channels == 1) {
        std::copy(row, row + width, out);
    } else if (channels == 3) {
        for (int x = 0; x < width; ++x)
            out[x] = row[3 * x];
    } else {
        for (int x = 0; x < width; ++x)
            out[x] = row[channels * x];
    }
}

/// What rounding takes from one weight goes to the next: their sum is exact, and a plain image stays plain.
void toFixedPoint(const std::vector<double>& triangle, std::int16_t* weights)
{
    const double total = std::accumulate(triangle.begin(), triangle.end(), 0.0);
    double sum = 0.0;
    int before = 0;
    for (std::size_t i = 0; i < triangle.size(); ++i) {
        sum += triangle[i];
        const int upToHere = static_cast<int>(std::lround(sum / total * kOne));
        weights[i] = static_cast<std::int16_t>(upToHere - before);
        before = upToHere;
    }
}

} // namespace

struct Resizer::Job {
    const std::uint8_t* pixels;
    int channels;
    std::uint8_t* planes;
    Scratch& scratch;
};

/// A triangle as wide as a place of the result, two places of the source at the least; as PIL has it.
Resizer::Axis::Axis(int fromLength, int toLength) : from(fromLength), to(toLength)
{
    const double scale = static_cast<double>(from) / to;
    const double reach = std::max(scale, 1.0);
    std::vector<std::vector<double>> triangles;
    for (int place = 0; place < to; ++place) {
        const double center = (place + 0.5) * scale;
        const int end = std::min(static_cast<int>(center + reach + 0.5), from);
        first.push_back(std::max(static_cast<int>(center - reach + 0.5), 0));
        auto& triangle = triangles.emplace_back();
        for (int x = first.back(); x < end; ++x)
            triangle.push_back(std::max(0.0, 1.0 - std::abs((x + 0.5 - center) / reach)));
        taps = std::max(taps, static_cast<int>(triangle.size()));
    }
    taps = paddedTaps(taps);
    weights.resize(static_cast<std::size_t>(to * taps));
    for (std::size_t place = 0; place < triangles.size(); ++place)
        toFixedPoint(triangles[place], weights.data() + place * static_cast<std::size_t>(taps));
}

Resizer::Resizer(int fromHeight, int fromWidth, int toHeight, int toWidth)
    : m_rows(fromHeight, toHeight),
      m_columns(fromWidth, toWidth)
{
}

void Resizer::apply(std::span<const std::uint8_t> plane, std::span<std::uint8_t> out, Scratch& scratch) const
{
    applyInterleaved(plane, 1, out, scratch);
}

void Resizer::applyInterleaved(std::span<const std::uint8_t> pixels, int channels,
                               std::span<std::uint8_t> planes, Scratch& scratch) const
{
    const Job job{pixels.data(), channels, planes.data(), scratch};
    m_rows.to < m_rows.from ? rowsFirst(job) : columnsFirst(job);
}

/// Fewer rows come out than go in: the pass over columns, the slower one, is left with those.
void Resizer::rowsFirst(const Job& job) const
{
    const int rowLength = m_columns.from * job.channels;
    const auto planeLength = static_cast<std::size_t>(m_rows.to) * static_cast<std::size_t>(m_columns.to);
    job.scratch.assign(static_cast<std::size_t>(rowLength + m_columns.from + m_columns.taps), 0);
    auto* mixed = job.scratch.data();
    auto* channelRow = mixed + rowLength;
    for (int y = 0; y < m_rows.to; ++y) {
        const int first = m_rows.first[static_cast<std::size_t>(y)];
        const auto count = std::min(m_rows.taps, m_rows.from - first);
        mixRows(job.pixels + static_cast<std::ptrdiff_t>(first) * rowLength, rowLength,
                m_rows.weightsAt(y).first(static_cast<std::size_t>(count)), rowLength, mixed);
        for (int c = 0; c < job.channels; ++c) {
            takeChannel(mixed + c, job.channels, m_columns.from, channelRow);
            mixColumns(channelRow, m_columns.first, m_columns.weights.data(), m_columns.taps,
                       job.planes + static_cast<std::size_t>(c) * planeLength +
                           static_cast<std::size_t>(y) * static_cast<std::size_t>(m_columns.to));
        }
    }
}

void Resizer::columnsFirst(const Job& job) const
{
    const int width = m_columns.to;
    const auto planeLength = static_cast<std::size_t>(m_rows.from) * static_cast<std::size_t>(width);
    const auto channels = static_cast<std::size_t>(job.channels);
    job.scratch.assign(channels * planeLength + static_cast<std::size_t>(m_columns.from + m_columns.taps), 0);
    auto* channelRow = job.scratch.data() + channels * planeLength;
    for (int y = 0; y < m_rows.from; ++y) {
        for (std::size_t c = 0; c < channels; ++c) {
            takeChannel(job.pixels + static_cast<std::ptrdiff_t>(y) * m_columns.from * job.channels + c,
                        job.channels, m_columns.from, channelRow);
            mixColumns(channelRow, m_columns.first, m_columns.weights.data(), m_columns.taps,
                       job.scratch.data() + c * planeLength + static_cast<std::ptrdiff_t>(y) * width);
        }
    }
    auto* out = job.planes;
    for (std::size_t c = 0; c < channels; ++c) {
        const auto* plane = job.scratch.data() + c * planeLength;
        for (int y = 0; y < m_rows.to; ++y, out += width) {
            const int first = m_rows.first[static_cast<std::size_t>(y)];
            const auto count = std::min(m_rows.taps, m_rows.from - first);
            mixRows(plane + static_cast<std::ptrdiff_t>(first) * width, width,
                    m_rows.weightsAt(y).first(static_cast<std::size_t>(count)), width, out);
        }
    }
}

} // namespace frostline
