#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/batch_feed.h"
#include "data/data_set.h"
#include "model/network.h"
#include "pruning/pruner.h"
#include "training/checkpoint.h"
#include "training/cost.h"
#include "training/frozen_prefix.h"
#include "training/intervention.h"
#include "training/metrics.h"
#include "training/objective.h"
#include "training/optimizer.h"
#include "training/recipe.h"
#include "training/step_outcome.h"
#include "training/step_times.h"

namespace frostline {

struct AdviceProbe;
struct Evaluation;
struct EvaluationRequest;

/// Network, data, optimizer and masks of one run, and what one step does to them.
/// Knows nothing of sessions, pauses or epochs. Belongs to the thread that trains.
class Trainer {
public:
    struct Options {
        ComputeSettings compute;
        std::shared_ptr<FeatureCache> cache;
        LogSink log;
        std::shared_ptr<const DataSplits> data = {}; ///< The recipe's; read if not given.
    };
    static Result<std::unique_ptr<Trainer>> create(const Recipe& recipe, Options options);
    const Options& options() const { return m_options; }
    /// Before the first step: it changes the last bits.
    void setCompute(const ComputeSettings& compute);
    /// A sparsity asked for by name that frozen layers keep from being put in force is said, not dropped.
    Status checkSparsityReaches() const;
    const LayerTable& table() const { return m_table; }
    std::shared_ptr<const DataSplits> data() const { return m_data; }
    std::vector<NamedTensor> weights() const { return m_network->state(); }
    std::string replacedHead() const; ///< The layer that files of weights have another one for; or empty.
    const OptimizerRecipe& optimizer() const { return m_optimizer->options(); }
    /// Base rate times the schedule's factor.
    double rateInForce() const { return m_optimizer->rateInForce(); }
    void setScheduleFactor(double factor) { m_optimizer->setScheduleFactor(factor); }
    double sparsity() const { return m_pruner->sparsity(); }
    bool hasTrainable() const { return m_hasTrainable; }
    /// Puts a change in force. An error changes nothing.
    Status apply(const Change& change);

    using StepOutcome = frostline::StepOutcome;
    /// One optimizer step on the first `count` of these training samples, which SamplePreparer explains; the
    /// others come later in the epoch.
    /// Where loss, gradient or statistics are not finite it is not applied, and the update before it, which
    /// led there, is taken back: the last good state is kept. It is kept where memory runs out, too.
    StepOutcome step(Step step, std::span<const std::int64_t> samples, std::size_t count);

    /// The task's figures over the validation samples without training; nothing where it was stopped on the
    /// way.
    std::optional<Scores> validate(const std::stop_token& stop);
    /// The same figures over a split, and what each sample gave.
    Result<Evaluation> evaluate(const EvaluationRequest& request, const std::stop_token& stop);

    /// Looks at features and gradients for an advice; leaves all as it was.
    Result<AdviceProbe> probe(const std::function<void(int, int)>& progress, const std::stop_token& stop);

    enum class Measure {
        Changing, ///< What may have changed since it was last measured.
        All,      ///< What is frozen, too: that it has not moved is seen anew.
    };
    /// Brings drift, gradient and weight norms and sparsity of the table up to date.
    void measure(Measure what);

    /// Times a few steps without changing anything.
    CostReport estimateCost();
    /// What was measured of late.
    CostReport cost() const;
    /// Seconds of a forward and a backward pass over the first `rows` training images; the best of `passes`.
    double timePasses(std::int64_t rows, int passes);

    /// A copy of all that training changes. `interventions` of the session are in force in it.
    Checkpoint checkpoint(Step step, std::size_t interventions);
    /// Goes on from there. An error changes nothing.
    Status restore(const Checkpoint& checkpoint);
    /// Takes over what was learned: weights, statistics, the optimizer's state. How layers and optimizer are
    /// set stays as it is now, and masks follow that. An error changes nothing.
    Status goBackTo(const Checkpoint& checkpoint);

private:
    friend class TrainerGuard;
    Trainer(const Recipe& recipe, Options options) : m_recipe(recipe), m_options(std::move(options)) {}
    Status build();
    Status loadSplits();
    Status buildNetwork();
    void rememberStart();
    void unsettle();
    Status applyRules();
    torch::Tensor outputsOf(const FrozenPrefix& prefix, const torch::Tensor& features);
    static torch::Tensor inputOf(const FrozenPrefix& prefix, const torch::Tensor& features);
    struct Pass;
    bool runOver(const Pass& pass, const std::stop_token& stop);
    StepOutcome tryStep(std::span<const std::int64_t> samples, std::size_t count);
    StepOutcome outOfMemory(const std::string& place) const;
    Status applyToLayers(const Change& change);
    void settingsChanged();
    void masksChanged();
    void showMasks();
    std::vector<std::string> slotNames() const;
    Status takeOver(const Checkpoint& checkpoint, LayerTable table, const OptimizerRecipe& options);
    int moments() const;
    double driftOf(std::size_t row);
    torch::Tensor copyOf(std::size_t index, const torch::Tensor& tensor);

    Recipe m_recipe;
    Options m_options;
    std::shared_ptr<const DataSplits> m_data;
    std::optional<Objective> m_objective;
    std::optional<BatchFeed> m_feed;
    std::optional<BatchFeed> m_validationFeed;
    std::unique_ptr<Network> m_network;
    std::optional<FrozenPrefix> m_prefix;
    LayerTable m_table;
    std::vector<std::size_t> m_rowOfSlot; ///< Row of the table for each optimizer slot.
    std::optional<Optimizer> m_optimizer;
    std::optional<Pruner> m_pruner;
    bool m_hasTrainable = false;
    bool m_hasGradients = true;           ///< False from a restored state up to the first step.
    std::vector<torch::Tensor> m_initial; ///< At the start, in the order of state().
    std::vector<std::size_t> m_rowOfState;
    /// For each row: frozen, and measured since the layers' settings last changed. For each tensor of
    /// state(): a copy for checkpoints, where its layer is so.
    std::vector<bool> m_isSettled;
    std::vector<torch::Tensor> m_copies;
    std::vector<double> m_initialSquares; ///< Of each row's initial values; -1 not known yet.
    StepTimes m_times;
    std::int64_t m_fixedMemoryBytes = 0;
};

} // namespace frostline
