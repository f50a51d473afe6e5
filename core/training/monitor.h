#pragma once

#include <optional>
#include <string_view>

#include "training/metrics.h"

namespace frostline {

/// A figure of an epoch that decides something: which checkpoint is the best, whether a run still gets
/// better.
enum class Monitor { ValidationAccuracy, ValidationLoss, TrainAccuracy, TrainLoss };
enum class MonitorMode { Max, Min };

/// Which figure, and whether more of it is better.
struct Watched {
    Monitor monitor = Monitor::ValidationAccuracy;
    std::optional<MonitorMode> mode; ///< The monitor's own direction if not given.

    bool operator==(const Watched&) const = default;

    double valueOf(const EpochRecord& epoch) const; ///< kNoFigure where the epoch has none.
    bool prefersLarge() const;
    /// A figure that is no number is never better; any number is better than none.
    bool isBetter(double value, double than) const;
};

std::string_view nameOf(Monitor monitor);

} // namespace frostline
