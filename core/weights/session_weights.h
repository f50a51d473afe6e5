#pragma once

#include <filesystem>
#include <optional>

#include "base/error.h"
#include "session/session.h"
#include "training/checkpoint.h"

namespace frostline {

/// Which of a session's checkpoints is meant: the newest of those that fit.
struct CheckpointChoice {
    std::optional<Step> step;
    bool isBest = false;
};

/// Where a step has several, because something was changed while the run was paused, the one after the last
/// change. An error names the steps that there are.
Result<CheckpointRecord> chooseCheckpoint(const SessionHead& session, const std::filesystem::path& folder,
                                          const CheckpointChoice& choice);

/// Reads it, if it lies inside the session's folder and has the SHA-256 that the session recorded.
Result<Checkpoint> loadCheckpointOf(const CheckpointRecord& record, const std::filesystem::path& folder);

} // namespace frostline
