#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/batch_feed.h"
#include "data/image_set.h"
#include "model/network.h"
#include "pruning/pruner.h"
#include "training/checkpoint.h"
#include "training/intervention.h"
#include "training/metrics.h"
#include "training/optimizer.h"
#include "training/recipe.h"
#include "training/run.h"

namespace frostline {

/// Network, data, optimizer and masks of one run, and what one step does to them.
/// Knows nothing of sessions, pauses or epochs. Belongs to the thread that trains.
class Trainer {
public:
    static Result<std::unique_ptr<Trainer>> create(const Recipe& recipe, torch::Device device);

    const LayerTable& table() const { return m_table; }
    std::shared_ptr<const ImageSplits> data() const { return m_data; }
    std::vector<NamedTensor> weights() const { return m_network->state(); }
    double learningRate() const { return m_optimizer->options().learningRate; }
    double sparsity() const { return m_pruner->sparsity(); }
    bool hasTrainable() const;

    /// Puts a change in force. An error changes nothing.
    Status apply(const Change& change);

    struct StepOutcome {
        double loss = 0.0;
        std::int64_t correct = 0;
        std::string problem; ///< Why the step was not applied; empty where it was.
        bool undid = false;  ///< Whether the update before it was taken back.
    };
    /// One optimizer step on training images. Where loss, gradient or statistics are not finite it is not
    /// applied, and the update before it, which led there, is taken back: the last good state is kept.
    StepOutcome step(Step step, std::span<const std::int64_t> indices);

    /// Mean loss and accuracy without training; nothing where it was stopped on the way.
    std::optional<Scores> evaluate(const ImageSet& images, const std::stop_token& stop);

    /// Brings drift, gradient norm and sparsity of the table up to date.
    void measure();

    CostEstimate estimateCost(std::int64_t batchSize);

    /// A copy of all that training changes. `interventions` of the session are in force in it.
    Checkpoint checkpoint(Step step, std::size_t interventions);
    /// Goes on from there. An error changes nothing.
    Status restore(const Checkpoint& checkpoint);

private:
    Trainer(const Recipe& recipe, torch::Device device) : m_recipe(recipe), m_device(device) {}
    Status build();
    Status applyRules();
    Status checkSparsityReaches() const;
    torch::Tensor logits(const torch::Tensor& images);
    torch::Tensor frozenPrefix(const torch::Tensor& images, int line);
    Status applyToLayers(const Change& change);
    void settingsChanged();
    void masksChanged();
    void showMasks();
    std::vector<std::string> slotNames() const;
    double driftOf(std::size_t row) const;
    std::int64_t keptActivations() const;

    Recipe m_recipe;
    torch::Device m_device;
    std::shared_ptr<const ImageSplits> m_data;
    std::optional<BatchFeed> m_feed;
    std::unique_ptr<Network> m_network;
    LayerTable m_table;
    std::vector<std::size_t> m_rowOfSlot; ///< Row of the table for each optimizer slot.
    std::optional<Optimizer> m_optimizer;
    std::optional<Pruner> m_pruner;
    bool m_hasGradients = true; ///< False from a restored state up to the first step.
    std::vector<torch::Tensor>
        m_initial; ///< Parameters and statistics at the start, in the order of state().
};

} // namespace frostline
