#pragma once

#include <optional>
#include <vector>

#include "training/run.h"

namespace frostline {

/// A change that a run makes by itself when its step comes.
struct DueChange {
    Intervention intervention;
    bool isKnown = false; ///< It stands in the record already: it was made before the run was interrupted.
};

/// What a run is to do, worked out from what was asked for and from the session it goes on from, if any.
struct RunStart {
    Recipe recipe;              ///< What the session records; how the network is set at step 0.
    Recipe current;             ///< How it is set where the run goes on.
    Session known;              ///< What the session's record begins with.
    std::vector<DueChange> due; ///< In the order in which they are made. Known ones come first.
    std::optional<RunOrigin> origin;
    SessionEnvironment recordedOn;             ///< Of the origin's session.
    std::vector<CheckpointRecord> checkpoints; ///< Of the origin's folder, to go on from.
    Step step = 0;                             ///< The first of its own.
    int scheduledEpochs = 0; ///< Of a branch: its parent's epochs, by which its schedule goes.
};

/// Reads the origin's session, where there is one.
Result<RunStart> startOf(const Recipe& recipe, const RunOptions& options);

} // namespace frostline
