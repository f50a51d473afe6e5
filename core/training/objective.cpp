#include "training/objective.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>
#include <stdexcept>

#include "data/clip_scores.h"

namespace frostline {

namespace {

constexpr std::int64_t kFive = 5;

std::int64_t valuesIn(const std::vector<std::int64_t>& shape)
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

Status checkData(Task task, const DataSet& data)
{
    const auto classes = data.classNames.size();
    if (task == Task::Binary && classes != 2)
        return badInput("/data/task: binary needs exactly two classes, and the data have " +
                        std::to_string(classes) + "; choose two of them with \"classes\"");
    if (task == Task::Classes && classes < 2)
        return badInput("/data/task: classes needs at least two classes, and the data have " +
                        std::to_string(classes) +
                        "; values or reconstruction are tasks for data without classes");
    if (task == Task::Values && data.targets.empty())
        return badInput("/data/task: values needs numbers that go with each sample, and the data have none; "
                        "the source tensors has them, as data_target");
    return {};
}

/// How many classes come before the sample's own; of equals the first comes first.
std::int64_t rankOf(const float* row, std::int64_t classes, std::int64_t label)
{
    const float own = row[label];
    std::int64_t rank = 0;
    for (std::int64_t i = 0; i < label; ++i)
        rank += row[i] < own ? 0 : 1;
    for (std::int64_t i = label + 1; i < classes; ++i)
        rank += row[i] <= own ? 0 : 1;
    return rank;
}

torch::Tensor isAmongFive(const torch::Tensor& outputs, const torch::Tensor& labels)
{
    const auto own = outputs.gather(1, labels.unsqueeze(1));
    const auto isEarlier = torch::arange(outputs.size(1), labels.options()) < labels.unsqueeze(1);
    return ((outputs > own) | ((outputs == own) & isEarlier)).sum(1) < kFive;
}

void requireSameSize(const torch::Tensor& outputs, const torch::Tensor& targets)
{
    if (outputs.numel() == targets.numel() && outputs.size(0) == targets.size(0))
        return;
    std::ostringstream text;
    text << "the network gives " << outputs.sizes() << " where " << targets.sizes() << " is wanted";
    throw std::runtime_error(text.str());
}

/// To the processor at once, as double.
std::vector<double> numbersOf(const std::vector<torch::Tensor>& scalars)
{
    std::vector<torch::Tensor> wide;
    for (const auto& scalar : scalars)
        wide.push_back(scalar.detach().to(torch::kDouble));
    const auto together = torch::stack(wide).cpu();
    const auto* first = together.data_ptr<double>();
    return {first, first + together.numel()};
}

} // namespace

Result<Objective> Objective::create(const Recipe& recipe, const DataSet& data)
{
    const auto task = recipe.data.task;
    const auto monitor = nameOf(recipe.checkpoints.watched.monitor);
    if (!hasAccuracy(task) && monitor.ends_with("accuracy"))
        return badInput("/checkpoints/monitor: the task " + std::string(nameOf(task)) +
                        " has no accuracy; take validation_loss or train_loss");
    if (const auto fits = checkData(task, data); !fits)
        return tl::unexpected(fits.error());
    Objective objective;
    objective.m_task = task;
    objective.m_loss = lossKindOf(recipe.loss, task);
    objective.m_smoothing = recipe.loss.labelSmoothing;
    if (task == Task::Classes)
        objective.m_outputs = static_cast<std::int64_t>(data.classNames.size());
    else if (task == Task::Reconstruction)
        objective.m_outputs = static_cast<std::int64_t>(data.sampleSize());
    else
        objective.m_outputs = task == Task::Binary ? 1 : valuesIn(data.targetShape);
    if (task == Task::Reconstruction && data.values.empty()) {
        for (const double deviation : recipe.data.deviation)
            objective.m_range.push_back(static_cast<float>(deviation));
    }
    return objective;
}

bool Objective::hasTopFive() const
{
    return m_task == Task::Classes && m_outputs > kFive;
}

torch::Tensor Objective::targets(const BatchFeed& feed, std::span<const std::int64_t> samples,
                                 const torch::Tensor& input) const
{
    switch (m_task) {
    case Task::Reconstruction:
        // A copy: some modules of others work on their input in place.
        return input.defined() ? input.clone() : feed.images(samples);
    case Task::Values:
        return feed.targets(samples);
    case Task::Binary:
        return feed.labels(samples).to(torch::kFloat).unsqueeze(1);
    case Task::Classes:
        break;
    }
    return feed.labels(samples);
}

torch::Tensor Objective::reduced(const torch::Tensor& outputs, const torch::Tensor& targets,
                                 std::int64_t reduction) const
{
    if (m_loss == LossKind::CrossEntropy)
        return torch::cross_entropy_loss(outputs, targets, {}, reduction, -100, m_smoothing);
    requireSameSize(outputs, targets);
    const auto wanted = targets.reshape(outputs.sizes());
    if (m_loss == LossKind::BinaryCrossEntropy)
        return torch::binary_cross_entropy_with_logits(outputs, wanted, {}, {}, reduction);
    return m_loss == LossKind::Mse ? torch::mse_loss(outputs, wanted, reduction)
                                   : torch::l1_loss(outputs, wanted, reduction);
}

torch::Tensor Objective::loss(const torch::Tensor& outputs, const torch::Tensor& targets) const
{
    return reduced(outputs, targets, at::Reduction::Mean);
}

torch::Tensor Objective::lossOfEach(const torch::Tensor& outputs, const torch::Tensor& targets) const
{
    const auto all = reduced(outputs, targets, at::Reduction::None);
    return all.dim() == 1 ? all : all.flatten(1).mean(1);
}

torch::Tensor Objective::probabilities(const torch::Tensor& outputs) const
{
    return m_task == Task::Binary ? outputs.sigmoid() : outputs.softmax(1);
}

BatchFigures Objective::figures(const torch::Tensor& outputs, const torch::Tensor& targets,
                                const torch::Tensor& loss, Wanted wanted) const
{
    return hasAccuracy(m_task) ? counts(outputs, targets, loss, wanted)
                               : errors(outputs, targets, loss, wanted);
}

BatchFigures Objective::counts(const torch::Tensor& outputs, const torch::Tensor& targets,
                               const torch::Tensor& loss, Wanted wanted) const
{
    const bool five = wanted == Wanted::All && hasTopFive();
    BatchFigures figures;
    if (!outputs.device().is_cpu()) {
        const auto told = m_task == Task::Binary ? outputs.gt(0).to(torch::kFloat) : outputs.argmax(1);
        const auto correct = told.eq(targets).sum();
        const auto numbers = numbersOf({loss, correct, five ? isAmongFive(outputs, targets).sum() : correct});
        figures.loss = numbers[0];
        figures.correct = static_cast<std::int64_t>(numbers[1]);
        figures.amongFive = static_cast<std::int64_t>(numbers[2]);
        return figures;
    }
    figures.loss = loss.item<double>();
    // A loop: a small step would spend a tenth of its time in the operators.
    const auto scores = outputs.contiguous();
    const auto* row = scores.data_ptr<float>();
    if (m_task == Task::Binary) {
        const auto* target = targets.data_ptr<float>();
        for (std::int64_t i = 0; i < scores.numel(); ++i)
            figures.correct += (row[i] > 0.0f) == (target[i] > 0.5f) ? 1 : 0;
        return figures;
    }
    const auto classes = scores.size(1);
    const auto* label = targets.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < scores.size(0); ++i, row += classes) {
        const auto rank = rankOf(row, classes, label[i]);
        figures.correct += rank == 0 ? 1 : 0;
        figures.amongFive += rank < kFive ? 1 : 0;
    }
    return figures;
}

BatchFigures Objective::errors(const torch::Tensor& outputs, const torch::Tensor& targets,
                               const torch::Tensor& loss, Wanted wanted) const
{
    const torch::NoGradGuard guard;
    const auto off = outputs.reshape(targets.sizes()) - targets;
    std::vector<torch::Tensor> scalars{loss, off.abs().mean()};
    const bool hasSquares = wanted == Wanted::All && !m_range.empty();
    if (hasSquares) {
        const auto range = torch::tensor(m_range).to(off.device()).reshape({-1, 1, 1});
        scalars.push_back((off * range).square().mean());
    }
    const auto numbers = numbersOf(scalars);
    BatchFigures figures;
    figures.loss = numbers[0];
    figures.mae = numbers[1];
    if (hasSquares)
        figures.squares = numbers[2];
    return figures;
}

void ScoreSums::add(const torch::Tensor& outputs, const torch::Tensor& targets,
                    std::span<const std::int64_t> samples)
{
    const auto figures =
        m_objective->figures(outputs, targets, m_objective->loss(outputs, targets), Objective::Wanted::All);
    const auto count = static_cast<double>(samples.size());
    m_loss += figures.loss * count;
    m_absolute += figures.mae * count;
    m_squares += figures.squares * count;
    m_correct += figures.correct;
    m_amongFive += figures.amongFive;
    m_samples += static_cast<std::int64_t>(samples.size());
    if (hasAccuracy(m_objective->task()) && !m_set->clips.empty())
        addClips(outputs, samples);
}

void ScoreSums::addClips(const torch::Tensor& outputs, std::span<const std::int64_t> samples)
{
    const auto probabilities = m_objective->probabilities(outputs).cpu().contiguous();
    const auto* first = probabilities.data_ptr<float>();
    m_probabilities.insert(m_probabilities.end(), first, first + probabilities.numel());
    for (const auto sample : samples) {
        m_labels.push_back(m_set->labels[static_cast<std::size_t>(sample)]);
        m_clips.push_back(m_set->clips[static_cast<std::size_t>(sample)]);
    }
}

Scores ScoreSums::scores() const
{
    const auto count = static_cast<double>(m_samples);
    Scores scores;
    scores.loss = m_loss / count;
    scores.mae = m_absolute / count;
    scores.psnr = -10.0 * std::log10(m_squares / count);
    const bool isCounted = hasAccuracy(m_objective->task());
    scores.accuracy = isCounted ? static_cast<double>(m_correct) / count : kNoFigure;
    if (m_objective->hasTopFive())
        scores.top5 = static_cast<double>(m_amongFive) / count;
    if (!m_clips.empty())
        scores.clipAccuracy = clipAccuracy(m_probabilities, m_labels, m_clips);
    return scores;
}

} // namespace frostline
