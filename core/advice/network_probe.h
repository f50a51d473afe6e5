#pragma once

#include <stop_token>
#include <vector>

#include <torch/types.h>

#include "advice/advice_probe.h"
#include "base/error.h"
#include "data/data_set.h"
#include "model/network.h"
#include "training/objective.h"
#include "training/recipe.h"

namespace frostline {

/// What is looked at.
struct ProbeScene {
    Network& network;
    const LayerTable& table; ///< As the network is set; it is set so again afterwards.
    const Recipe& recipe;
    const DataSet& train;
    const Objective& objective;
    torch::Device device;
};

/// Looks at a network and its data without training. Weights, statistics and gradients are left as they were,
/// to the byte. The same scene gives the same figures.
Result<AdviceProbe> probeNetwork(const ProbeScene& scene, const ProbeProgress& progress,
                                 const std::stop_token& stop);

/// Share of the rows of `features` [N, F] that lie nearest to the mean of their own class, each left out of
/// it. Every class needs two rows.
double nearestMeanAccuracy(const torch::Tensor& features, const std::vector<std::int64_t>& labels);

} // namespace frostline
