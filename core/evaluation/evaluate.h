#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "data/data_set.h"
#include "evaluation/evaluation.h"
#include "training/recipe.h"

namespace frostline {

/// What is to be evaluated of a split.
struct EvaluationRequest {
    Split split = Split::Validation;
    std::vector<std::int64_t> samples; ///< Only these, by where they stand in the split; empty: all.
    bool keepsOutputs = true; ///< Images given back take as much memory again as those that went in, twice.
    /// Called after each batch, on the thread that evaluates.
    std::function<void(std::int64_t done, std::int64_t all)> progress;
};

/// Whose weights, and what they are run with.
struct EvaluationOptions {
    std::optional<Step> step; ///< Of a session: the checkpoint of this step; the last if not given ...
    bool isBest = false;      ///< ... or the best.
    std::string device =
        "auto";      ///< `auto` (as the session recorded, where there is such a one), `cpu`, `cuda`.
    int threads = 0; ///< 0: as recorded, else as the recipe says, else one for each core.
    std::shared_ptr<const DataSplits> data; ///< Of that recipe, where somebody has read them already.
    LogSink log;
};

/// Runs the network as the recipe starts it.
Result<Evaluation> evaluateRecipe(const Recipe& recipe, const EvaluationRequest& request,
                                  const EvaluationOptions& options, const std::stop_token& stop = {});

/// Runs the network as a session's checkpoint holds it. Computed as it was recorded, the validation split
/// gives what the session says of that step, to the bit. The session may be one that is running: its newest
/// checkpoint on the disk is taken.
/// Both read the data and build a network of their own, for this call alone: any thread may do so.
Result<Evaluation> evaluateSession(const std::filesystem::path& folder, const EvaluationRequest& request,
                                   const EvaluationOptions& options, const std::stop_token& stop = {});

/// Writes `logits` [N, C] (or `outputs` [N, ...] of tasks without classes), `targets` and `index` [N], where
/// each sample stands in its split, as safetensors.
Status savePredictions(const Evaluation& evaluation, const std::filesystem::path& file);

} // namespace frostline
