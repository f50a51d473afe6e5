#pragma once

#include <vector>

#include <torch/types.h>

#include "base/error.h"
#include "training/intervention.h"
#include "training/recipe.h"

namespace frostline {

/// Squared norm of a float tensor, summed in double precision.
double squaredNorm(const torch::Tensor& tensor);

/// SGD, Adam and AdamW over a fixed list of parameters, each with a rate multiplier and a mask of its own.
/// A parameter that is frozen or has no gradient is not touched, and neither is its state.
/// State belongs to a parameter, so changing the rate or thawing one layer leaves all other state alone.
class Optimizer {
public:
    struct Slot {
        torch::Tensor parameter;
        double multiplier = 1.0;
        torch::Tensor mask;   ///< Bytes, 0 holds a weight at zero; undefined where nothing is masked.
        torch::Tensor first;  ///< Momentum or first moment; made at the first update.
        torch::Tensor second; ///< Second moment.
        torch::Tensor before; ///< Values before the last update.
        std::int64_t updates = 0;
        bool wasUpdated = false; ///< By the last step, and not undone since.
    };

    /// Kernels need float parameters on the CPU; tensor operations work on every device.
    enum class Path { Automatic, Tensors };

    Optimizer(const OptimizerRecipe& options, const std::vector<torch::Tensor>& parameters,
              Path path = Path::Automatic);

    /// Makes room for all that step() writes: memory that runs out, runs out before anything has moved.
    void prepare();
    void step();
    /// Takes the last step's update back and starts the optimizer's state afresh: what to do when a run
    /// diverges. False where there is none to take back. Layers frozen since then are left alone.
    bool undoLastStep();
    /// Weights were changed from outside: the last step cannot be taken back any more.
    void forgetLastStep();
    /// Scales all gradients so that their common norm is at most `limit`.
    void clipGradients(double norm, double limit);
    /// Norm over all gradients; not finite where any of them is not.
    double gradientNorm() const;
    /// Drops gradients: the next backward pass starts fresh ones.
    void dropGradients();

    const OptimizerRecipe& options() const { return m_options; }
    void setLearningRate(double rate) { m_options.learningRate = rate; }
    /// What the schedule makes of the rate: a factor to it. Belongs to the step, not to the state.
    void setScheduleFactor(double factor) { m_scheduleFactor = factor; }
    double scheduleFactor() const { return m_scheduleFactor; }
    /// Of a parameter whose multiplier is 1.
    double rateInForce() const { return m_options.learningRate * m_scheduleFactor; }
    /// A change of kind starts with fresh state; any other field keeps it. Refused where it makes no sense.
    Status change(const std::string& field, const ChangeValue& value);

    std::vector<Slot>& slots() { return m_slots; }
    const std::vector<Slot>& slots() const { return m_slots; }
    /// Goes on from an earlier state; slots in the order of the parameters.
    void restore(const OptimizerRecipe& options, std::vector<Slot> slots)
    {
        m_options = options;
        m_slots = std::move(slots);
    }

private:
    bool usesMomentum() const;
    void prepareState(Slot& slot);
    void updateOnCpu(Slot& slot);
    void updateWithTensors(Slot& slot);

    OptimizerRecipe m_options;
    double m_scheduleFactor = 1.0;
    std::vector<Slot> m_slots;
    Path m_path;
};

} // namespace frostline
