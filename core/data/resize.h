#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace frostline {

/// Resizes images of bytes by an antialiased triangle filter: what torchvision and PIL call bilinear, within
/// one of either. Weights are worked out once for a pair of sizes. Torch-free; threads may share one, each
/// with a scratch of its own.
class Resizer {
public:
    /// Values between the two passes; reused by the next image.
    using Scratch = std::vector<std::int16_t>;

    Resizer(int fromHeight, int fromWidth, int toHeight, int toWidth);

    /// One plane [H, W].
    void apply(std::span<const std::uint8_t> plane, std::span<std::uint8_t> out, Scratch& scratch) const;
    /// Pixels as decoders give them, [H, W, C], to planes [C, H, W].
    void applyInterleaved(std::span<const std::uint8_t> pixels, int channels, std::span<std::uint8_t> planes,
                          Scratch& scratch) const;

private:
    /// For each place of the result, which places it is taken from and with what weights.
    struct Axis {
        Axis(int from, int to);
        std::span<const std::int16_t> weightsAt(int place) const
        {
            return std::span(weights).subspan(static_cast<std::size_t>(place * taps),
                                              static_cast<std::size_t>(taps));
        }
        int from;
        int to;
        int taps = 0; ///< Weights of each place, zeros behind those that it needs.
        std::vector<int> first;
        std::vector<std::int16_t> weights; ///< [to, taps]; those of a place come to kOne.
    };
    struct Job;

    void rowsFirst(const Job& job) const;
    void columnsFirst(const Job& job) const;

    Axis m_rows;
    Axis m_columns;
};

} // namespace frostline
