#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "session/session.h"

namespace frostline {

/// One setting of several sessions side by side.
struct SettingRow {
    std::string key;                                ///< Dotted: `optimizer.learning_rate`.
    std::vector<std::optional<std::string>> values; ///< One for each session; nothing where it has none.
    bool differs = false;
};

/// Every setting of the recipes, and threads, device, LibTorch and CPU of the environments, in the recipe's
/// order. Names and notes are no settings.
std::vector<SettingRow> settingsOf(std::span<const SessionHead* const> sessions);

/// Figures of one session that a table of sessions shows.
struct SessionFigures {
    std::optional<Scores> last;         ///< Validation, of the last epoch.
    std::optional<double> bestAccuracy; ///< Validation, 0..1; nothing where the task has none.
    std::optional<double> bestLoss;     ///< Validation, where the task has no accuracy.
    int bestEpoch = 0;                  ///< 0 while there is none.
    Step steps = 0;
    double seconds = 0.0;

    std::optional<double> lastAccuracy() const;
};
SessionFigures figuresOf(const SessionHead& session);

/// How curves of several sessions are laid over one another.
enum class Alignment {
    Steps,
    RelativeSteps, ///< From the first step of a session's own: for a branch, where it left its parent.
    Epochs,        ///< Epochs done, with a fraction.
    Seconds,
};

struct CurvePoint {
    double x = 0.0;
    double y = 0.0;
};

enum class Curve { TrainLoss, TrainAccuracy, ValidationLoss, ValidationAccuracy, LearningRate, Sparsity };

/// A session's curve; points ascend in x, what is not finite is left out. Training curves have a point for
/// each step, validation ones for each epoch.
std::vector<CurvePoint> curveOf(const Session& session, Curve curve, Alignment alignment);

/// Sessions that differ in nothing but the seed (recipe, planned changes, and what was changed by hand).
/// Each group lists indices into `sessions`; a session without a twin is a group of its own. In order of
/// first appearance.
std::vector<std::vector<std::size_t>> seedGroups(std::span<const SessionHead* const> sessions);

/// Mean and sample standard deviation over several curves at the places all of them reach. The places are
/// those of the first; the others are interpolated between their points.
struct BandPoint {
    double x = 0.0;
    double mean = 0.0;
    double deviation = 0.0;
};
std::vector<BandPoint> meanAndBand(std::span<const std::vector<CurvePoint>> curves);

/// One row of a tree of branches: a session and how deep it hangs. Children follow their parent, oldest
/// first; a session whose parent is not among them is a root.
struct BranchRow {
    std::size_t session = 0; ///< Index.
    int depth = 0;
};
std::vector<BranchRow> branchTree(std::span<const SessionHead* const> sessions);

} // namespace frostline
