#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "session/comparison.h"
#include "session/freeze_history.h"

namespace frostline {

/// Layers that were set otherwise than in the baseline in the same steps. Containers stand for all in them.
struct FreezeGroup {
    std::vector<std::string> layers;
    std::vector<FreezeDifference> intervals; ///< Their path is that of the first layer.
};

struct ComparedSession {
    const Session* session = nullptr;
    std::string label; ///< Its name or id; where others have that name too, with its seed or time.
    SessionFigures figures;
    double trainableShare = 0.0; ///< 0..1, on average over the steps done.
    std::vector<LayerHistory> history;
    std::vector<FreezeDifference> differences; ///< First the baseline, second this one.
    std::vector<FreezeGroup> differenceGroups;
};

/// One number of a session, as every report shows it.
struct Figure {
    enum class Better { Neither, Higher, Lower };

    std::string_view key;
    std::string_view title;
    std::string_view unit; ///< Empty where there is none.
    int decimals = 0;
    double scale = 1.0; ///< From the value to what is shown.
    Better better = Better::Neither;
    std::optional<double> (*of)(const ComparedSession& session) = nullptr;
};

std::span<const Figure> reportFigures();

struct Spread {
    int count = 0;
    double mean = 0.0;
    double deviation = 0.0; ///< Of the sample; 0 for one alone.
};

/// What reports of sessions say, worked out once; each of them only lays it out. The first session is the
/// baseline. Refers to the sessions, which have to outlive it.
struct CompareFacts {
    std::vector<ComparedSession> sessions;
    std::vector<SettingRow> settings;                 ///< Only what differs.
    std::vector<std::vector<std::size_t>> seedGroups; ///< Of two and more.
    std::vector<BranchRow> tree;                      ///< Empty where none is a branch.
};

CompareFacts factsOf(std::span<const Session> sessions);

/// Mean and deviation of a figure over those of a group that have it.
Spread spreadOf(const CompareFacts& facts, const std::vector<std::size_t>& group, const Figure& figure);

std::string_view nameOf(FreezeState state);
/// Decimals as the figure has them, without its unit; a dash where there is no value.
std::string figureText(const Figure& figure, std::optional<double> value);
/// What it is more, `+1.20`, or less, `-0.30`, than the baseline; empty where one of them is missing.
std::string deltaText(const Figure& figure, std::optional<double> value, std::optional<double> baseline);
std::string fixedText(double value, int decimals);

} // namespace frostline
