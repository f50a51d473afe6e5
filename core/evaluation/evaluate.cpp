#include "evaluation/evaluate.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "base/machine.h"
#include "session/session_store.h"
#include "training/compute_choice.h"
#include "training/device.h"
#include "training/feature_cache.h"
#include "training/torch_errors.h"
#include "training/trainer.h"
#include "weights/safetensors.h"
#include "weights/session_weights.h"

namespace frostline {

namespace {

/// Where the session ran, if that is to be had here: another device computes other bits.
Result<torch::Device> deviceFor(const std::string& asked, const std::string& recorded)
{
    if (asked != "auto" || recorded.empty())
        return chooseDevice(asked);
    if (!recorded.starts_with("cuda"))
        return chooseDevice("cpu");
    const auto device = chooseDevice("cuda");
    return device ? device : chooseDevice("cpu");
}

/// A trainer that computes as the session did that `start` tells of, or as its recipe says.
Result<std::unique_ptr<Trainer>> trainerFor(const RunStart& start, const EvaluationOptions& options)
{
    const auto device = deviceFor(options.device, start.recordedOn.device);
    if (!device)
        return tl::unexpected(device.error());
    const int cores = describeMachine().cores;
    at::set_num_threads(cores);
    // One pass: nothing would be read again.
    const auto cache = std::make_shared<FeatureCache>(FeatureOptions{.enabled = false, .folder = {}});
    Trainer::Options own{{*device, cores, MemoryFormat::Contiguous}, cache, options.log, options.data};
    return caught([&] {
        return Trainer::create(start.recipe, std::move(own)).map([&](std::unique_ptr<Trainer> trainer) {
            const bool isRecorded = !start.recordedOn.device.empty();
            const int unmeasured = isRecorded ? 0 : start.recipe.compute.threads.value_or(cores);
            chooseCompute(*trainer, start, options.threads > 0 ? options.threads : unmeasured, cores);
            return trainer;
        });
    });
}

torch::Tensor rowsOf(const std::vector<float>& values, std::size_t rows,
                     const std::vector<std::int64_t>& shape)
{
    auto all = shape;
    all.insert(all.begin(), static_cast<std::int64_t>(rows));
    auto tensor = torch::empty(all);
    std::ranges::copy(values, tensor.data_ptr<float>());
    return tensor;
}

torch::Tensor listOf(const std::vector<std::int64_t>& values)
{
    auto tensor = torch::empty({static_cast<std::int64_t>(values.size())}, torch::kLong);
    std::ranges::copy(values, tensor.data_ptr<std::int64_t>());
    return tensor;
}

} // namespace

Result<Evaluation> evaluateRecipe(const Recipe& recipe, const EvaluationRequest& request,
                                  const EvaluationOptions& options, const std::stop_token& stop)
{
    RunStart start;
    start.recipe = recipe;
    const auto trainer = trainerFor(start, options);
    if (!trainer)
        return tl::unexpected(trainer.error());
    return caught([&] { return (*trainer)->evaluate(request, stop); });
}

Result<Evaluation> evaluateSession(const std::filesystem::path& folder, const EvaluationRequest& request,
                                   const EvaluationOptions& options, const std::stop_token& stop)
{
    std::vector<std::string> remarks;
    const auto session = SessionStore::load(folder, &remarks);
    for (const auto& remark : remarks) {
        if (options.log)
            options.log(LogLevel::Warning, remark);
    }
    if (!session)
        return tl::unexpected(session.error());
    const auto record = chooseCheckpoint(*session, folder, {options.step, options.isBest});
    if (!record)
        return tl::unexpected(record.error());
    RunStart start;
    start.recipe = session->recipe;
    start.recipe.model.weights.clear(); // All of them are in the checkpoint; the file may be gone.
    start.recordedOn = session->environment;
    const auto trainer = trainerFor(start, options);
    if (!trainer)
        return tl::unexpected(trainer.error());
    return caught([&]() -> Result<Evaluation> {
        const auto restored =
            loadCheckpointOf(*record, folder).and_then([&trainer](const Checkpoint& checkpoint) {
                return (*trainer)->restore(checkpoint);
            });
        if (!restored)
            return tl::unexpected(restored.error());
        auto evaluation = (*trainer)->evaluate(request, stop);
        if (evaluation)
            evaluation->step = record->step;
        return evaluation;
    });
}

Status savePredictions(const Evaluation& evaluation, const std::filesystem::path& file)
{
    const bool isCounted = hasAccuracy(evaluation.task);
    TensorFile tensors;
    tensors.tensors.push_back({isCounted ? "logits" : "outputs",
                               rowsOf(evaluation.outputs, evaluation.size(), evaluation.outputShape)});
    tensors.tensors.push_back(
        {"targets", isCounted ? listOf(evaluation.labels)
                              : rowsOf(evaluation.targets, evaluation.size(), evaluation.outputShape)});
    tensors.tensors.push_back({"index", listOf(evaluation.samples)});
    return saveSafetensors(tensors, file);
}

} // namespace frostline
