#pragma once

#include <cstdint>

#include "training/monitor.h"

namespace frostline {

/// Which states of the network are kept on disk. The last one always is.
struct CheckpointRecipe {
    int everyEpochs = 0;         ///< 0: none beside best and last.
    std::int64_t everySteps = 0; ///< 0: none beside best and last.
    bool best = true;            ///< The best epoch's, by the monitor.
    Watched watched;             ///< What the best is.
    bool restoresBest = false;   ///< At the end of the run: back to the best epoch.
    int keep = 0;                ///< Newest of the periodic ones that stay; 0 is all.
    double budgetMegabytes = 0;  ///< On disk; beyond it the oldest periodic ones go. 0 is no limit.

    bool operator==(const CheckpointRecipe&) const = default;
};

} // namespace frostline
