#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "training/metrics.h"

namespace frostline::test {

/// Noise in -1..1, the same for the same number everywhere.
inline double noise(std::int64_t number)
{
    const double mixed = std::sin(static_cast<double>(number) * 12.9898) * 43758.5453;
    return 2.0 * (mixed - std::floor(mixed)) - 1.0;
}

/// A point of a run that learns well, half a second for each step.
inline MetricPoint samplePoint(Step step, Step stepsPerEpoch = 50)
{
    const auto position = static_cast<double>(step);
    MetricPoint point;
    point.step = step;
    point.epoch = static_cast<int>(step / stepsPerEpoch) + 1;
    point.loss = 0.25 + 2.1 * std::exp(-position / 90.0) * (1.0 + 0.25 * noise(step));
    point.loss += 0.06 * noise(step + 7);
    point.accuracy = 0.95 - 0.8 * std::exp(-position / 80.0) + 0.04 * noise(step + 3);
    point.learningRate = step < 200 ? 1e-3 : 1e-4;
    point.sparsity = step < 300 ? 0.0 : 0.5;
    point.seconds = 0.5 * (position + 1.0);
    return point;
}

inline std::vector<MetricPoint> samplePoints(Step count, Step from = 0)
{
    std::vector<MetricPoint> points;
    for (Step step = from; step < from + count; ++step)
        points.push_back(samplePoint(step));
    return points;
}

/// The end of an epoch of 50 steps; the sixth validates best.
inline EpochRecord sampleEpoch(int epoch)
{
    const double position = epoch * 50.0;
    EpochRecord record;
    record.epoch = epoch;
    record.step = epoch * 50;
    Scores scores;
    scores.loss = 0.34 + 1.9 * std::exp(-position / 95.0) + (epoch > 6 ? 0.03 * (epoch - 6) : 0.0);
    scores.accuracy = 0.93 - 0.75 * std::exp(-position / 85.0) - (epoch > 6 ? 0.01 * (epoch - 6) : 0.0);
    record.validation = scores;
    record.seconds = 26.0;
    return record;
}

} // namespace frostline::test
