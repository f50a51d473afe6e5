#include "training/recipe.h"

#include <algorithm>

#include "base/file.h"
#include "training/recipe_parts.h"

namespace frostline {

namespace {

std::string_view nameOf(HeadRecipe::Pooling pooling)
{
    switch (pooling) {
    case HeadRecipe::Pooling::Average:
        return "average";
    case HeadRecipe::Pooling::Max:
        return "max";
    case HeadRecipe::Pooling::None:
        break;
    }
    return "none";
}

Json groupsJson(const GroupRecipe& groups)
{
    Json json{{"pattern", groups.pattern}};
    if (!groups.validation.empty())
        json["validation"] = groups.validation;
    if (!groups.test.empty())
        json["test"] = groups.test;
    return json;
}

Json augmentJson(const AugmentRecipe& augment)
{
    Json json = Json::object();
    const auto add = [&json](const char* key, auto value) {
        if (value > 0)
            json[key] = value;
    };
    add("flip", augment.flip);
    add("shift", augment.shift);
    if (augment.smallestCrop)
        json["resized_crop"] = *augment.smallestCrop;
    add("brightness", augment.brightness);
    add("contrast", augment.contrast);
    add("saturation", augment.saturation);
    add("hue", augment.hue);
    add("time_mask", augment.timeMask);
    add("frequency_mask", augment.frequencyMask);
    add("views", augment.views);
    return json;
}

Json dataJson(const DataRecipe& data)
{
    Json json{{"source", data.source}, {"path", data.path}, {"task", nameOf(data.task)}};
    if (!data.classes.empty())
        json["classes"] = data.classes;
    if (data.trainLimit > 0)
        json["train_limit"] = data.trainLimit;
    const bool fromTrain = data.validation.from == ValidationRecipe::From::Train;
    json["validation"]["from"] = fromTrain ? "train" : "test";
    if (fromTrain)
        json["validation"]["fraction"] = data.validation.fraction;
    if (data.validation.limit > 0)
        json["validation"]["limit"] = data.validation.limit;
    if (data.groups != GroupRecipe{})
        json["groups"] = groupsJson(data.groups);
    if (!data.inputSize.empty())
        json["input_size"] = data.inputSize;
    json["normalize"] = {{"mean", data.mean}, {"std", data.deviation}};
    if (data.augment != AugmentRecipe{})
        json["augment"] = augmentJson(data.augment);
    if (data.skipDamaged)
        json["damaged"] = "skip";
    return json;
}

Json lossJson(const LossRecipe& loss)
{
    Json json = Json::object();
    if (loss.kind)
        json["kind"] = nameOf(*loss.kind);
    if (loss.labelSmoothing > 0.0)
        json["label_smoothing"] = loss.labelSmoothing;
    return json;
}

Json modelJson(const ModelRecipe& model)
{
    Json json{{"architecture", model.architecture}};
    if (model.options.sizes)
        json["options"]["sizes"] = *model.options.sizes;
    if (model.options.widths)
        json["options"]["widths"] = *model.options.widths;
    if (model.options.stem)
        json["options"]["stem"] = *model.options.stem;
    if (model.options.module)
        json["options"]["module"] = *model.options.module;
    if (!model.weights.empty())
        json["weights"] = model.weights;
    if (model.weightsMatch == WeightsMatch::Partial)
        json["weights_match"] = "partial";
    if (model.head) {
        json["head"] = Json::object();
        if (model.head->pooling)
            json["head"]["pooling"] = nameOf(*model.head->pooling);
        json["head"]["hidden"] = model.head->hidden;
        if (model.head->activation != HeadRecipe::Activation::Relu)
            json["head"]["activation"] = nameOf(model.head->activation);
        json["head"]["dropout"] = model.head->dropout;
    }
    return json;
}

Json checkpointsJson(const CheckpointRecipe& checkpoints)
{
    Json json = Json::object();
    if (checkpoints.everyEpochs > 0)
        json["every_epochs"] = checkpoints.everyEpochs;
    if (checkpoints.everySteps > 0)
        json["every_steps"] = checkpoints.everySteps;
    json["best"] = checkpoints.best;
    json["monitor"] = nameOf(checkpoints.watched.monitor);
    if (checkpoints.watched.mode)
        json["mode"] = *checkpoints.watched.mode == MonitorMode::Max ? "max" : "min";
    if (checkpoints.restoresBest)
        json["restore_best"] = true;
    if (checkpoints.keep > 0)
        json["keep"] = checkpoints.keep;
    if (checkpoints.budgetMegabytes > 0.0)
        json["budget_mb"] = checkpoints.budgetMegabytes;
    return json;
}

Json computeJson(const ComputeRecipe& compute)
{
    Json json = Json::object();
    json["threads"] = compute.threads ? Json(*compute.threads) : Json("auto");
    json["memory_format"] = compute.format ? nameOf(*compute.format) : "auto";
    json["precision"] = nameOf(compute.precision);
    json["features"] = compute.halfFeatures ? "half" : "full";
    return json;
}

std::string movedPath(const std::string& text, const std::filesystem::path& from,
                      const std::filesystem::path& to)
{
    if (text.empty() || text.starts_with("resource:") || text.starts_with("dataset:") ||
        text.starts_with("weights:"))
        return text;
    return std::filesystem::absolute(from / text)
        .lexically_normal()
        .lexically_proximate(std::filesystem::absolute(to))
        .string();
}

template <class Value>
using Field = std::optional<Value> LayerRule::*;

/// Rules for one field: containers whose leaves agree get one rule, what differs is said leaf by leaf.
template <class Value, class Concerns, class Get>
void addRules(std::vector<LayerRule>& rules, const LayerTable& table, Field<Value> field, const Value& usual,
              Concerns concerns, Get get)
{
    std::vector<bool> done(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        const auto parent = table[i].parent;
        if (parent >= 0 && done[static_cast<std::size_t>(parent)]) {
            done[i] = true;
            continue;
        }
        auto leaves = leavesUnder(table, static_cast<int>(i));
        std::erase_if(leaves, [&](int leaf) { return !concerns(table[static_cast<std::size_t>(leaf)]); });
        const auto valueOf = [&](int leaf) { return get(table[static_cast<std::size_t>(leaf)].settings); };
        if (leaves.empty() ||
            std::ranges::any_of(leaves, [&](int leaf) { return valueOf(leaf) != valueOf(leaves[0]); }))
            continue;
        done[i] = true;
        if (valueOf(leaves[0]) == usual)
            continue;
        LayerRule rule{.match = table[i].path, .trainable = {}, .statistics = {}, .rate = {}, .sparsity = {}};
        rule.*field = valueOf(leaves[0]);
        rules.push_back(std::move(rule));
    }
}

} // namespace

std::string_view nameOf(HeadRecipe::Activation activation)
{
    switch (activation) {
    case HeadRecipe::Activation::LeakyRelu:
        return "leaky_relu";
    case HeadRecipe::Activation::Gelu:
        return "gelu";
    case HeadRecipe::Activation::Silu:
        return "silu";
    case HeadRecipe::Activation::Hardswish:
        return "hardswish";
    case HeadRecipe::Activation::Tanh:
        return "tanh";
    case HeadRecipe::Activation::Relu:
        break;
    }
    return "relu";
}

std::string_view nameOf(Precision precision)
{
    return precision == Precision::Bf16 ? "bf16" : "fp32";
}

std::string_view nameOf(MemoryFormat format)
{
    return format == MemoryFormat::ChannelsLast ? "channels_last" : "contiguous";
}

std::string_view nameOf(OptimizerKind kind)
{
    switch (kind) {
    case OptimizerKind::Sgd:
        return "sgd";
    case OptimizerKind::AdamW:
        return "adamw";
    case OptimizerKind::Adam:
        break;
    }
    return "adam";
}

Result<OptimizerKind> optimizerKindOf(std::string_view name)
{
    for (const auto kind : {OptimizerKind::Sgd, OptimizerKind::Adam, OptimizerKind::AdamW}) {
        if (nameOf(kind) == name)
            return kind;
    }
    return badInput("unknown optimizer \"" + std::string(name) + "\"; there are sgd, adam, adamw");
}

Json ruleJson(const LayerRule& rule)
{
    Json json{{"match", rule.match}};
    if (rule.trainable)
        json["trainable"] = *rule.trainable;
    if (rule.statistics)
        json["statistics"] = nameOf(*rule.statistics);
    if (rule.rate)
        json["rate"] = *rule.rate;
    if (rule.sparsity)
        json["sparsity"] = *rule.sparsity;
    return json;
}

Json optimizerJson(const OptimizerRecipe& optimizer)
{
    Json json{{"kind", nameOf(optimizer.kind)},
              {"learning_rate", optimizer.learningRate},
              {"weight_decay", optimizer.weightDecay}};
    if (optimizer.kind == OptimizerKind::Sgd) {
        json["momentum"] = optimizer.momentum;
        json["nesterov"] = optimizer.nesterov;
    } else {
        json["betas"] = {optimizer.beta1, optimizer.beta2};
        json["epsilon"] = optimizer.epsilon;
    }
    if (optimizer.clipNorm > 0.0)
        json["clip_norm"] = optimizer.clipNorm;
    return json;
}

Json toJson(const Recipe& recipe)
{
    Json json{{"frostline", "recipe/1"},         {"name", recipe.name}, {"title", recipe.title},
              {"notes", recipe.notes},           {"seed", recipe.seed}, {"data", dataJson(recipe.data)},
              {"model", modelJson(recipe.model)}};
    if (recipe.loss != LossRecipe{})
        json["loss"] = lossJson(recipe.loss);
    json["layers"] = Json::array();
    for (const auto& rule : recipe.layers)
        json["layers"].push_back(ruleJson(rule));
    json["optimizer"] = optimizerJson(recipe.optimizer);
    if (recipe.schedule != ScheduleRecipe{})
        json["schedule"] = scheduleJson(recipe.schedule);
    json["batch_size"] = recipe.batchSize;
    if (recipe.phases.empty())
        json["epochs"] = recipe.epochs;
    for (const auto& phase : recipe.phases)
        json["phases"].push_back(phaseJson(phase));
    if (recipe.earlyStopping)
        json["early_stopping"] = endJson(*recipe.earlyStopping);
    json["pruning"] = {{"scope", recipe.pruning.scope == PruningScope::Global ? "global" : "layer"},
                       {"sparsity", recipe.pruning.sparsity},
                       {"frozen", recipe.pruning.frozen}};
    if (recipe.checkpoints != CheckpointRecipe{})
        json["checkpoints"] = checkpointsJson(recipe.checkpoints);
    if (recipe.compute != ComputeRecipe{})
        json["compute"] = computeJson(recipe.compute);
    return json;
}

Status saveRecipe(const Recipe& recipe, const std::filesystem::path& file)
{
    auto moved = recipe;
    const auto folder = std::filesystem::absolute(file).parent_path();
    moved.data.path = movedPath(recipe.data.path, recipe.folder, folder);
    moved.model.weights = movedPath(recipe.model.weights, recipe.folder, folder);
    if (recipe.model.options.module)
        moved.model.options.module = movedPath(*recipe.model.options.module, recipe.folder, folder);
    return writeFile(file, jsonText(toJson(moved), 2) + "\n");
}

std::vector<LayerRule> rulesFor(const LayerTable& table)
{
    std::vector<LayerRule> rules;
    const auto parametered = [](const LayerInfo& layer) { return layer.hasParameters(); };
    addRules<bool>(rules, table, &LayerRule::trainable, true, parametered,
                   [](const LayerSettings& settings) { return settings.trainable; });
    addRules<Statistics>(
        rules, table, &LayerRule::statistics, Statistics::Follow,
        [](const LayerInfo& layer) { return layer.isNormalisation; },
        [](const LayerSettings& settings) { return settings.statistics; });
    addRules<double>(rules, table, &LayerRule::rate, 1.0, parametered,
                     [](const LayerSettings& settings) { return settings.rateMultiplier; });
    addRules<double>(
        rules, table, &LayerRule::sparsity, 0.0, [](const LayerInfo& layer) { return layer.prunable > 0; },
        [](const LayerSettings& settings) { return settings.sparsityTarget; });
    return rules;
}

} // namespace frostline
