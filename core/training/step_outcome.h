#pragma once

#include <string>

#include "training/metrics.h"

namespace frostline {

/// What became of one step.
struct StepOutcome {
    double loss = 0.0;
    double accuracy = kNoFigure;
    double mae = kNoFigure;
    std::string problem;        ///< Why the step was not applied; empty where it was.
    bool undid = false;         ///< Whether the update before it was taken back.
    bool isOutOfMemory = false; ///< The problem is the machine's, not the run's.
};

} // namespace frostline
