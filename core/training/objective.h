#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <torch/types.h>

#include "base/error.h"
#include "data/batch_feed.h"
#include "data/data_set.h"
#include "training/metrics.h"
#include "training/recipe.h"

namespace frostline {

/// What one batch gave.
struct BatchFigures {
    double loss = 0.0;          ///< Mean over the batch.
    std::int64_t correct = 0;   ///< Of tasks with accuracy.
    std::int64_t amongFive = 0; ///< Whose class is among the five most likely.
    double mae = kNoFigure;     ///< Mean absolute error, of tasks without accuracy.
    double squares = kNoFigure; ///< Mean squared error of images, whose values are taken to be 0 to 1.
};

/// What a recipe's task asks of a network: how many outputs, what they should be, the loss, and what is
/// counted beside it. Belongs to the thread that trains.
class Objective {
public:
    /// An error where the task cannot be learned from such data.
    static Result<Objective> create(const Recipe& recipe, const DataSet& data);

    Task task() const { return m_task; }
    bool hasTopFive() const;
    /// Values that the network gives for each sample; of no meaning where it gives an image.
    std::int64_t outputs() const { return m_outputs; }
    /// Whether it gives an image of the input's shape.
    bool isImage() const { return m_task == Task::Reconstruction; }

    /// Classes [N]; or 0 and 1 [N, 1]; or values [N, ...]. `input` is what the network was given for these
    /// samples, where it is at hand: it need not be gathered again to be its own target.
    torch::Tensor targets(const BatchFeed& feed, std::span<const std::int64_t> samples,
                          const torch::Tensor& input = {}) const;
    /// Mean over the batch. Throws where the network's outputs are not as many as the targets.
    torch::Tensor loss(const torch::Tensor& outputs, const torch::Tensor& targets) const;
    /// [N], of each sample.
    torch::Tensor lossOfEach(const torch::Tensor& outputs, const torch::Tensor& targets) const;
    /// Of each class [N, C]; of the second of two [N, 1].
    torch::Tensor probabilities(const torch::Tensor& outputs) const;

    enum class Wanted {
        ForStep, ///< Loss, and how many are right or how far off they are: what training shows.
        All,
    };
    /// `loss` is the batch's. A device is waited for once.
    BatchFigures figures(const torch::Tensor& outputs, const torch::Tensor& targets,
                         const torch::Tensor& loss, Wanted wanted) const;

private:
    Objective() = default;
    torch::Tensor reduced(const torch::Tensor& outputs, const torch::Tensor& targets,
                          std::int64_t reduction) const;
    BatchFigures counts(const torch::Tensor& outputs, const torch::Tensor& targets, const torch::Tensor& loss,
                        Wanted wanted) const;
    BatchFigures errors(const torch::Tensor& outputs, const torch::Tensor& targets, const torch::Tensor& loss,
                        Wanted wanted) const;

    Task m_task = Task::Classes;
    LossKind m_loss = LossKind::CrossEntropy;
    double m_smoothing = 0.0;
    std::int64_t m_outputs = 0;
    std::vector<float> m_range; ///< Of pixels: a channel's deviation. Empty where values have no range.
};

/// Adds up batches to the figures of a split. The set must outlive it.
class ScoreSums {
public:
    ScoreSums(const Objective& objective, const DataSet& set) : m_objective(&objective), m_set(&set) {}

    void add(const torch::Tensor& outputs, const torch::Tensor& targets,
             std::span<const std::int64_t> samples);
    Scores scores() const;

private:
    void addClips(const torch::Tensor& outputs, std::span<const std::int64_t> samples);

    const Objective* m_objective;
    const DataSet* m_set;
    double m_loss = 0.0; ///< This and the next: each sample's.
    double m_absolute = 0.0;
    double m_squares = 0.0;
    std::int64_t m_correct = 0;
    std::int64_t m_amongFive = 0;
    std::int64_t m_samples = 0;
    std::vector<float> m_probabilities; ///< Of data with recordings; so are the next.
    std::vector<std::int64_t> m_labels;
    std::vector<std::int64_t> m_clips;
};

} // namespace frostline
