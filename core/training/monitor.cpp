#include "training/monitor.h"

#include <cmath>

namespace frostline {

std::string_view nameOf(Monitor monitor)
{
    switch (monitor) {
    case Monitor::ValidationLoss:
        return "validation_loss";
    case Monitor::TrainAccuracy:
        return "train_accuracy";
    case Monitor::TrainLoss:
        return "train_loss";
    case Monitor::ValidationAccuracy:
        break;
    }
    return "validation_accuracy";
}

double Watched::valueOf(const EpochRecord& epoch) const
{
    const auto validation = epoch.validation.value_or(Scores{.loss = kNoFigure, .accuracy = kNoFigure});
    switch (monitor) {
    case Monitor::ValidationAccuracy:
        return validation.accuracy;
    case Monitor::ValidationLoss:
        return validation.loss;
    case Monitor::TrainAccuracy:
        return epoch.train.accuracy;
    case Monitor::TrainLoss:
        break;
    }
    return epoch.train.loss;
}

bool Watched::prefersLarge() const
{
    if (mode)
        return *mode == MonitorMode::Max;
    return monitor == Monitor::ValidationAccuracy || monitor == Monitor::TrainAccuracy;
}

bool Watched::isBetter(double value, double than) const
{
    if (!std::isfinite(value) || !std::isfinite(than))
        return std::isfinite(value);
    return prefersLarge() ? value > than : value < than;
}

} // namespace frostline
