#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "queue/queue_item.h"

namespace frostline {

/// The queue as a file (`queue/1`) tells it.
std::string queueText(std::span<const QueueItem> items);

/// Empty where there is no file. What ran when it was written has been interrupted, or, where it had no
/// session yet, waits. Items have no ids.
Result<std::vector<QueueItem>> readQueue(const std::filesystem::path& file);

} // namespace frostline
