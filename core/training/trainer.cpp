#include "training/trainer.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/machine.h"
#include "base/random.h"
#include "base/resources.h"
#include "data/load_data.h"
#include "model/architectures/architecture.h"
#include "model/layer_changes.h"
#include "model/torchscript.h"
#include "training/autocast.h"
#include "training/starting_layers.h"
#include "training/torch_errors.h"
#include "weights/load_weights.h"

namespace frostline {

namespace {

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
        // A constant, such as an attention mask, may be infinite from the start.
        return std::ranges::all_of(m_copies, [](const auto& entry) {
            return !entry.first.is_floating_point() || std::isfinite(squaredNorm(entry.first)) ||
                   !std::isfinite(squaredNorm(entry.second));
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

double weightNormOf(const Network::Node& node)
{
    double squared = 0.0;
    for (const auto& parameter : node.layer->parameters())
        squared += squaredNorm(parameter.tensor.detach());
    return std::sqrt(squared);
}

} // namespace

Result<std::unique_ptr<Trainer>> Trainer::create(const Recipe& recipe, Options options)
{
    std::unique_ptr<Trainer> trainer(new Trainer(recipe, std::move(options)));
    if (const auto built = trainer->build(); !built)
        return tl::unexpected(built.error());
    return trainer;
}

Status Trainer::build()
{
    if (const auto loaded = loadSplits(); !loaded)
        return loaded;
    auto objective = Objective::create(m_recipe, m_data->train);
    if (!objective)
        return badInput(m_recipe.source + objective.error().message);
    m_objective = std::move(*objective);
    const auto& device = m_options.compute.device;
    const auto& data = m_recipe.data;
    m_feed.emplace(SamplePreparer(m_data->train, data, m_recipe.seed), data.mean, data.deviation, device);
    m_validationFeed.emplace(SamplePreparer(m_data->validation, data.inputSize), data.mean, data.deviation,
                             device);
    if (const auto built = buildNetwork(); !built)
        return built;
    m_network->to(device);
    rememberStart();
    m_prefix.emplace(*m_network, FrozenPrefix::Feeds{&*m_feed, &*m_validationFeed}, m_recipe, m_options.cache,
                     m_options.log);
    m_prefix->setCompute(m_options.compute);
    m_fixedMemoryBytes = residentMemoryBytes();
    return applyRules().map_error([this](Error error) {
        error.message.insert(0, m_recipe.source);
        return error;
    });
}

Status Trainer::loadSplits()
{
    m_data = m_options.data;
    if (m_data)
        return {};
    auto data = loadData(m_recipe.data, m_recipe.seed, m_recipe.folder, m_options.log);
    if (!data)
        return tl::unexpected(data.error());
    m_data = std::make_shared<const DataSplits>(std::move(*data));
    return {};
}

Status Trainer::buildNetwork()
{
    const auto& samples = m_feed->samples();
    const InputShape input{samples.channels(), samples.height(), samples.width()};
    const OutputSpec outputs{m_objective->outputs(), m_objective->isImage()};
    auto network = isTorchScript(m_recipe.model)
                       ? openTorchScript(m_recipe.model, m_recipe.folder, input, outputs)
                       : frostline::buildNetwork(m_recipe.model, input, outputs, m_recipe.seed);
    if (!network)
        return badInput(m_recipe.source + network.error().message);
    m_network = std::move(*network);
    for (const auto& note : m_network->notes()) {
        if (m_options.log)
            m_options.log(note.level, note.text);
    }
    m_table = m_network->describe({input.channels, input.height, input.width});
    if (m_recipe.model.weights.empty())
        return {};
    const auto file = resolvePath(m_recipe.model.weights, m_recipe.folder);
    if (!file)
        return tl::unexpected(file.error());
    const auto loaded = loadWeights(*m_network, *file, replacedHead(), m_recipe.model.weightsMatch);
    if (!loaded)
        return tl::unexpected(loaded.error());
    if (!loaded->fits() && m_options.log)
        m_options.log(LogLevel::Warning, "weights " + file->string() + " fit in part: " + summaryOf(*loaded));
    return {};
}

std::string Trainer::replacedHead() const
{
    return m_recipe.model.head ? m_network->headName() : "";
}

void Trainer::rememberStart()
{
    for (const auto& [name, tensor] : m_network->state())
        m_initial.push_back(tensor.detach().clone());
    for (std::size_t row = 0; row < m_table.size(); ++row) {
        if (const auto* layer = m_network->nodes()[row].layer)
            m_rowOfState.insert(m_rowOfState.end(), layer->parameters().size() + layer->buffers().size(),
                                row);
    }
    m_copies.resize(m_initial.size());
    m_isSettled.resize(m_table.size());
    m_initialSquares.resize(m_table.size(), -1.0);
}

/// What frozen layers hold may be something else from now on.
void Trainer::unsettle()
{
    m_prefix->layersChanged(frostLine(m_table));
    m_times.forget();
    m_isSettled.assign(m_table.size(), false);
    m_copies.assign(m_copies.size(), torch::Tensor());
}

void Trainer::setCompute(const ComputeSettings& compute)
{
    m_options.compute = compute;
    at::set_num_threads(compute.threads);
    m_prefix->setCompute(compute);
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

Status Trainer::checkSparsityReaches() const
{
    for (const auto& rule : m_recipe.layers) {
        const auto leaves = matchLeaves(m_table, rule.match);
        const bool reaches = m_recipe.pruning.frozen || std::ranges::any_of(leaves, [this](int leaf) {
                                 const auto& layer = m_table[static_cast<std::size_t>(leaf)];
                                 return layer.prunable > 0 && layer.settings.trainable;
                             });
        if (rule.sparsity.value_or(0.0) > 0.0 && !reaches)
            return badInput(m_recipe.source + "/layers: sparsity of \"" + rule.match +
                            "\": all these layers are frozen and keep their weights; allow it with "
                            "\"pruning\": {\"frozen\": true}");
    }
    return {};
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
    case ChangeKind::Phase:
    case ChangeKind::Restore: // RunLoop has the states to go back to.
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
    m_hasTrainable = totalsOf(m_table).trainable > 0;
    unsettle();
    for (std::size_t i = 0; i < m_rowOfSlot.size(); ++i)
        m_optimizer->slots()[i].multiplier = m_table[m_rowOfSlot[i]].settings.rateMultiplier;
}

void Trainer::masksChanged()
{
    m_pruner->apply(m_table, m_recipe.pruning.scope, m_recipe.pruning.frozen);
    unsettle();
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

/// From the frost line up. The loss wants fp32, whatever the network computes in.
torch::Tensor Trainer::outputsOf(const FrozenPrefix& prefix, const torch::Tensor& features)
{
    return m_network->forward(features, prefix.line(), m_network->stageCount()).to(torch::kFloat);
}

/// What the prefix gave, where that is the network's input itself.
torch::Tensor Trainer::inputOf(const FrozenPrefix& prefix, const torch::Tensor& features)
{
    return prefix.line() == 0 ? features : torch::Tensor();
}

Trainer::StepOutcome Trainer::step(Step step, std::span<const std::int64_t> samples, std::size_t count)
{
    m_times.begin();
    const StatisticsBackup statistics(*m_network);
    m_network->seedDropout(streamSeed(m_recipe.seed, Purpose::Dropout, static_cast<std::uint64_t>(step)));
    m_optimizer->dropGradients();
    m_hasGradients = true;
    std::optional<std::string> placeOfEnd;
    auto outcome = unlessOutOfMemory([&] { return tryStep(samples, count); }, placeOfEnd);
    if (placeOfEnd)
        outcome = outOfMemory(*placeOfEnd);
    else if (outcome.problem.empty() && !statistics.isStillFinite())
        outcome.problem = "a running statistic is not finite";
    if (!outcome.problem.empty()) {
        statistics.restore();
        m_optimizer->dropGradients();
        outcome.undid = !outcome.isOutOfMemory && m_optimizer->undoLastStep();
        return outcome;
    }
    m_optimizer->step();
    m_times.end(m_prefix->hasComputed());
    return outcome;
}

/// Up to the gradients; the weights are as they were.
Trainer::StepOutcome Trainer::tryStep(std::span<const std::int64_t> samples, std::size_t count)
{
    torch::Tensor targets;
    torch::Tensor outputs;
    {
        const Autocast autocast(m_recipe.compute.precision, m_options.compute.device);
        const auto features = m_prefix->forward(FeatureCache::Train, samples, count);
        targets = m_objective->targets(*m_feed, samples.first(count), inputOf(*m_prefix, features));
        m_times.beginNetwork();
        outputs = outputsOf(*m_prefix, features);
    }
    const auto loss = m_objective->loss(outputs, targets);
    const auto figures =
        m_objective->figures(outputs.detach(), targets, loss.detach(), Objective::Wanted::ForStep);
    StepOutcome outcome;
    outcome.loss = figures.loss;
    outcome.mae = figures.mae;
    outcome.accuracy = hasAccuracy(m_objective->task())
                           ? static_cast<double>(figures.correct) / static_cast<double>(count)
                           : kNoFigure;
    if (!std::isfinite(outcome.loss)) {
        outcome.problem = "the loss is not finite";
        return outcome;
    }
    loss.backward();
    m_times.endNetwork();
    m_optimizer->prepare();
    const double norm = m_optimizer->gradientNorm();
    if (!std::isfinite(norm))
        outcome.problem = "the gradient is not finite";
    else if (const double limit = m_optimizer->options().clipNorm; limit > 0.0)
        m_optimizer->clipGradients(norm, limit);
    return outcome;
}

Trainer::StepOutcome Trainer::outOfMemory(const std::string& place) const
{
    StepOutcome outcome;
    outcome.isOutOfMemory = true;
    outcome.problem = "out of memory" + place + "; " + whatNeedsLess(m_table, m_recipe.batchSize, moments());
    return outcome;
}

/// |w - w0| / |w0| over a layer's parameters and statistics, in double precision: zero means not one value
/// moved.
double Trainer::driftOf(std::size_t row)
{
    const torch::NoGradGuard guard;
    const auto first = std::ranges::lower_bound(m_rowOfState, row) - m_rowOfState.begin();
    auto index = static_cast<std::size_t>(first);
    double moved = 0.0;
    double squares = 0.0;
    const bool isKnown = m_initialSquares[row] >= 0.0;
    const auto* layer = m_network->nodes()[row].layer;
    for (const auto* list : {&layer->parameters(), &layer->buffers()}) {
        for (const auto& entry : *list) {
            const auto& initial = m_initial[index++];
            if (!initial.is_floating_point())
                continue;
            if (!isKnown)
                squares += squaredNorm(initial);
            if (!torch::equal(entry.tensor, initial))
                moved += (entry.tensor.detach().to(torch::kDouble) - initial).pow(2).sum().item<double>();
        }
    }
    if (!isKnown)
        m_initialSquares[row] = squares;
    const double start = m_initialSquares[row];
    return start > 0.0 ? std::sqrt(moved / start) : std::sqrt(moved);
}

void Trainer::measure(Measure what)
{
    for (std::size_t row = 0; row < m_table.size(); ++row) {
        auto& info = m_table[row];
        if (!info.isLeaf || info.parameters + info.statisticValues == 0)
            continue;
        if (what == Measure::All || !m_isSettled[row]) {
            info.drift = driftOf(row);
            info.weightNorm = weightNormOf(m_network->nodes()[row]);
        }
        m_isSettled[row] = !info.settings.trainable && !info.statisticsUpdating;
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

int Trainer::moments() const
{
    const auto& options = m_optimizer->options();
    if (options.kind != OptimizerKind::Sgd)
        return 2;
    return options.momentum > 0.0 ? 1 : 0;
}

double Trainer::timePasses(std::int64_t rows, int passes)
{
    std::vector<std::int64_t> samples(static_cast<std::size_t>(std::min(rows, m_feed->size())));
    std::iota(samples.begin(), samples.end(), std::int64_t{0});
    const StatisticsBackup statistics(*m_network);
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i < passes; ++i) {
        m_times.begin();
        torch::Tensor outputs;
        {
            const Autocast autocast(m_recipe.compute.precision, m_options.compute.device);
            const auto features = m_prefix->compute(FeatureCache::Train, samples);
            m_times.beginNetwork();
            outputs = outputsOf(*m_prefix, features);
        }
        m_objective->loss(outputs, m_objective->targets(*m_feed, samples)).backward();
        m_optimizer->gradientNorm(); // Waits for what a device still has queued.
        m_times.endNetwork();
        best = std::min(best, m_times.end(m_prefix->line() > 0));
        m_optimizer->dropGradients();
    }
    statistics.restore();
    return best;
}

CostReport Trainer::estimateCost()
{
    constexpr int kPasses = 4; // The first warms up.
    if (hasTrainable())
        timePasses(m_recipe.batchSize, kPasses);
    return cost();
}

CostReport Trainer::cost() const
{
    CostReport report;
    const auto rows = std::min(m_recipe.batchSize, m_feed->size());
    for (int stage = 0; stage < m_network->stageCount(); ++stage)
        report.stages.push_back(
            {m_network->stagePath(stage), m_network->secondsPerRow(stage) * static_cast<double>(rows)});
    report.overheadSeconds = m_times.overheadSeconds();
    report.stepSeconds = m_times.stepSeconds();
    report.batchSize = rows;
    report.trainSamples = m_feed->size();
    report.moments = moments();
    report.fixedMemoryBytes = m_fixedMemoryBytes;
    report.features = m_prefix->report();
    return report;
}

} // namespace frostline
