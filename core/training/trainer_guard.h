#pragma once

#include <vector>

#include "training/trainer.h"

namespace frostline {

/// Keeps all that steps and changes do to a trainer, and puts it back when it goes, byte for byte: weights
/// and statistics, the optimizer's state and options, masks, the layers' settings and measures, gradients.
/// Belongs to the thread that trains.
class TrainerGuard {
public:
    explicit TrainerGuard(Trainer& trainer);
    TrainerGuard(const TrainerGuard&) = delete;
    TrainerGuard& operator=(const TrainerGuard&) = delete;
    ~TrainerGuard();

private:
    Trainer& m_trainer;
    LayerTable m_table;
    std::vector<torch::Tensor> m_gradients; ///< Of each optimizer slot; undefined where there is none.
    bool m_hasGradients;
    double m_scheduleFactor;
    StepTimes m_times;
    Checkpoint m_checkpoint;
};

} // namespace frostline
