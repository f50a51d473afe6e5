#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/layer_info.h"

namespace frostline {

/// What is kept of what lies under the frost line. Torch-free; a snapshot.
struct FeatureReport {
    bool isEnabled = true;
    int line = 0;                   ///< The frost line: stages below it are kept; 0 where there are none.
    std::int64_t cachedSamples = 0; ///< Of the training and validation images, how many are kept.
    std::int64_t samples = 0;       ///< All training and validation images; each view is one.
    std::int64_t sampleBytes = 0;   ///< What is kept for one of them.
    std::int64_t memoryBytes = 0;   ///< What is kept now, in memory ...
    std::int64_t fileBytes = 0;     ///< ... and in a file.
    std::string remark;             ///< Why nothing can be kept, where that is so; empty otherwise.
    int views = 1;                  ///< Fixed variants that each training image is seen in.

    bool operator==(const FeatureReport&) const = default;
};

/// What a step costs, as measured in the run or just before it, in the network as it was set then.
struct CostReport {
    struct Stage {
        std::string path;
        double forwardSeconds = 0.0; ///< For one batch, without what recording costs; 0 while it never ran.
    };
    std::vector<Stage> stages;    ///< In order, the whole network.
    double overheadSeconds = 0.0; ///< Of a step, outside of the network: data, optimizer, metrics.
    double stepSeconds = 0.0;     ///< A whole step as it is set now, measured; 0 while there is none.
    std::int64_t batchSize = 1;
    std::int64_t trainSamples = 0;
    int moments = 0;                   ///< Values that the optimizer keeps for each weight.
    std::int64_t fixedMemoryBytes = 0; ///< Of the process, without what the frost line decides.
    FeatureReport features;
};

/// What a step would cost with the layers as a table has them.
struct CostEstimate {
    int line = 0;                     ///< The frost line; stages below it are computed once.
    double stepSeconds = 0.0;         ///< Once what lies below is kept; or always, where nothing is.
    double fillingStepSeconds = 0.0;  ///< In the first epoch, while what lies below is computed.
    double epochSeconds = 0.0;        ///< Training only, at stepSeconds.
    double fillingEpochSeconds = 0.0; ///< The same at fillingStepSeconds.
    std::int64_t memoryBytes = 0;     ///< Of the process, while it trains.
    std::int64_t featureBytes = 0;    ///< What would be kept, in memory or in a file; part of memoryBytes.
};

/// Predicted from the stages' forward times: a backward pass costs about two forward passes, one for the
/// gradients of the weights and one for those of the inputs; the second is not needed at the frost line.
CostEstimate predictCost(const CostReport& report, const LayerTable& table);

/// What memory the frost line decides: gradients, the optimizer's values, and the outputs that are kept for
/// the backward pass.
std::int64_t trainingBytes(const LayerTable& table, std::int64_t batchSize, int moments);

/// What to do where memory has run out: `a batch of 32, or freezing up to layer2.1, needs half of the 3.1 GB
/// that training holds now`.
std::string whatNeedsLess(const LayerTable& table, std::int64_t batchSize, int moments);

/// Values that stages below `line` hand on for one sample.
std::int64_t featureValues(const LayerTable& table, int line);

} // namespace frostline
