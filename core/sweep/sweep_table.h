#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "session/compare_facts.h"
#include "sweep/sweep_record.h"

namespace frostline {

/// A point over its seeds; those that are not done are left out.
struct SweepRow {
    const SweepPointRecord* point = nullptr;
    Spread validation; ///< Of the best epoch: accuracy, or loss where the task has none.
    Spread test;       ///< The same figure; of no run where the recipe has no test split of its own.
    Spread seconds;
    Spread trainableShare;
    bool isBest = false; ///< By validation, among the points whose seeds are all done.

    bool isWhole() const { return validation.count == static_cast<int>(point->runs.size()); }
};

/// What came of a sweep, point by point. Refers to its record, which has to outlive it.
struct SweepTable {
    bool byAccuracy = true;
    bool hasDepths = false;
    bool hasTest = false;
    std::vector<std::string> keys; ///< Of the grid.
    std::vector<SweepRow> rows;

    const SweepRow* best() const;
};

SweepTable tableOf(const SweepRecord& record);

/// For a terminal. Mean and sample deviation over seeds; the best by validation has a star.
std::string sweepText(const SweepRecord& record);
/// RFC 4180, with a header: a row for each point. Fractions are 0..1, times in seconds.
std::string sweepCsv(const SweepRecord& record);
/// The record's points, with mean and deviation of each figure.
nlohmann::ordered_json sweepJson(const SweepRecord& record);
/// A picture that stands alone: validation and test over the first axis, below them time and trainable share.
/// Empty while nothing is done.
std::string sweepSvg(const SweepRecord& record);

} // namespace frostline
