#pragma once

#include "training/intervention.h"
#include "training/schedule_recipe.h"

namespace frostline {

/// Where in a phase a step lies.
struct ScheduleTime {
    Step step = 0; ///< Since the phase began.
    Step stepsPerEpoch = 1;
    int epochs = 1; ///< Of the phase, at most.
    int drops = 0;  ///< plateau: how often the rate has dropped.
};

/// The rate before multipliers of layers. Equal to torch.optim.lr_scheduler's StepLR, MultiStepLR,
/// ExponentialLR, CosineAnnealingLR, CosineAnnealingWarmRestarts (Loshchilov and Hutter 2017), OneCycleLR
/// (Smith and Topin 2018; the rate alone), ReduceLROnPlateau, and LinearLR for the warm-up. After its length
/// it stays where it ended. A base rate below `minimum` is taken as it is.
double scheduledRate(const ScheduleRecipe& schedule, const ScheduleTime& time, double base);

/// Steps of the warm-up.
Step warmupSteps(const WarmupRecipe& warmup, Step stepsPerEpoch);

/// Counts epochs that did not get better; what plateau schedules and ends of phases have in common.
class PlateauCount {
public:
    PlateauCount(const Watched& watched, double threshold, bool isRelative)
        : m_watched(watched),
          m_threshold(threshold),
          m_isRelative(isRelative)
    {
    }
    void add(double value);
    int badEpochs() const { return m_badEpochs; }
    void forgetBadEpochs() { m_badEpochs = 0; }

private:
    bool isBetter(double value) const;

    Watched m_watched;
    double m_threshold;
    bool m_isRelative;
    double m_best = kNoFigure;
    int m_badEpochs = 0;
};

} // namespace frostline
