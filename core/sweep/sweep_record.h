#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "training/metrics.h"

namespace frostline {

/// Where a point lies on the axes of its sweep.
struct SweepPlace {
    int depth = 0;      ///< So many of the top stages train; 0: as the recipe has it.
    std::string lowest; ///< The lowest of them.
    std::vector<std::pair<std::string, std::string>> values; ///< What the recipe's keys are set to.

    bool operator==(const SweepPlace&) const = default;
};

/// `depth 2 (block4), batch_size=10`; empty for the only point of a sweep without axes.
std::string textOf(const SweepPlace& place);

enum class SweepState { Waiting, Running, Stopped, Finished, Failed };

std::string_view nameOf(SweepState state);

/// What came of one run.
struct SweepFigures {
    int bestEpoch = 0;                ///< 0: no epoch was validated.
    std::optional<Scores> validation; ///< Of that epoch.
    std::optional<Scores> test;       ///< Where the recipe has a test split apart from validation.
    double seconds = 0.0;             ///< Of training and validation.
    double trainableShare = 0.0;      ///< 0..1, on average over the steps.
};

struct SweepRunRecord {
    std::uint64_t seed = 1;
    SweepState state = SweepState::Waiting;
    std::string session; ///< Name of its folder in the sweep's; empty before it began.
    std::string error;   ///< Why it failed.
    std::optional<SweepFigures> figures;
};

struct SweepPointRecord {
    SweepPlace place;
    std::vector<SweepRunRecord> runs; ///< One for each seed.
};

/// The lasting record of a sweep, as it stands in sweep.json.
struct SweepRecord {
    std::string name;
    std::string created;
    nlohmann::ordered_json plan;
    int threads = 0; ///< Of every run; 0 before the first one began.
    std::vector<SweepPointRecord> points;

    std::size_t runs() const;
    std::size_t runsIn(SweepState state) const;
};

nlohmann::ordered_json toJson(const SweepRecord& record);
Result<SweepRecord> sweepFromJson(const nlohmann::ordered_json& json, const std::string& where);

inline constexpr const char* kSweepFile = "sweep.json";
Result<SweepRecord> loadSweep(const std::filesystem::path& folder);
Status saveSweep(const SweepRecord& record, const std::filesystem::path& folder);

} // namespace frostline
