// Trainer: a split's figures, without training.

#include <algorithm>
#include <numeric>

#include "evaluation/evaluate.h"
#include "training/autocast.h"
#include "training/feature_cache.h"
#include "training/trainer.h"

namespace frostline {

namespace {

constexpr std::int64_t kEvaluationBatch = 256;

void append(std::vector<float>& values, const torch::Tensor& tensor)
{
    const auto all = tensor.to(torch::kCPU, torch::kFloat).contiguous();
    values.insert(values.end(), all.data_ptr<float>(), all.data_ptr<float>() + all.numel());
}

/// Of the classes' scores, or of the one logit's.
void appendPredicted(Evaluation& evaluation, const torch::Tensor& outputs, const torch::Tensor& probabilities)
{
    const auto scores = outputs.cpu().contiguous();
    const auto shares = probabilities.cpu().contiguous();
    const auto classes = scores.size(1);
    const auto* row = scores.data_ptr<float>();
    const auto* share = shares.data_ptr<float>();
    for (std::int64_t i = 0; i < scores.size(0); ++i, row += classes, share += classes) {
        const bool isSecond = *row > 0.0f;
        const auto told = classes == 1 ? std::int64_t{isSecond} : std::max_element(row, row + classes) - row;
        const float confidence = classes > 1 ? share[told] : isSecond ? *share : 1.0f - *share;
        evaluation.predicted.push_back(told);
        evaluation.confidences.push_back(confidence);
    }
}

std::vector<std::int64_t> allOf(std::int64_t size)
{
    std::vector<std::int64_t> samples(static_cast<std::size_t>(size));
    std::iota(samples.begin(), samples.end(), std::int64_t{0});
    return samples;
}

const DataSet& setOf(const DataSplits& data, Split split)
{
    return split == Split::Train ? data.train : split == Split::Test ? data.test : data.validation;
}

Status checkRequest(const EvaluationRequest& request, const DataSet& set, const std::string& source)
{
    if (set.size() == 0)
        return badInput(source + "the data have no samples for " + std::string(nameOf(request.split)) +
                        "; take another split");
    for (const auto sample : request.samples) {
        if (sample < 0 || sample >= set.size())
            return badInput("the split " + std::string(nameOf(request.split)) + " has no sample " +
                            std::to_string(sample) + "; it has 0 to " + std::to_string(set.size() - 1));
    }
    return {};
}

} // namespace

/// Samples that the network is to be run over, and what becomes of each batch.
struct Trainer::Pass {
    FrozenPrefix& prefix;
    FeatureCache::Split split;
    const BatchFeed& feed;
    const std::vector<std::int64_t>& samples;
    std::function<void(const torch::Tensor& outputs, const torch::Tensor& targets,
                       std::span<const std::int64_t> samples)>
        take;
};

/// As in inference. False where it was stopped on the way.
bool Trainer::runOver(const Pass& pass, const std::stop_token& stop)
{
    const torch::NoGradGuard guard;
    const Autocast autocast(m_recipe.compute.precision, m_options.compute.device);
    m_network->configure(m_table, false);
    for (auto rest = std::span(pass.samples); !rest.empty() && !stop.stop_requested();) {
        const auto count = std::min(static_cast<std::size_t>(kEvaluationBatch), rest.size());
        const auto features = pass.prefix.forward(pass.split, rest, count);
        const auto targets =
            m_objective->targets(pass.feed, rest.first(count), inputOf(pass.prefix, features));
        pass.take(outputsOf(pass.prefix, features), targets, rest.first(count));
        rest = rest.subspan(count);
    }
    m_network->configure(m_table, true);
    return !stop.stop_requested();
}

std::optional<Scores> Trainer::validate(const std::stop_token& stop)
{
    ScoreSums sums(*m_objective, m_data->validation);
    const auto samples = allOf(m_validationFeed->size());
    const Pass pass{*m_prefix, FeatureCache::Validation, *m_validationFeed, samples,
                    [&sums](const torch::Tensor& outputs, const torch::Tensor& targets,
                            std::span<const std::int64_t> some) { sums.add(outputs, targets, some); }};
    return runOver(pass, stop) ? std::optional(sums.scores()) : std::nullopt;
}

Result<Evaluation> Trainer::evaluate(const EvaluationRequest& request, const std::stop_token& stop)
{
    const auto& set = setOf(*m_data, request.split);
    if (const auto fits = checkRequest(request, set, m_recipe.source); !fits)
        return tl::unexpected(fits.error());
    Evaluation evaluation;
    evaluation.split = request.split;
    evaluation.task = m_objective->task();
    evaluation.classNames = set.classNames;
    const auto samples = request.samples.empty() ? allOf(set.size()) : request.samples;
    ScoreSums sums(*m_objective, set);
    const auto take = [&](const torch::Tensor& outputs, const torch::Tensor& targets,
                          std::span<const std::int64_t> some) {
        sums.add(outputs, targets, some);
        append(evaluation.losses, m_objective->lossOfEach(outputs, targets));
        evaluation.samples.insert(evaluation.samples.end(), some.begin(), some.end());
        if (hasAccuracy(evaluation.task)) {
            for (const auto sample : some)
                evaluation.labels.push_back(set.labels[static_cast<std::size_t>(sample)]);
            appendPredicted(evaluation, outputs, m_objective->probabilities(outputs));
        }
        evaluation.outputShape.assign(outputs.sizes().begin() + 1, outputs.sizes().end());
        if (request.keepsOutputs)
            append(evaluation.outputs, outputs);
        if (request.keepsOutputs && !hasAccuracy(evaluation.task))
            append(evaluation.targets, targets);
        if (request.progress)
            request.progress(static_cast<std::int64_t>(evaluation.size()),
                             static_cast<std::int64_t>(samples.size()));
    };
    // A prefix of its own, without a cache: what training keeps stays as it is.
    const auto& data = m_recipe.data;
    const BatchFeed feed(SamplePreparer(set, data.inputSize), data.mean, data.deviation,
                         m_options.compute.device);
    FrozenPrefix prefix(*m_network, {&feed, &feed}, m_recipe,
                        std::make_shared<FeatureCache>(FeatureOptions{.enabled = false, .folder = {}}), {});
    prefix.setCompute(m_options.compute);
    prefix.layersChanged(m_prefix->line());
    evaluation.isStopped = !runOver({prefix, FeatureCache::Validation, feed, samples, take}, stop);
    evaluation.scores = sums.scores();
    return evaluation;
}

} // namespace frostline
