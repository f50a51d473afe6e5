#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "training/intervention.h"

namespace frostline {

/// A figure that a task does not have.
inline constexpr double kNoFigure = std::numeric_limits<double>::quiet_NaN();

/// Equal to the bit, or neither is there.
inline bool isSameFigure(double first, double second)
{
    return first == second || (std::isnan(first) && std::isnan(second));
}

/// What one optimizer step gave. `step` counts from 0; `epoch` from 1.
struct MetricPoint {
    Step step = 0;
    int epoch = 1;
    double loss = 0.0;
    double accuracy = 0.0;     ///< Of the batch, 0..1; kNoFigure where the task has none.
    double learningRate = 0.0; ///< Base rate in force.
    double sparsity = 0.0;     ///< Masked share of the prunable weights, 0..1.
    double seconds = 0.0;      ///< Since the run began, pauses left out.
    double mae = kNoFigure;    ///< Mean absolute error of the batch, of tasks without accuracy.
};

/// Figures of many samples; all but the loss are kNoFigure where the task does not have them.
struct Scores {
    double loss = 0.0;
    double accuracy = 0.0;           ///< 0..1.
    double mae = kNoFigure;          ///< Mean absolute error; of images, as they are normalised.
    double psnr = kNoFigure;         ///< Of images given back, in dB.
    double top5 = kNoFigure;         ///< Share whose class is among the five most likely; of six and more.
    double clipAccuracy = kNoFigure; ///< Of recordings, by the mean over their patches.
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
