#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "training/run.h"

namespace frostline {

/// Where a session that was run again first differs from its record.
struct ReplayDifference {
    Step step = 0;         ///< Steps done where it shows.
    std::string what;      ///< `training loss`, `validation accuracy`, `weights`, ...
    double recorded = 0.0; ///< Not meaningful for weights.
    double replayed = 0.0;
    std::string layer;              ///< The first layer whose weights differ; empty while unknown.
    Step layerStep = 0;             ///< Of the checkpoint that shows it.
    double largestDifference = 0.0; ///< Of its weights, absolute.
};

struct ReplayReport {
    Step steps = 0;      ///< Compared.
    int epochs = 0;      ///< Compared.
    int checkpoints = 0; ///< Compared, weights and all else in them.
    std::optional<ReplayDifference> difference;
    std::vector<std::string> environment; ///< What differs in it, one sentence each.
    bool stopped = false;                 ///< Asked to stop before the end.

    bool isIdentical() const { return !difference && !stopped; }
};

/// Runs a session again from its recipe and interventions, writes nothing, and compares every step, epoch and
/// checkpoint with the record. Uses the recorded number of threads unless `options` names one. Belongs to one
/// thread; `progress` is called on it after each step.
Result<ReplayReport> replay(const std::filesystem::path& sessionFolder, const RunOptions& options,
                            std::stop_token stop,
                            const std::function<void(const RunProgress&)>& progress = {});

} // namespace frostline
