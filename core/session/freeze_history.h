#pragma once

#include <span>
#include <string>
#include <vector>

#include "session/session.h"

namespace frostline {

/// What a layer was from one step up to, not including, another.
enum class FreezeState {
    Frozen,
    Trainable,
    StatisticsOnly, ///< Parameters frozen, running statistics updated.
};

struct FreezeSpan {
    Step from = 0;
    Step to = 0;
    FreezeState state = FreezeState::Trainable;

    bool operator==(const FreezeSpan&) const = default;
};

/// One row of a layer x step strip. Spans follow one another without gaps from step 0 to the last step;
/// neighbours differ.
struct LayerHistory {
    std::string path;
    std::vector<FreezeSpan> spans;
};

/// What was trainable when, for every leaf with parameters, in the table's order. `start` is the table as the
/// recipe sets it at step 0 (see startingLayers()); `steps` is the number of steps done.
std::vector<LayerHistory> freezeHistory(const LayerTable& start, std::span<const Intervention> interventions,
                                        Step steps);
std::vector<LayerHistory> freezeHistory(const Session& session);

/// Steps in which two sessions' layers of the same path were not set alike, over the steps both have.
struct FreezeDifference {
    std::string path;
    Step from = 0;
    Step to = 0;
    FreezeState first = FreezeState::Trainable;
    FreezeState second = FreezeState::Trainable;

    bool operator==(const FreezeDifference&) const = default;
};
std::vector<FreezeDifference> freezeDifferences(const std::vector<LayerHistory>& first,
                                                const std::vector<LayerHistory>& second);

/// Share of all learnable values that trained, 0..1, on average over the steps done.
double meanTrainableShare(const Session& session);

} // namespace frostline
