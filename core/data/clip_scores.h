#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace frostline {

/// What a network makes of whole recordings: the mean of what it makes of their patches.
struct ClipScores {
    std::vector<std::int64_t> clips;  ///< [K], in the order in which they first come.
    std::vector<std::int64_t> labels; ///< [K]
    std::vector<float> probabilities; ///< [K, C]
};

/// `probabilities` is [N, C], `labels` and `clips` are [N]. The patches of a clip need not stand together;
/// the label is its first patch's.
ClipScores scoresByClip(std::span<const float> probabilities, std::span<const std::int64_t> labels,
                        std::span<const std::int64_t> clips);

/// Share of the clips whose label has the highest mean probability (the first of equals). With C = 1, the
/// probability of the second of two classes, it is the share on the right side of one half. 0 without clips.
double clipAccuracy(std::span<const float> probabilities, std::span<const std::int64_t> labels,
                    std::span<const std::int64_t> clips);

} // namespace frostline
