#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "data/data_set.h"
#include "model/layer_info.h"

namespace frostline {

/// How well classes can be told apart by what the base makes of samples: the share of samples that lie
/// nearest to the mean of their own class, where that sample was left out of the mean. NaN: not measured.
struct FeatureScores {
    std::int64_t samples = 0;
    std::int64_t classes = 0;
    double features = 0.0; ///< Of what the base with its weights hands to the head.
    double random = 0.0;   ///< Of the same network with random weights.
    double inputs = 0.0;   ///< Of the samples themselves, brought to at most 32 x 32.

    /// What can be had without the weights: the best of the two above and of guessing.
    double reference() const;
    /// Share of the reference's errors that the weights save: 1 saves all, 0 none.
    double gain() const;
    /// Standard error of the gain, from the number of samples.
    double gainError() const;

    bool operator==(const FeatureScores&) const = default;
};

/// Why there are no scores.
enum class Unmeasured {
    No,        ///< There are.
    NoWeights, ///< The base starts from random values.
    NoClasses, ///< Of a task without classes.
    OnePiece,  ///< The network cannot be run up to its head.
    TooFew,    ///< No class has two samples.
};

/// What a short look at a network and its data gives, before anything is trained.
struct AdviceProbe {
    std::optional<FeatureScores> scores;
    Unmeasured unmeasured = Unmeasured::No;
    /// Of each of adviceBlocks(), with everything trainable: |gradient| / |weights|, mean over the batches; 0
    /// where there is none (Lee et al. 2022, Surgical Fine-Tuning: relative gradient norm).
    std::vector<double> ratios;
    int batches = 0;        ///< That the ratios are a mean of.
    std::int64_t rows = 0;  ///< Samples in each of them.
    bool isStopped = false; ///< Asked to stop on the way: nothing of it counts.
};

/// How far a probe has come; called on the thread that probes.
using ProbeProgress = std::function<void(int done, int all)>;

/// Multiplications of a forward pass for one sample, from parameters and shapes.
double multiplications(const LayerTable& layers);

/// Up to `most` samples, as many of each class as there are of the others, in an order that is drawn from the
/// seed; one of each recording, for patches of one recording resemble each other. At least two of a class.
std::vector<std::int64_t> probeSamples(const DataSet& set, std::uint64_t seed, std::int64_t most);

/// How many samples a probe takes so that it is over in a second or two on a common processor.
std::int64_t probeSize(const LayerTable& layers);

} // namespace frostline
