#pragma once

#include <optional>
#include <span>

#include "queue/queue_item.h"

namespace frostline {

/// Seconds that an item that waits or runs still needs, from its own speed so far or from that of the run
/// most like it; nothing while none has been measured.
std::optional<double> secondsLeft(const QueueItem& item, std::span<const QueueItem> items);

/// The whole queue in figures.
struct QueueTotals {
    int all = 0;
    int finished = 0;
    int failed = 0;
    int broken = 0;           ///< Stopped or interrupted: they can be resumed.
    int due = 0;              ///< Wait or run.
    int unmeasured = 0;       ///< Of those due: nothing is known of their time.
    double secondsLeft = 0.0; ///< Of those due that are known.
    double share = 0.0;       ///< Of all epochs of what is finished and what is due, 0..1.
};

QueueTotals totalsOf(std::span<const QueueItem> items);

} // namespace frostline
