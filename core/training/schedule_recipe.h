#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "training/monitor.h"

namespace frostline {

enum class ScheduleKind {
    Constant,
    Decay,
    MultiStep,
    Exponential,
    Cosine,
    CosineRestarts,
    OneCycle,
    Plateau
};

/// A linear rise to the schedule's first rate, step by step; the schedule begins where it ends.
struct WarmupRecipe {
    double epochs = 0.0;    ///< Either epochs, which may be a fraction,
    std::int64_t steps = 0; ///< or steps.
    double from = 0.1;      ///< Share of the rate that it begins at.

    bool isNone() const { return epochs <= 0.0 && steps <= 0; }
    bool operator==(const WarmupRecipe&) const = default;
};

/// How the learning rate goes over a phase. Lengths are in epochs; formulas are those of torch.optim's
/// schedulers. The rate in force is base rate x schedule x layer's multiplier.
struct ScheduleRecipe {
    enum class Clock { Epochs, Steps };

    ScheduleKind kind = ScheduleKind::Constant;
    std::optional<Clock>
        clock;           ///< Whether it moves once an epoch or at each step; the kind's own if not given.
    double factor = 0.1; ///< step, multi_step, exponential (for each epoch), plateau.
    double every = 10.0; ///< step: epochs from one drop to the next.
    std::vector<double> milestones; ///< multi_step: epochs at which it drops; rising.
    std::optional<double>
        length;           ///< cosine, one_cycle: epochs; the phase if not given. cosine_restarts: the first.
    int lengthen = 1;     ///< cosine_restarts: how many times longer each is than the one before.
    double minimum = 0.0; ///< cosine, cosine_restarts, plateau: the lowest rate (not a factor).
    double rise = 0.3;    ///< one_cycle: share of the length in which it rises to the base rate.
    double startDivisor = 25.0;                   ///< one_cycle: it begins at base / this,
    double endDivisor = 1e4;                      ///< and ends at what it began with / this.
    bool linear = false;                          ///< one_cycle: straight lines in place of cosines.
    Watched watched{Monitor::ValidationLoss, {}}; ///< plateau
    int patience = 10;                ///< plateau: epochs without getting better that are let pass.
    double threshold = 1e-4;          ///< plateau: what counts as better, relative to the best.
    bool isThresholdAbsolute = false; ///< plateau
    int cooldown = 0;                 ///< plateau: epochs after a drop in which none is counted.
    WarmupRecipe warmup;

    bool operator==(const ScheduleRecipe&) const = default;
    Clock clockInForce() const;
};

std::string_view nameOf(ScheduleKind kind);

/// When to end before all epochs are done: the watched figure has not got better for `patience` epochs.
struct EndRecipe {
    Watched watched{Monitor::ValidationLoss, {}};
    int patience = 5;
    double threshold = 0.0; ///< What counts as better.
    bool isThresholdRelative = false;

    bool operator==(const EndRecipe&) const = default;
};

} // namespace frostline
