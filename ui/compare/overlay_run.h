#pragma once

#include <optional>
#include <vector>

#include <QStringList>

#include "compare/compared_run.h"
#include "plots/envelope.h"
#include "session/comparison.h"

namespace frostline {

/// What one run gives to one plot.
struct OverlayCurve {
    std::vector<double> x; ///< Of the training curve.
    CurveData training;
    std::vector<CurvePoint> validation;
    std::vector<BandPoint> trainingBand; ///< Only of several seeds, at the curve's points; so is the next.
    std::vector<BandPoint> validationBand;

    /// Heights at a place, where the curves reach it.
    std::optional<double> trainingAt(double place) const;
    std::optional<double> validationAt(double place) const;
};

/// One run as curves over an axis, or the mean of several that differ in their seed alone. Plain data.
struct OverlayRun {
    QStringList folders;
    QString name;
    RunStyle style;
    OverlayCurve loss;
    OverlayCurve accuracy;
    std::optional<double> branchX;  ///< Where a branch left its parent.
    std::optional<CurvePoint> best; ///< Of the validation accuracy.
    int bestEpoch = 0;
    std::vector<double> placeX; ///< Of each step; none for a mean.
    std::vector<Step> placeStep;

    /// The step that stands there or next to it.
    std::optional<Step> stepAt(double place) const;
};

/// Takes a while for long sessions: not on the GUI thread.
std::vector<OverlayRun> overlayOf(const ComparedRuns& sessions, Alignment alignment, bool seedsTogether,
                                  double smoothing);

} // namespace frostline
