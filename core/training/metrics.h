#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "training/intervention.h"

namespace frostline {

/// What one optimizer step gave. `step` counts from 0; `epoch` from 1.
struct MetricPoint {
    Step step = 0;
    int epoch = 1;
    double loss = 0.0;
    double accuracy = 0.0;     ///< Of the batch, 0..1.
    double learningRate = 0.0; ///< Base rate in force.
    double sparsity = 0.0;     ///< Masked share of the prunable weights, 0..1.
    double seconds = 0.0;      ///< Since the run began, pauses left out.
};

struct Scores {
    double loss = 0.0;
    double accuracy = 0.0;
};

/// What became of one layer up to the end of an epoch.
struct LayerMeasure {
    std::string path;
    double drift = 0.0;
    double gradientNorm = 0.0;
    double sparsity = 0.0;
};

struct EpochRecord {
    int epoch = 1;
    Step step = 0; ///< Steps done when the epoch ended.
    Scores train;
    std::optional<Scores> validation;
    double learningRate = 0.0;
    double seconds = 0.0; ///< Training and validation of this epoch.
    double samplesPerSecond = 0.0;
    std::int64_t peakMemoryBytes = 0;
    std::vector<LayerMeasure> layers;
};

} // namespace frostline
