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
    std::string precision = "fp32";
    std::string memoryFormat = "contiguous";
};

struct CheckpointRecord {
    Step step = 0;
    int epoch = 0;
    std::string file; ///< Relative to the session's folder.
    std::string sha256;
    std::int64_t bytes = 0;
    bool best = false;     ///< By the recipe's monitor, at the time it was written.
    bool restore = false;  ///< The best of its phase, which the phase's end may go back to.
    bool periodic = false; ///< Asked for by `every_epochs` or `every_steps`; the budget may remove it.
    std::size_t interventions = 0; ///< How many of the session's are in force in it.
};

struct SessionSummary {
    Step steps = 0;
    double seconds = 0.0; ///< Pauses left out.
    /// By validation accuracy, or by loss where the task has no accuracy; 0 while there is none.
    int bestEpoch = 0;
    double bestValidationAccuracy = 0.0; ///< kNoFigure where the task has none.
    std::optional<Scores> lastValidation;
    double bestValidationLoss = kNoFigure; ///< Of the best epoch, where the task has no accuracy.

    /// Of the best epoch; nothing while there is none, or where the task has no accuracy.
    std::optional<double> bestAccuracy() const;
};

/// Where a branch left the session it comes from.
struct SessionParent {
    std::string id;
    Step step = 0; ///< Steps before this one are the parent's.

    bool operator==(const SessionParent&) const = default;
};

/// What a list of sessions shows: all of the record but its layers, epochs and step series.
struct SessionHead {
    std::string id; ///< Name of the session's folder.
    std::string name;
    std::string notes;
    std::vector<std::string> tags;
    std::string colour; ///< `#rrggbb`, chosen by the user; empty lets the window choose.
    bool archived = false;
    std::string created; ///< ISO 8601 UTC.
    std::optional<SessionParent> parent;
    Recipe recipe;
    SessionEnvironment environment;
    SessionState state = SessionState::Running;
    std::string error;                 ///< Why it failed, or that it was interrupted; empty otherwise.
    std::vector<Intervention> planned; ///< Scripted changes, made or still to come.
    std::vector<Intervention> interventions;
    std::vector<CheckpointRecord> checkpoints;
    SessionSummary summary;
};

/// The lasting record of a run, as it stands in session.json.
/// A branch holds its parent's steps, epochs and interventions before the step it left at, so that it can be
/// read and replayed without the parent.
struct Session : SessionHead {
    LayerTable layers; ///< As they are at the end.
    std::vector<EpochRecord> epochs;
    std::vector<MetricPoint> steps;
    nlohmann::ordered_json unknown = nlohmann::ordered_json::object(); ///< Keys we do not know; kept.
};

/// Steps, best and last figures as epochs and steps give them.
SessionSummary summaryOf(const Session& session);

/// `steps` stand last, before them what a list does not need.
nlohmann::ordered_json toJson(const Session& session);
Result<Session> sessionFromJson(const nlohmann::ordered_json& json, const std::string& where);

} // namespace frostline
