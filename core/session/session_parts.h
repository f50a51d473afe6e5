#pragma once

#include <limits>
#include <vector>

#include "base/json.h"
#include "session/session.h"

// Parts of a session as JSON, for session.json and its journal alike.

namespace frostline {

namespace json_limits {
inline constexpr double kLargest = std::numeric_limits<double>::max();
inline constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
inline constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
} // namespace json_limits

/// JSON has no NaN: what is not finite is written as null, and read back as NaN.
Json finite(double value);
Json interventionJson(const Intervention& intervention);
Json scoresJson(const Scores& scores);
Json epochJson(const EpochRecord& epoch);
Json checkpointJson(const CheckpointRecord& checkpoint);
/// One list for each column.
Json stepsJson(const std::vector<MetricPoint>& points);

Intervention readIntervention(JsonReader& reader);
Scores readScores(JsonReader& reader);
EpochRecord readEpoch(JsonReader& reader);
/// Refuses a file that does not lie in the session's `checkpoints` folder.
CheckpointRecord readCheckpoint(JsonReader& reader);
std::vector<MetricPoint> readSteps(JsonReader& reader);

} // namespace frostline
