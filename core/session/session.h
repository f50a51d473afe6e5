#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "model/layer_info.h"
#include "training/metrics.h"
#include "training/recipe.h"

namespace frostline {

enum class SessionState { Running, Paused, Stopped, Finished, Failed };

std::string_view nameOf(SessionState state);

struct SessionEnvironment {
    std::string frostline;
    std::string libtorch;
    std::string device;
    int threads = 1;
    std::string cpu;
};

struct CheckpointRecord {
    Step step = 0;
    int epoch = 0;
    std::string file; ///< Relative to the session's folder.
    std::string sha256;
    std::int64_t bytes = 0;
    bool best = false;
};

struct SessionSummary {
    Step steps = 0;
    double seconds = 0.0; ///< Pauses left out.
    int bestEpoch = 0;    ///< 0 while there is none.
    double bestValidationAccuracy = 0.0;
    std::optional<Scores> lastValidation;
};

/// The lasting record of a run, as it stands in session.json.
struct Session {
    std::string id; ///< Name of the session's folder.
    std::string name;
    std::string notes;
    std::vector<std::string> tags;
    std::string created; ///< ISO 8601 UTC.
    Recipe recipe;
    SessionEnvironment environment;
    SessionState state = SessionState::Running;
    std::string error; ///< Why it failed; empty otherwise.
    std::vector<Intervention> interventions;
    std::vector<MetricPoint> steps;
    std::vector<EpochRecord> epochs;
    LayerTable layers;
    std::vector<CheckpointRecord> checkpoints;
    SessionSummary summary;
    nlohmann::ordered_json parent; ///< Of a branch: `{"id", "step"}`; null otherwise.
    nlohmann::ordered_json unknown = nlohmann::ordered_json::object(); ///< Keys we do not know; kept.
};

nlohmann::ordered_json toJson(const Session& session);
Result<Session> sessionFromJson(const nlohmann::ordered_json& json, const std::string& where);

} // namespace frostline
