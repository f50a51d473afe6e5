#pragma once

#include "training/run_start.h"
#include "training/trainer.h"

namespace frostline {

/// Threads and memory format of a run: as they were recorded, as asked for, or as a short measurement of the
/// trainer's own passes finds them faster. Puts them in force.
void chooseCompute(Trainer& trainer, const RunStart& start, int askedThreads, int cores);

} // namespace frostline
