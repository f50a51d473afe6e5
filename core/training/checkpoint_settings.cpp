#include "training/checkpoint_settings.h"

#include "base/json.h"
#include "session/session_parts.h"

namespace frostline {

namespace {

using json_limits::kLargest;
using json_limits::kMost;

Json optimizerJson(const OptimizerRecipe& optimizer)
{
    return {{"kind", nameOf(optimizer.kind)},
            {"learning_rate", optimizer.learningRate},
            {"weight_decay", optimizer.weightDecay},
            {"momentum", optimizer.momentum},
            {"nesterov", optimizer.nesterov},
            {"beta1", optimizer.beta1},
            {"beta2", optimizer.beta2},
            {"epsilon", optimizer.epsilon},
            {"clip_norm", optimizer.clipNorm}};
}

OptimizerRecipe readOptimizer(JsonReader& reader)
{
    OptimizerRecipe optimizer;
    optimizer.kind = optimizerKindOf(reader.choice("kind", {"sgd", "adam", "adamw"}, "adam"))
                         .value_or(OptimizerKind::Adam);
    const std::pair<const char*, double*> fields[] = {{"learning_rate", &optimizer.learningRate},
                                                      {"weight_decay", &optimizer.weightDecay},
                                                      {"momentum", &optimizer.momentum},
                                                      {"beta1", &optimizer.beta1},
                                                      {"beta2", &optimizer.beta2},
                                                      {"epsilon", &optimizer.epsilon},
                                                      {"clip_norm", &optimizer.clipNorm}};
    for (const auto& [name, field] : fields)
        *field = reader.number(name, *field, 0.0, kLargest);
    optimizer.nesterov = reader.boolean("nesterov", false);
    return optimizer;
}

Json layerJson(const CheckpointSettings::Layer& layer)
{
    return {{"path", layer.path},
            {"trainable", layer.settings.trainable},
            {"statistics", nameOf(layer.settings.statistics)},
            {"rate", layer.settings.rateMultiplier},
            {"sparsity", layer.settings.sparsityTarget},
            {"gradient_norm", finite(layer.gradientNorm)}};
}

CheckpointSettings::Layer readLayer(JsonReader& reader)
{
    CheckpointSettings::Layer layer;
    layer.path = reader.requiredText("path");
    layer.settings.trainable = reader.boolean("trainable", true);
    layer.settings.statistics =
        statisticsOf(reader.choice("statistics", {"follow", "frozen", "updating"}, "follow"))
            .value_or(Statistics::Follow);
    layer.settings.rateMultiplier = reader.number("rate", 1.0, 0.0, kLargest);
    layer.settings.sparsityTarget = reader.number("sparsity", 0.0, 0.0, 1.0);
    layer.gradientNorm = reader.number("gradient_norm", json_limits::kNotANumber, 0.0, kLargest);
    return layer;
}

} // namespace

std::string toText(const CheckpointSettings& settings)
{
    Json json{{"step", settings.step}, {"interventions", settings.interventions}};
    json["optimizer"] = optimizerJson(settings.optimizer);
    json["prune_frozen"] = settings.pruneFrozen;
    json["layers"] = Json::array();
    for (const auto& layer : settings.layers)
        json["layers"].push_back(layerJson(layer));
    json["updates"] = Json::object();
    for (const auto& [name, count] : settings.updates)
        json["updates"][name] = count;
    return jsonText(json);
}

Result<CheckpointSettings> checkpointSettingsFrom(const std::string& text, const std::string& where)
{
    const auto json = parseJson(text, where);
    if (!json)
        return tl::unexpected(json.error());
    std::optional<Error> error;
    JsonReader reader(*json, where, error);
    CheckpointSettings settings;
    settings.step = reader.integer("step", 0, 0, kMost);
    settings.interventions = static_cast<std::size_t>(reader.integer("interventions", 0, 0, kMost));
    if (auto optimizer = reader.object("optimizer"))
        settings.optimizer = readOptimizer(*optimizer);
    settings.pruneFrozen = reader.boolean("prune_frozen", false);
    for (auto& layer : reader.objects("layers"))
        settings.layers.push_back(readLayer(layer));
    if (auto updates = reader.object("updates")) {
        for (const auto& [name, count] : (*json)["updates"].items())
            settings.updates[name] = updates->integer(name, 0, 0, kMost);
    }
    return error ? Result<CheckpointSettings>(tl::unexpected(*error)) : settings;
}

} // namespace frostline
