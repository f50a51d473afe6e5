#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace frostline {

/// Which states of the network are kept on disk. The last one always is.
struct CheckpointRecipe {
    enum class Monitor { ValidationAccuracy, ValidationLoss, TrainAccuracy, TrainLoss };
    enum class Mode { Max, Min };

    int everyEpochs = 0;         ///< 0: none beside best and last.
    std::int64_t everySteps = 0; ///< 0: none beside best and last.
    bool best = true;            ///< The best epoch's, by the monitor.
    Monitor monitor = Monitor::ValidationAccuracy;
    std::optional<Mode> mode;   ///< The monitor's own direction if not given.
    int keep = 0;               ///< Newest of the periodic ones that stay; 0 is all.
    double budgetMegabytes = 0; ///< On disk; beyond it the oldest periodic ones go. 0 is no limit.

    bool operator==(const CheckpointRecipe&) const = default;
};

std::string_view nameOf(CheckpointRecipe::Monitor monitor);

} // namespace frostline
