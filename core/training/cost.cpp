#include "training/cost.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "model/layer_changes.h"

namespace frostline {

namespace {

std::int64_t valuesOf(const LayerInfo& layer)
{
    return std::accumulate(layer.outputShape.begin(), layer.outputShape.end(), std::int64_t{1},
                           std::multiplies<>());
}

/// As what is kept now tells, where something is: half features and bfloat16 take two bytes.
std::int64_t bytesOfValue(const CostReport& report, const LayerTable& table)
{
    const auto values = featureValues(table, report.features.line);
    return values > 0 && report.features.sampleBytes > 0 ? report.features.sampleBytes / values
                                                         : static_cast<std::int64_t>(sizeof(float));
}

/// How many forward passes a stage at or above the frost line costs, its own among them.
double passesOf(const LayerTable& table, int stage, int line)
{
    const bool trains = std::ranges::any_of(table, [stage](const LayerInfo& layer) {
        return layer.isLeaf && layer.stage == stage && layer.hasParameters() && layer.settings.trainable;
    });
    const auto parametered = std::ranges::count_if(table, [stage](const LayerInfo& layer) {
        return layer.isLeaf && layer.stage == stage && layer.hasParameters();
    });
    // A stage of several layers at the line needs gradients of its inner inputs.
    const bool needsInputs = stage > line || parametered > 1;
    return 1.0 + (trains ? 1.0 : 0.0) + (needsInputs ? 1.0 : 0.0);
}

} // namespace

std::int64_t featureValues(const LayerTable& table, int line)
{
    const auto last = std::find_if(table.rbegin(), table.rend(), [line](const LayerInfo& layer) {
        return layer.isLeaf && layer.stage == line - 1;
    });
    return last == table.rend() ? 0 : valuesOf(*last);
}

std::int64_t trainingBytes(const LayerTable& table, std::int64_t batchSize, int moments)
{
    const int line = frostLine(table);
    std::int64_t outputs = 0;
    for (const auto& layer : table) {
        if (layer.isLeaf && layer.stage >= line)
            outputs += valuesOf(layer);
    }
    // A gradient, the values before the last update, and what the optimizer keeps.
    const auto perWeight = 2 + moments;
    return static_cast<std::int64_t>(sizeof(float)) *
           (totalsOf(table).trainable * perWeight + outputs * batchSize);
}

std::string whatNeedsLess(const LayerTable& table, std::int64_t batchSize, int moments)
{
    const auto now = trainingBytes(table, batchSize, moments);
    std::string lines;
    auto frozen = table;
    for (auto& layer : frozen) {
        if (!layer.isLeaf)
            continue;
        layer.settings.trainable = false;
        layer.settings.statistics = Statistics::Follow;
        deriveStatistics(frozen);
        if (totalsOf(frozen).trainable > 0 && trainingBytes(frozen, batchSize, moments) <= now / 2) {
            lines = ", or freezing everything up to " + layer.path + ",";
            break;
        }
    }
    constexpr double kGigabyte = 1e9;
    char size[32];
    std::snprintf(size, sizeof size, "%.2g GB", static_cast<double>(now) / kGigabyte);
    return "a batch of " + std::to_string(std::max<std::int64_t>(1, batchSize / 2)) + lines +
           " needs about half of the " + size + " that training takes";
}

CostEstimate predictCost(const CostReport& report, const LayerTable& table)
{
    CostEstimate estimate;
    estimate.line = frostLine(table);
    estimate.stepSeconds = estimate.fillingStepSeconds = report.overheadSeconds;
    for (int stage = 0; stage < static_cast<int>(report.stages.size()); ++stage) {
        const double forward = report.stages[static_cast<std::size_t>(stage)].forwardSeconds;
        const bool isKept = stage < estimate.line;
        const double seconds = isKept ? forward : forward * passesOf(table, stage, estimate.line);
        estimate.fillingStepSeconds += seconds;
        if (!isKept || !report.features.isEnabled)
            estimate.stepSeconds += seconds;
    }
    const double steps =
        std::ceil(static_cast<double>(report.trainSamples) / static_cast<double>(report.batchSize));
    estimate.epochSeconds = steps * estimate.stepSeconds;
    estimate.fillingEpochSeconds = steps * estimate.fillingStepSeconds;
    if (report.features.isEnabled)
        estimate.featureBytes =
            bytesOfValue(report, table) * featureValues(table, estimate.line) * report.features.samples;
    estimate.memoryBytes = report.fixedMemoryBytes + estimate.featureBytes +
                           trainingBytes(table, report.batchSize, report.moments);
    return estimate;
}

} // namespace frostline
