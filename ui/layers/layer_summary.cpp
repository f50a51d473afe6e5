#include "layers/layer_summary.h"

#include <algorithm>
#include <cmath>

namespace frostline {

namespace {

LayerSummary summaryOf(const LayerInfo& leaf)
{
    LayerSummary summary;
    const bool trains = leaf.settings.trainable;
    summary.parameters = leaf.parameters;
    summary.trainable = trains ? leaf.parameters : 0;
    summary.statisticValues = leaf.statisticValues;
    summary.prunable = leaf.prunable;
    summary.masked = leaf.sparsity * static_cast<double>(leaf.prunable);
    summary.parameterLeaves = leaf.hasParameters() ? 1 : 0;
    summary.frozenLeaves = leaf.hasParameters() && !trains ? 1 : 0;
    summary.normLeaves = leaf.isNormalisation ? 1 : 0;
    summary.parameterTensors = leaf.parameterTensors;
    summary.trainableTensors = trains ? leaf.parameterTensors : 0;
    summary.statisticTensors = leaf.statisticTensors;
    summary.lowestRate = summary.highestRate = leaf.settings.rateMultiplier;
    summary.lowestTarget = summary.highestTarget = leaf.settings.sparsityTarget;
    summary.gradientNorm = leaf.gradientNorm;
    summary.weightNorm = leaf.weightNorm;
    summary.largestDrift = leaf.drift;
    return summary;
}

void mergeRange(double& lowest, double& highest, double otherLowest, double otherHighest, bool first)
{
    lowest = first ? otherLowest : std::min(lowest, otherLowest);
    highest = first ? otherHighest : std::max(highest, otherHighest);
}

void add(LayerSummary& whole, const LayerSummary& part)
{
    if (part.parameterLeaves > 0)
        mergeRange(whole.lowestRate, whole.highestRate, part.lowestRate, part.highestRate,
                   whole.parameterLeaves == 0);
    if (part.prunable > 0)
        mergeRange(whole.lowestTarget, whole.highestTarget, part.lowestTarget, part.highestTarget,
                   whole.prunable == 0);
    whole.parameters += part.parameters;
    whole.trainable += part.trainable;
    whole.statisticValues += part.statisticValues;
    whole.prunable += part.prunable;
    whole.masked += part.masked;
    whole.parameterLeaves += part.parameterLeaves;
    whole.frozenLeaves += part.frozenLeaves;
    whole.normLeaves += part.normLeaves;
    whole.parameterTensors += part.parameterTensors;
    whole.trainableTensors += part.trainableTensors;
    whole.statisticTensors += part.statisticTensors;
    whole.gradientNorm = std::hypot(whole.gradientNorm, part.gradientNorm);
    whole.weightNorm = std::hypot(whole.weightNorm, part.weightNorm);
    whole.largestDrift = std::max(whole.largestDrift, part.largestDrift);
}

} // namespace

double LayerSummary::sparsity() const
{
    return prunable > 0 ? masked / static_cast<double>(prunable) : 0.0;
}

double LayerSummary::ratio() const
{
    const double ratio = weightNorm > 0.0 ? gradientNorm / weightNorm : 0.0;
    return std::isfinite(ratio) ? ratio : 0.0;
}

std::vector<LayerSummary> summarise(const LayerTable& table)
{
    std::vector<LayerSummary> summaries(table.size());
    for (std::size_t i = table.size(); i-- > 0;) {
        if (table[i].isLeaf)
            summaries[i] = summaryOf(table[i]);
        if (table[i].parent >= 0)
            add(summaries[static_cast<std::size_t>(table[i].parent)], summaries[i]);
    }
    return summaries;
}

bool sameStructure(const LayerTable& left, const LayerTable& right)
{
    return std::ranges::equal(left, right, [](const LayerInfo& a, const LayerInfo& b) {
        return a.path == b.path && a.parent == b.parent && a.isLeaf == b.isLeaf && a.kind == b.kind;
    });
}

} // namespace frostline
