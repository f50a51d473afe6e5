#include "advice/advice_probe.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/random.h"

namespace frostline {

namespace {

constexpr double kPassBudget = 2e11; ///< Multiplications over all samples of one pass.
constexpr std::int64_t kFewest = 64;
constexpr std::int64_t kMost = 512;
constexpr std::int64_t kLeastOfClass = 4; ///< Where there are so many classes that some are left out.

/// Which classes the probe looks at: of very many only some, but several samples of each.
std::vector<bool> chosenClasses(std::int64_t classes, std::uint64_t seed, std::int64_t most)
{
    const auto room = std::max<std::int64_t>(most / kLeastOfClass, 1);
    std::vector<bool> isChosen(static_cast<std::size_t>(classes));
    auto order = permutation(classes, streamSeed(seed, Purpose::Limit, 1));
    order.resize(static_cast<std::size_t>(std::min(classes, room)));
    for (const auto label : order)
        isChosen[static_cast<std::size_t>(label)] = true;
    return isChosen;
}

} // namespace

double FeatureScores::reference() const
{
    double best = classes > 0 ? 1.0 / static_cast<double>(classes) : 0.0;
    for (const double other : {random, inputs}) {
        if (std::isfinite(other))
            best = std::max(best, other);
    }
    return best;
}

double FeatureScores::gain() const
{
    const double errors = 1.0 - reference();
    return errors > 0.0 ? (features - reference()) / errors : 0.0;
}

double FeatureScores::gainError() const
{
    const double errors = 1.0 - reference();
    if (samples == 0 || errors <= 0.0)
        return 1.0;
    return std::sqrt(features * (1.0 - features) / static_cast<double>(samples)) / errors;
}

double multiplications(const LayerTable& layers)
{
    double sum = 0.0;
    for (const auto& layer : layers) {
        if (!layer.isLeaf)
            continue;
        double places = 1.0; // A dense layer uses each weight once, a convolution once for each pixel.
        for (std::size_t i = 1; i < layer.outputShape.size(); ++i)
            places *= static_cast<double>(layer.outputShape[i]);
        sum += places * static_cast<double>(layer.prunable);
    }
    return sum;
}

std::int64_t probeSize(const LayerTable& layers)
{
    const double each = std::max(multiplications(layers), 1.0);
    return std::clamp(static_cast<std::int64_t>(std::min(kPassBudget / each, 1e9)), kFewest, kMost);
}

std::vector<std::int64_t> probeSamples(const DataSet& set, std::uint64_t seed, std::int64_t most)
{
    const auto isChosen = chosenClasses(std::ssize(set.classNames), seed, most);
    const auto chosen = std::max<std::int64_t>(std::ranges::count(isChosen, true), 1);
    const auto share = static_cast<std::size_t>(std::max<std::int64_t>(most / chosen, 2));
    std::vector<std::vector<std::int64_t>> ofClass(set.classNames.size());
    std::set<std::int64_t> clips;
    for (const auto sample : permutation(set.size(), streamSeed(seed, Purpose::Limit, 2))) {
        const auto index = static_cast<std::size_t>(sample);
        const auto label = static_cast<std::size_t>(set.labels[index]);
        const bool isWanted = isChosen[label] && ofClass[label].size() < share;
        if (isWanted && (set.clips.empty() || clips.insert(set.clips[index]).second))
            ofClass[label].push_back(sample);
    }
    std::vector<std::int64_t> samples;
    for (const auto& own : ofClass) {
        if (own.size() > 1)
            samples.insert(samples.end(), own.begin(), own.end());
    }
    std::vector<std::int64_t> mixed;
    for (const auto place : permutation(std::ssize(samples), streamSeed(seed, Purpose::Limit, 3)))
        mixed.push_back(samples[static_cast<std::size_t>(place)]);
    return mixed;
}

} // namespace frostline
