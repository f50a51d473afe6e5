#pragma once

#include "training/replay.h"

class QString;

namespace frostline {

/// What became of a replay, in a sentence or two.
QString describe(const ReplayReport& report);

} // namespace frostline
