#pragma once

#include <stop_token>

#include "training/run.h"

namespace frostline::cli {

/// Executes a run with its progress on standard error and prints the session's folder last. Ctrl+C stops it
/// and keeps the session. A disk that is full or gone is waited for.
int runToEnd(const Recipe& recipe, const RunOptions& options, bool json);

/// Asks to stop once Ctrl+C was pressed; a second one ends the program at once.
std::stop_token stopOnInterrupt();

} // namespace frostline::cli
