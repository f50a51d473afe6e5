#include "training/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "base/machine.h"
#include "base/random.h"
#include "base/resources.h"
#include "data/load_images.h"
#include "model/architectures/architecture.h"
#include "model/layer_changes.h"
#include "training/starting_layers.h"
#include "weights/load_weights.h"

namespace frostline {

namespace {

constexpr std::int64_t kPrefixRows = 32; ///< The frozen prefix always runs on multiples of this.
constexpr std::int64_t kEvaluationBatch = 256;

/// Copies of the running statistics that a step may change, so that a failed step leaves no trace.
class StatisticsBackup {
public:
    explicit StatisticsBackup(const Network& network)
    {
        for (const auto& node : network.nodes()) {
            if (!node.layer || !node.layer->isActive())
                continue;
            for (const auto& buffer : node.layer->buffers())
                m_copies.emplace_back(buffer.tensor, buffer.tensor.clone());
        }
    }
    /// Activations can overflow a running variance while the loss, being normalised, stays finite.
    bool isStillFinite() const
    {
        return std::ranges::all_of(m_copies, [](const auto& entry) {
            return !entry.first.is_floating_point() || std::isfinite(squaredNorm(entry.first));
        });
    }
    void restore() const
    {
        const torch::NoGradGuard guard;
        for (const auto& [tensor, copy] : m_copies)
            torch::Tensor(tensor).copy_(copy);
    }

private:
    std::vector<std::pair<torch::Tensor, torch::Tensor>> m_copies;
};

std::int64_t correctOf(const torch::Tensor& logits, const torch::Tensor& labels)
{
    return logits.argmax(1).eq(labels).sum().item<std::int64_t>();
}

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

Result<std::unique_ptr<Trainer>> Trainer::create(const Recipe& recipe, torch::Device device)
{
    std::unique_ptr<Trainer> trainer(new Trainer(recipe, device));
    if (const auto built = trainer->build(); !built)
        return tl::unexpected(built.error());
    return trainer;
}

Status Trainer::build()
{
    auto data = loadImages(m_recipe.data, m_recipe.seed, m_recipe.folder);
    if (!data)
        return tl::unexpected(data.error());
    m_data = std::make_shared<const ImageSplits>(std::move(*data));
    const auto& train = m_data->train;
    m_feed.emplace(train, m_recipe.data.mean, m_recipe.data.deviation, m_device);
    auto network = buildNetwork(m_recipe.model, {train.channels, train.height, train.width},
                                static_cast<std::int64_t>(train.classNames.size()), m_recipe.seed);
    if (!network)
        return badInput(m_recipe.source + network.error().message);
    m_network = std::move(*network);
    m_table = m_network->describe({train.channels, train.height, train.width});
    if (!m_recipe.model.weights.empty()) {
        const auto loaded =
            resolvePath(m_recipe.model.weights, m_recipe.folder).and_then([this](const auto& file) {
                return loadWeights(*m_network, file, m_recipe.model.head ? m_network->headName() : "");
            });
        if (!loaded)
            return loaded;
    }
    m_network->to(m_device);
    for (const auto& [name, tensor] : m_network->state())
        m_initial.push_back(tensor.detach().clone());
    return applyRules().map_error([this](Error error) {
        error.message.insert(0, m_recipe.source);
        return error;
    });
}

Status Trainer::applyRules()
{
    for (const auto& rule : m_recipe.layers) {
        if (changesOf(rule).empty() && matchLeaves(m_table, rule.match).empty())
            return badInput("/layers: pattern \"" + rule.match + "\" matches no layer");
    }
    for (const auto& change : startingChanges(m_recipe)) {
        if (const auto applied = applyChange(m_table, change); !applied)
            return badInput("/layers: " + applied.error().message);
    }
    if (const auto reaches = checkSparsityReaches(); !reaches)
        return reaches;
    std::vector<torch::Tensor> parameters;
    for (std::size_t row = 0; row < m_table.size(); ++row) {
        if (!m_table[row].isLeaf)
            continue;
        for (const auto& parameter : m_network->nodes()[row].layer->parameters()) {
            parameters.push_back(parameter.tensor);
            m_rowOfSlot.push_back(row);
        }
    }
    m_optimizer.emplace(m_recipe.optimizer, parameters);
    m_pruner.emplace(*m_network, m_table);
    settingsChanged();
    masksChanged();
    return {};
}

/// A sparsity asked for by name that frozen layers keep from being put in force is said, not dropped.
Status Trainer::checkSparsityReaches() const
{
    for (const auto& rule : m_recipe.layers) {
        const auto leaves = matchLeaves(m_table, rule.match);
        const bool reaches = m_recipe.pruning.frozen || std::ranges::any_of(leaves, [this](int leaf) {
                                 const auto& layer = m_table[static_cast<std::size_t>(leaf)];
                                 return layer.prunable > 0 && layer.settings.trainable;
                             });
        if (rule.sparsity.value_or(0.0) > 0.0 && !reaches)
            return badInput("/layers: sparsity of \"" + rule.match +
                            "\": all these layers are frozen and keep their weights; allow it with "
                            "\"pruning\": {\"frozen\": true}");
    }
    return {};
}

bool Trainer::hasTrainable() const
{
    return totalsOf(m_table).trainable > 0;
}

Status Trainer::apply(const Change& change)
{
    switch (change.kind) {
    case ChangeKind::LearningRate: {
        const auto* rate = std::get_if<double>(&change.value);
        if (!rate || !(*rate >= 0.0) || *rate > 1000.0)
            return badInput("learning_rate takes a number from 0 to 1000");
        m_optimizer->setLearningRate(*rate);
        return {};
    }
    case ChangeKind::PruneFrozen:
        if (!std::holds_alternative<bool>(change.value))
            return badInput("prune_frozen takes on or off");
        m_recipe.pruning.frozen = std::get<bool>(change.value);
        masksChanged();
        return {};
    case ChangeKind::Optimizer:
        return m_optimizer->change(change.target, change.value);
    case ChangeKind::Note:
    case ChangeKind::Diverged:
        return {};
    default:
        return applyToLayers(change);
    }
}

Status Trainer::applyToLayers(const Change& change)
{
    auto table = m_table;
    const auto leaves = applyChange(table, change);
    if (!leaves)
        return tl::unexpected(leaves.error());
    const bool reaches = m_recipe.pruning.frozen || std::ranges::any_of(*leaves, [&table](int leaf) {
                             return table[static_cast<std::size_t>(leaf)].settings.trainable;
                         });
    if (change.kind == ChangeKind::Sparsity && !reaches)
        return badInput(
            "pattern \"" + change.target +
            "\" matches frozen layers only, which keep their weights; allow it with prune_frozen=on");
    m_table = std::move(table);
    settingsChanged();
    // A thaw can let a target come true that freezing had held back.
    if (change.kind == ChangeKind::Sparsity || change.kind == ChangeKind::Trainable)
        masksChanged();
    return {};
}

void Trainer::settingsChanged()
{
    m_network->configure(m_table, true);
    for (std::size_t i = 0; i < m_rowOfSlot.size(); ++i)
        m_optimizer->slots()[i].multiplier = m_table[m_rowOfSlot[i]].settings.rateMultiplier;
}

void Trainer::masksChanged()
{
    m_pruner->apply(m_table, m_recipe.pruning.scope, m_recipe.pruning.frozen);
    m_optimizer->forgetLastStep();
    showMasks();
}

/// Gives the masks to the optimizer and the table.
void Trainer::showMasks()
{
    for (std::size_t i = 0; i < m_rowOfSlot.size(); ++i) {
        auto& slot = m_optimizer->slots()[i];
        if (slot.parameter.dim() >= 2)
            slot.mask = m_pruner->maskOf(m_rowOfSlot[i]);
    }
    for (std::size_t row = 0; row < m_table.size(); ++row)
        m_table[row].sparsity = m_pruner->sparsityOf(row);
}

torch::Tensor Trainer::logits(const torch::Tensor& images)
{
    const int line = frostLine(m_table);
    return m_network->forward(frozenPrefix(images, line), line, m_network->stageCount());
}

/// Always on a multiple of 32 rows, filled up with zeros: the last bit of some kernels depends on the number
/// of rows, and a sample's features must not depend on the batch that it happens to be in.
torch::Tensor Trainer::frozenPrefix(const torch::Tensor& images, int line)
{
    if (line == 0)
        return images;
    const torch::NoGradGuard guard;
    const auto rows = images.size(0);
    const auto missing = (kPrefixRows - rows % kPrefixRows) % kPrefixRows;
    auto padded = images;
    if (missing > 0) {
        auto shape = images.sizes().vec();
        shape[0] = missing;
        padded = torch::cat({images, torch::zeros(shape, images.options())});
    }
    return m_network->forward(padded, 0, line).narrow(0, 0, rows);
}

Trainer::StepOutcome Trainer::step(Step step, std::span<const std::int64_t> indices)
{
    const auto batch = m_feed->batch(indices);
    const StatisticsBackup statistics(*m_network);
    m_network->seedDropout(streamSeed(m_recipe.seed, Purpose::Dropout, static_cast<std::uint64_t>(step)));
    m_optimizer->dropGradients();
    m_hasGradients = true;
    const auto scores = logits(batch.images);
    const auto loss = torch::cross_entropy_loss(scores, batch.labels);
    StepOutcome outcome{loss.item<double>(), 0, {}};
    if (!statistics.isStillFinite()) {
        outcome.problem = "a running statistic is not finite";
    } else if (std::isfinite(outcome.loss)) {
        loss.backward();
        const double norm = m_optimizer->gradientNorm();
        if (!std::isfinite(norm))
            outcome.problem = "the gradient is not finite";
        else if (const double limit = m_optimizer->options().clipNorm; limit > 0.0)
            m_optimizer->clipGradients(norm, limit);
    } else {
        outcome.problem = "the loss is not finite";
    }
    if (!outcome.problem.empty()) {
        statistics.restore();
        m_optimizer->dropGradients();
        outcome.undid = m_optimizer->undoLastStep();
        return outcome;
    }
    m_optimizer->step();
    outcome.correct = correctOf(scores.detach(), batch.labels);
    return outcome;
}

std::optional<Scores> Trainer::evaluate(const ImageSet& images, const std::stop_token& stop)
{
    const torch::NoGradGuard guard;
    const BatchFeed feed(images, m_recipe.data.mean, m_recipe.data.deviation, m_device);
    std::vector<std::int64_t> indices(static_cast<std::size_t>(images.size()));
    std::iota(indices.begin(), indices.end(), std::int64_t{0});
    m_network->configure(m_table, false);
    double loss = 0.0;
    std::int64_t correct = 0;
    for (std::int64_t from = 0; from < images.size() && !stop.stop_requested(); from += kEvaluationBatch) {
        const auto count = std::min(kEvaluationBatch, images.size() - from);
        const auto batch = feed.batch(
            std::span(indices).subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(count)));
        const auto scores = logits(batch.images);
        loss += torch::cross_entropy_loss(scores, batch.labels).item<double>() * static_cast<double>(count);
        correct += correctOf(scores, batch.labels);
    }
    m_network->configure(m_table, true);
    if (stop.stop_requested())
        return std::nullopt;
    const auto total = static_cast<double>(images.size());
    return Scores{loss / total, static_cast<double>(correct) / total};
}

/// |w - w0| / |w0| over a layer's parameters and statistics, in double precision: zero means not one value
/// moved.
double Trainer::driftOf(std::size_t row) const
{
    const torch::NoGradGuard guard;
    const auto* layer = m_network->nodes()[row].layer;
    std::size_t index = 0;
    for (std::size_t before = 0; before < row; ++before) {
        if (const auto* other = m_network->nodes()[before].layer)
            index += other->parameters().size() + other->buffers().size();
    }
    double moved = 0.0;
    double start = 0.0;
    for (const auto* list : {&layer->parameters(), &layer->buffers()}) {
        for (const auto& entry : *list) {
            const auto& initial = m_initial[index++];
            if (!initial.is_floating_point() || torch::equal(entry.tensor, initial)) {
                start += initial.is_floating_point() ? squaredNorm(initial) : 0.0;
                continue;
            }
            start += squaredNorm(initial);
            moved += (entry.tensor.detach().to(torch::kDouble) - initial).pow(2).sum().item<double>();
        }
    }
    return start > 0.0 ? std::sqrt(moved / start) : std::sqrt(moved);
}

void Trainer::measure()
{
    for (std::size_t row = 0; row < m_table.size(); ++row) {
        auto& info = m_table[row];
        if (!info.isLeaf || info.parameters == 0)
            continue;
        info.drift = driftOf(row);
        if (!m_hasGradients)
            continue; // The restored norm stands.
        double squared = 0.0;
        for (const auto& parameter : m_network->nodes()[row].layer->parameters()) {
            if (parameter.tensor.grad().defined())
                squared += squaredNorm(parameter.tensor.grad());
        }
        info.gradientNorm = std::sqrt(squared);
    }
}

/// Values that the layers above the frost line keep for the backward pass, for one sample.
std::int64_t Trainer::keptActivations() const
{
    const int line = frostLine(m_table);
    std::int64_t values = 0;
    for (const auto& layer : m_table) {
        if (layer.isLeaf && layer.stage >= line)
            values += std::accumulate(layer.outputShape.begin(), layer.outputShape.end(), std::int64_t{1},
                                      std::multiplies<>());
    }
    return values;
}

CostEstimate Trainer::estimateCost(std::int64_t batchSize)
{
    const auto totals = totalsOf(m_table);
    const int moments = m_optimizer->options().kind == OptimizerKind::Sgd
                            ? (m_optimizer->options().momentum > 0.0 ? 1 : 0)
                            : 2;
    CostEstimate estimate;
    estimate.trainableFraction = totals.trainableFraction();
    // What the process holds now, weights and their starting values included, and what training adds.
    estimate.memoryBytes =
        residentMemoryBytes() + static_cast<std::int64_t>(sizeof(float)) *
                                    (totals.trainable * (2 + moments) + keptActivations() * batchSize);
    const auto rows = std::min(batchSize, m_feed->size());
    std::vector<std::int64_t> indices(static_cast<std::size_t>(rows));
    std::iota(indices.begin(), indices.end(), std::int64_t{0});
    const StatisticsBackup statistics(*m_network);
    std::vector<double> seconds;
    constexpr int kPasses = 4; // The first warms up.
    for (int i = 0; i < kPasses && totals.trainable > 0; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const auto batch = m_feed->batch(indices);
        torch::cross_entropy_loss(logits(batch.images), batch.labels).backward();
        m_optimizer->gradientNorm(); // Waits for what a device still has queued.
        seconds.push_back(secondsSince(start));
        m_optimizer->dropGradients();
    }
    statistics.restore();
    std::ranges::sort(seconds);
    estimate.stepSeconds = seconds.empty() ? 0.0 : seconds.front();
    estimate.epochSeconds = estimate.stepSeconds *
                            std::ceil(static_cast<double>(m_feed->size()) / static_cast<double>(batchSize));
    return estimate;
}

} // namespace frostline
