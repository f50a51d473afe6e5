// Reading a recipe: JSON in, a checked Recipe out.

#include <algorithm>

#include "training/phase_changes.h"
#include "training/recipe_parts.h"

namespace frostline {

namespace {

constexpr std::int64_t kMany = 1'000'000'000;

ValidationRecipe readValidation(JsonReader& reader)
{
    ValidationRecipe validation;
    const auto from = reader.choice("from", {"test", "train"}, "test");
    validation.from = from == "train" ? ValidationRecipe::From::Train : ValidationRecipe::From::Test;
    if (validation.from == ValidationRecipe::From::Test && reader.has("fraction"))
        reader.refuse("fraction", "only goes with \"from\": \"train\"");
    validation.fraction = reader.number("fraction", validation.fraction, 0.001, 0.9);
    validation.limit = reader.integer("limit", 0, 0, kMany);
    reader.finish();
    return validation;
}

Task readTask(JsonReader& reader)
{
    const auto name = reader.choice("task", {"classes", "binary", "reconstruction", "values"}, "classes");
    for (const auto task : {Task::Binary, Task::Reconstruction, Task::Values}) {
        if (nameOf(task) == name)
            return task;
    }
    return Task::Classes;
}

GroupRecipe readGroups(JsonReader& reader)
{
    GroupRecipe groups;
    groups.pattern = reader.requiredText("pattern");
    groups.validation = reader.texts("validation");
    groups.test = reader.texts("test");
    reader.finish();
    return groups;
}

AugmentRecipe readAugment(JsonReader& reader)
{
    AugmentRecipe augment;
    augment.flip = reader.number("flip", 0.0, 0.0, 1.0);
    augment.shift = reader.integer("shift", 0, 0, 4096);
    if (reader.has("resized_crop"))
        augment.smallestCrop = reader.number("resized_crop", 1.0, 0.01, 1.0);
    augment.brightness = reader.number("brightness", 0.0, 0.0, 1.0);
    augment.contrast = reader.number("contrast", 0.0, 0.0, 1.0);
    augment.saturation = reader.number("saturation", 0.0, 0.0, 1.0);
    augment.hue = reader.number("hue", 0.0, 0.0, 0.5);
    augment.timeMask = reader.integer("time_mask", 0, 0, 4096);
    augment.frequencyMask = reader.integer("frequency_mask", 0, 0, 4096);
    augment.views = static_cast<int>(reader.integer("views", 0, 0, 1000));
    if (augment.views > 0 && augment.isNone())
        reader.refuse("views", "there is nothing to vary; say what, as in \"flip\": 0.5");
    reader.finish();
    return augment;
}

/// One number for a square, or height and width.
std::vector<std::int64_t> readInputSize(JsonReader& reader)
{
    if (const auto& size = reader.any("input_size"); size.is_number())
        return std::vector<std::int64_t>(2, reader.integer("input_size", 1, 1, 4096));
    auto size = reader.integers("input_size", 1, 4096);
    if (!size.empty() && size.size() != 2)
        reader.refuse("input_size", "expected one number, or height and width");
    return size;
}

void readNormalize(JsonReader& reader, DataRecipe& data)
{
    data.mean = reader.numbers("mean", -1e3, 1e3);
    data.deviation = reader.numbers("std", 1e-6, 1e3);
    if (data.mean.empty() || data.mean.size() != data.deviation.size())
        reader.refuse("std", "mean and std need as many values as each other, at least one");
    reader.finish();
}

DataRecipe readData(JsonReader& reader)
{
    DataRecipe data;
    data.source =
        reader.choice("source", {"idx", "cifar", "image_folder", "audio_folder", "tensors"}, data.source);
    data.path = reader.requiredText("path");
    data.task = readTask(reader);
    data.classes = reader.texts("classes");
    data.trainLimit = reader.integer("train_limit", 0, 0, kMany);
    if (auto validation = reader.object("validation"))
        data.validation = readValidation(*validation);
    if (auto groups = reader.object("groups"))
        data.groups = readGroups(*groups);
    data.inputSize = readInputSize(reader);
    if (auto normalize = reader.object("normalize"))
        readNormalize(*normalize, data);
    if (auto augment = reader.object("augment"))
        data.augment = readAugment(*augment);
    data.skipDamaged = reader.choice("damaged", {"error", "skip"}, "error") == "skip";
    if (data.skipDamaged && data.source != "image_folder" && data.source != "audio_folder")
        reader.refuse("damaged", "\"skip\" only goes with image_folder and audio_folder");
    reader.finish();
    return data;
}

LossRecipe readLoss(JsonReader& reader)
{
    LossRecipe loss;
    const auto kind = reader.choice("kind", {"cross_entropy", "binary_cross_entropy", "mse", "l1"}, "");
    for (const auto each :
         {LossKind::CrossEntropy, LossKind::BinaryCrossEntropy, LossKind::Mse, LossKind::L1}) {
        if (nameOf(each) == kind)
            loss.kind = each;
    }
    loss.labelSmoothing = reader.number("label_smoothing", 0.0, 0.0, 0.99);
    reader.finish();
    return loss;
}

/// Which losses make sense of a task's targets.
void checkLoss(JsonReader& reader, const LossRecipe& loss, Task task)
{
    const auto kind = lossKindOf(loss, task);
    const bool fits = task == Task::Classes  ? kind == LossKind::CrossEntropy
                      : task == Task::Binary ? kind == LossKind::BinaryCrossEntropy
                                             : kind == LossKind::Mse || kind == LossKind::L1;
    if (!fits)
        reader.refuse("loss",
                      std::string(nameOf(kind)) + " does not go with the task " + std::string(nameOf(task)));
    else if (loss.labelSmoothing > 0.0 && kind != LossKind::CrossEntropy)
        reader.refuse("loss", "label_smoothing only goes with cross_entropy");
}

HeadRecipe readHead(JsonReader& reader)
{
    HeadRecipe head;
    const auto pooling = reader.choice("pooling", {"none", "average", "max"}, "");
    if (pooling == "none")
        head.pooling = HeadRecipe::Pooling::None;
    else if (!pooling.empty())
        head.pooling = pooling == "max" ? HeadRecipe::Pooling::Max : HeadRecipe::Pooling::Average;
    head.hidden = reader.integers("hidden", 1, 65536);
    using Activation = HeadRecipe::Activation;
    const auto activation =
        reader.choice("activation", {"relu", "leaky_relu", "gelu", "silu", "hardswish", "tanh"}, "relu");
    for (const auto each : {Activation::LeakyRelu, Activation::Gelu, Activation::Silu, Activation::Hardswish,
                            Activation::Tanh}) {
        if (nameOf(each) == activation)
            head.activation = each;
    }
    head.dropout = reader.number("dropout", 0.0, 0.0, 0.99);
    reader.finish();
    return head;
}

ModelOptions readOptions(JsonReader& reader)
{
    ModelOptions options;
    if (reader.has("sizes"))
        options.sizes = reader.integers("sizes", 1, 65536);
    if (reader.has("widths")) {
        options.widths = reader.integers("widths", 1, 8192);
        if (options.widths->empty())
            reader.refuse("widths", "at least one block is needed");
    }
    if (reader.has("stem"))
        options.stem = reader.choice("stem", {"imagenet", "small"}, "imagenet");
    if (reader.has("module"))
        options.module = reader.requiredText("module");
    reader.finish();
    return options;
}

ModelRecipe readModel(JsonReader& reader)
{
    ModelRecipe model;
    model.architecture = reader.requiredText("architecture");
    if (auto options = reader.object("options"))
        model.options = readOptions(*options);
    model.weights = reader.text("weights", "");
    if (reader.choice("weights_match", {"strict", "partial"}, "strict") == "partial")
        model.weightsMatch = WeightsMatch::Partial;
    if (auto head = reader.object("head"))
        model.head = readHead(*head);
    reader.finish();
    return model;
}

PruningRecipe readPruning(JsonReader& reader)
{
    PruningRecipe pruning;
    const auto scope = reader.choice("scope", {"layer", "global"}, "layer");
    pruning.scope = scope == "global" ? PruningScope::Global : PruningScope::Layer;
    pruning.sparsity = reader.number("sparsity", 0.0, 0.0, 0.9999);
    pruning.frozen = reader.boolean("frozen", false);
    reader.finish();
    return pruning;
}

CheckpointRecipe readCheckpoints(JsonReader& reader, Task task)
{
    CheckpointRecipe checkpoints;
    checkpoints.everyEpochs = static_cast<int>(reader.integer("every_epochs", 0, 0, 1'000'000));
    checkpoints.everySteps = reader.integer("every_steps", 0, 0, 1'000'000'000'000);
    checkpoints.best = reader.boolean("best", true);
    checkpoints.watched = readWatched(reader, task, usualMonitor(task));
    checkpoints.restoresBest = reader.boolean("restore_best", false);
    checkpoints.keep = static_cast<int>(reader.integer("keep", 0, 0, 1'000'000));
    checkpoints.budgetMegabytes = reader.number("budget_mb", 0.0, 0.0, 1e12);
    reader.finish();
    return checkpoints;
}

ComputeRecipe readCompute(JsonReader& reader)
{
    ComputeRecipe compute;
    const auto& threads = reader.any("threads");
    if (!threads.is_null() && threads != "auto") {
        if (threads.is_number_integer())
            compute.threads = static_cast<int>(reader.integer("threads", 1, 1, 1024));
        else
            reader.refuse("threads", "expected \"auto\" or a whole number from 1 to 1024");
    }
    const auto format = reader.choice("memory_format", {"contiguous", "channels_last", "auto"}, "contiguous");
    if (format == "auto")
        compute.format.reset();
    else if (format == "channels_last")
        compute.format = MemoryFormat::ChannelsLast;
    compute.precision =
        reader.choice("precision", {"fp32", "bf16"}, "fp32") == "bf16" ? Precision::Bf16 : Precision::Fp32;
    compute.halfFeatures = reader.choice("features", {"full", "half"}, "full") == "half";
    reader.finish();
    return compute;
}

void checkFormat(JsonReader& reader)
{
    const auto format = reader.requiredText("frostline");
    if (!format.empty() && format != "recipe/1")
        reader.refuse("frostline", "expected \"recipe/1\", found \"" + format +
                                       "\"; a newer Frostline may be needed to read this");
}

/// Phases and early stopping, which depend on much of the rest.
void readCourse(JsonReader& reader, Recipe& recipe)
{
    if (!reader.any("phases").is_null())
        readPhases(reader, recipe);
    if (auto stopping = reader.object("early_stopping"))
        recipe.earlyStopping = readEnd(*stopping, recipe.data.task);
}

Result<Json> withOverride(Json json, const std::string& key, const std::string& value)
{
    // A value that is not JSON is taken as a text, so that `--set name=trial` needs no quotes twice.
    const auto parsed = parseJson(value, "--set " + key);
    const bool quoted = !Json::accept(value);
    if (!quoted && !parsed)
        return parsed;
    try {
        std::string pointer = "/" + key;
        std::ranges::replace(pointer, '.', '/');
        const Json::json_pointer place(pointer);
        // A list grows by one element at most: `layers.9` of two rules would make seven that say nothing.
        if (const auto& list = json.value(place.parent_pointer(), Json());
            list.is_array() && !json.contains(place))
            return badInput("--set " + key + "=" + value + ": the list has only " +
                            std::to_string(list.size()) + " elements");
        json[place] = quoted ? Json(value) : *parsed;
        return json;
    } catch (const Json::exception&) {
        return badInput("--set " + key + "=" + value + ": the recipe has no place for the key \"" + key +
                        "\"");
    }
}

} // namespace

LayerRule readRule(JsonReader& reader)
{
    LayerRule rule;
    rule.match = reader.requiredText("match");
    if (reader.has("trainable"))
        rule.trainable = reader.boolean("trainable", true);
    if (reader.has("statistics")) {
        rule.statistics =
            statisticsOf(reader.choice("statistics", {"follow", "frozen", "updating"}, "follow"));
    }
    if (reader.has("rate"))
        rule.rate = reader.number("rate", 1.0, 0.0, 1e6);
    if (reader.has("sparsity"))
        rule.sparsity = reader.number("sparsity", 0.0, 0.0, 0.9999);
    reader.finish();
    return rule;
}

OptimizerRecipe readOptimizer(JsonReader& reader, const OptimizerRecipe& usual)
{
    const auto name = reader.choice("kind", {"sgd", "adam", "adamw"}, std::string(nameOf(usual.kind)));
    const auto kind = optimizerKindOf(name).value_or(usual.kind);
    OptimizerRecipe optimizer = kind == usual.kind ? usual : OptimizerRecipe{.kind = kind};
    optimizer.learningRate = reader.number("learning_rate", optimizer.learningRate, 0.0, 1000.0);
    optimizer.weightDecay = reader.number("weight_decay", optimizer.weightDecay, 0.0, 1000.0);
    optimizer.clipNorm = reader.number("clip_norm", optimizer.clipNorm, 0.0, 1e9);
    const bool sgd = optimizer.kind == OptimizerKind::Sgd;
    for (const auto* key : {"momentum", "nesterov"}) {
        if (!sgd && reader.has(key))
            reader.refuse(key, "only goes with \"kind\": \"sgd\"");
    }
    for (const auto* key : {"betas", "epsilon"}) {
        if (sgd && reader.has(key))
            reader.refuse(key, "only goes with \"kind\": \"adam\" or \"adamw\"");
    }
    optimizer.momentum = reader.number("momentum", optimizer.momentum, 0.0, 0.99999);
    optimizer.nesterov = reader.boolean("nesterov", optimizer.nesterov);
    if (optimizer.nesterov && optimizer.momentum == 0.0)
        reader.refuse("nesterov", "needs a momentum above 0");
    if (reader.has("betas")) {
        const auto betas = reader.numbers("betas", 0.0, 0.9999999);
        if (betas.size() == 2) {
            optimizer.beta1 = betas[0];
            optimizer.beta2 = betas[1];
        } else {
            reader.refuse("betas", "expected two numbers");
        }
    }
    optimizer.epsilon = reader.number("epsilon", optimizer.epsilon, 1e-30, 1.0);
    reader.finish();
    return optimizer;
}

Result<Recipe> recipeFromJson(const Json& json, const std::string& where, const std::filesystem::path& folder)
{
    std::optional<Error> error;
    JsonReader reader(json, where, error);
    Recipe recipe;
    recipe.folder = folder;
    recipe.source = where + ": ";
    checkFormat(reader);
    reader.text("$schema", "");
    recipe.name = reader.requiredText("name");
    recipe.title = reader.text("title", recipe.name);
    recipe.notes = reader.text("notes", "");
    recipe.seed = static_cast<std::uint64_t>(reader.integer("seed", 1, 0, INT64_MAX));
    if (auto data = reader.object("data"))
        recipe.data = readData(*data);
    else
        reader.refuse("data", "is missing");
    if (auto model = reader.object("model"))
        recipe.model = readModel(*model);
    else
        reader.refuse("model", "is missing");
    if (auto loss = reader.object("loss"))
        recipe.loss = readLoss(*loss);
    checkLoss(reader, recipe.loss, recipe.data.task);
    for (auto& rule : reader.objects("layers"))
        recipe.layers.push_back(readRule(rule));
    if (auto optimizer = reader.object("optimizer"))
        recipe.optimizer = readOptimizer(*optimizer, {});
    if (auto schedule = reader.object("schedule"))
        recipe.schedule = readSchedule(*schedule, recipe.data.task);
    recipe.batchSize = reader.integer("batch_size", recipe.batchSize, 1, 1'000'000);
    recipe.epochs = static_cast<int>(reader.integer("epochs", recipe.epochs, 1, 1'000'000));
    if (auto pruning = reader.object("pruning"))
        recipe.pruning = readPruning(*pruning);
    recipe.checkpoints.watched.monitor = usualMonitor(recipe.data.task);
    if (auto checkpoints = reader.object("checkpoints"))
        recipe.checkpoints = readCheckpoints(*checkpoints, recipe.data.task);
    if (auto compute = reader.object("compute"))
        recipe.compute = readCompute(*compute);
    readCourse(reader, recipe);
    reader.finish();
    if (error)
        return tl::unexpected(*error);
    return recipe;
}

Result<Recipe> withOverrides(const Recipe& recipe,
                             const std::vector<std::pair<std::string, std::string>>& overrides)
{
    Result<Json> json = toJson(recipe);
    for (const auto& [key, value] : overrides) {
        if (json)
            json = withOverride(std::move(*json), key, value);
    }
    if (!json)
        return tl::unexpected(json.error());
    return recipeFromJson(*json, "--set", recipe.folder);
}

Result<Recipe> loadRecipe(const std::filesystem::path& file,
                          const std::vector<std::pair<std::string, std::string>>& overrides)
{
    auto json = readJsonFile(file);
    for (const auto& [key, value] : overrides) {
        if (json)
            json = withOverride(std::move(*json), key, value);
    }
    if (!json)
        return tl::unexpected(json.error());
    auto recipe = recipeFromJson(*json, file.string(), std::filesystem::absolute(file).parent_path());
    if (!recipe)
        return recipe;
    return checkCourse(*recipe).map([&] { return std::move(*recipe); }).map_error([&](Error error) {
        error.message.insert(0, file.string() + ": ");
        return error;
    });
}

} // namespace frostline
