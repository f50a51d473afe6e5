#include "data/clip_scores.h"

#include <algorithm>
#include <cassert>
#include <unordered_map>

namespace frostline {

ClipScores scoresByClip(std::span<const float> probabilities, std::span<const std::int64_t> labels,
                        std::span<const std::int64_t> clips)
{
    assert(labels.size() == clips.size());
    ClipScores scores;
    if (clips.empty())
        return scores;
    const auto classes = probabilities.size() / clips.size();
    std::unordered_map<std::int64_t, std::size_t> rowOf;
    std::vector<double> sums;
    std::vector<double> counts;
    for (std::size_t i = 0; i < clips.size(); ++i) {
        const auto [found, isNew] = rowOf.try_emplace(clips[i], scores.clips.size());
        if (isNew) {
            scores.clips.push_back(clips[i]);
            scores.labels.push_back(labels[i]);
            sums.resize(sums.size() + classes);
            counts.push_back(0.0);
        }
        counts[found->second] += 1.0;
        for (std::size_t c = 0; c < classes; ++c)
            sums[found->second * classes + c] += static_cast<double>(probabilities[i * classes + c]);
    }
    for (std::size_t i = 0; i < sums.size(); ++i)
        scores.probabilities.push_back(static_cast<float>(sums[i] / counts[i / classes]));
    return scores;
}

double clipAccuracy(std::span<const float> probabilities, std::span<const std::int64_t> labels,
                    std::span<const std::int64_t> clips)
{
    const auto scores = scoresByClip(probabilities, labels, clips);
    if (scores.clips.empty())
        return 0.0;
    const auto classes = scores.probabilities.size() / scores.clips.size();
    std::size_t right = 0;
    for (std::size_t i = 0; i < scores.clips.size(); ++i) {
        const auto row = std::span(scores.probabilities).subspan(i * classes, classes);
        const auto told =
            classes == 1 ? std::int64_t{row[0] > 0.5f} : std::ranges::max_element(row) - row.begin();
        right += told == scores.labels[i] ? 1 : 0;
    }
    return static_cast<double>(right) / static_cast<double>(scores.clips.size());
}

} // namespace frostline
