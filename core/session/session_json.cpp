// session.json: Session to JSON and back. The step series stand last, so that a list can stop before them.

#include <cmath>
#include <limits>

#include "base/json.h"
#include "session/session.h"

namespace frostline {

namespace {

constexpr double kLargest = std::numeric_limits<double>::max();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

/// JSON has no NaN: what is not finite is written as null, and read back as NaN.
Json finite(double value)
{
    return std::isfinite(value) ? Json(value) : Json();
}

Json valueJson(const ChangeValue& value)
{
    return std::visit([](const auto& held) { return Json(held); }, value);
}

Json interventionJson(const Intervention& intervention)
{
    return {{"step", intervention.step},
            {"kind", nameOf(intervention.change.kind)},
            {"target", intervention.change.target},
            {"value", valueJson(intervention.change.value)},
            {"origin", nameOf(intervention.origin)},
            {"at", intervention.at}};
}

Json scoresJson(const Scores& scores)
{
    return {{"loss", finite(scores.loss)}, {"accuracy", finite(scores.accuracy)}};
}

Json measureJson(const LayerMeasure& measure)
{
    return {{"path", measure.path},
            {"drift", finite(measure.drift)},
            {"gradient_norm", finite(measure.gradientNorm)},
            {"sparsity", measure.sparsity}};
}

Json epochJson(const EpochRecord& epoch)
{
    Json json{{"epoch", epoch.epoch}, {"step", epoch.step}, {"train", scoresJson(epoch.train)}};
    json["validation"] = epoch.validation ? scoresJson(*epoch.validation) : Json();
    json["learning_rate"] = epoch.learningRate;
    json["seconds"] = epoch.seconds;
    json["samples_per_second"] = epoch.samplesPerSecond;
    json["peak_memory_bytes"] = epoch.peakMemoryBytes;
    json["layers"] = Json::array();
    for (const auto& measure : epoch.layers)
        json["layers"].push_back(measureJson(measure));
    return json;
}

Json layerJson(const LayerInfo& layer)
{
    Json json{{"path", layer.path}, {"kind", layer.kind}, {"leaf", layer.isLeaf}, {"stage", layer.stage}};
    json["shape"] = layer.outputShape;
    json["parameters"] = layer.parameters;
    json["statistics_values"] = layer.statisticValues;
    json["prunable"] = layer.prunable;
    json["parameter_tensors"] = layer.parameterTensors;
    json["statistics_tensors"] = layer.statisticTensors;
    json["normalisation"] = layer.isNormalisation;
    json["trainable"] = layer.settings.trainable;
    json["statistics"] = nameOf(layer.settings.statistics);
    json["statistics_updating"] = layer.statisticsUpdating;
    json["rate"] = layer.settings.rateMultiplier;
    json["sparsity_target"] = layer.settings.sparsityTarget;
    json["drift"] = finite(layer.drift);
    json["gradient_norm"] = finite(layer.gradientNorm);
    json["sparsity"] = layer.sparsity;
    return json;
}

Json checkpointJson(const CheckpointRecord& checkpoint)
{
    return {{"step", checkpoint.step},     {"epoch", checkpoint.epoch}, {"file", checkpoint.file},
            {"sha256", checkpoint.sha256}, {"bytes", checkpoint.bytes}, {"best", checkpoint.best}};
}

Json summaryJson(const SessionSummary& summary)
{
    Json json{{"steps", summary.steps}, {"seconds", summary.seconds}, {"best_epoch", summary.bestEpoch}};
    json["best_validation_accuracy"] = summary.bestEpoch > 0 ? Json(summary.bestValidationAccuracy) : Json();
    json["last_validation"] = summary.lastValidation ? scoresJson(*summary.lastValidation) : Json();
    return json;
}

Json stepsJson(const std::vector<MetricPoint>& points)
{
    Json json{{"step", Json::array()},     {"epoch", Json::array()},         {"loss", Json::array()},
              {"accuracy", Json::array()}, {"learning_rate", Json::array()}, {"sparsity", Json::array()},
              {"seconds", Json::array()}};
    for (const auto& point : points) {
        json["step"].push_back(point.step);
        json["epoch"].push_back(point.epoch);
        json["loss"].push_back(finite(point.loss));
        json["accuracy"].push_back(finite(point.accuracy));
        json["learning_rate"].push_back(point.learningRate);
        json["sparsity"].push_back(point.sparsity);
        json["seconds"].push_back(point.seconds);
    }
    return json;
}

Intervention readIntervention(JsonReader& reader)
{
    Intervention intervention;
    intervention.step = reader.integer("step", 0, 0, kMost);
    const auto kind = changeKindOf(reader.requiredText("kind"));
    if (!kind)
        reader.refuse("kind", kind.error().message);
    intervention.change.kind = kind.value_or(ChangeKind::Note);
    intervention.change.target = reader.text("target", "");
    const auto& value = reader.any("value");
    if (value.is_boolean())
        intervention.change.value = value.get<bool>();
    else if (value.is_number())
        intervention.change.value = value.get<double>();
    else if (value.is_string())
        intervention.change.value = value.get<std::string>();
    else
        reader.refuse("value", "expected true, false, a number or a text");
    const auto origin = originOf(reader.text("origin", "user"));
    if (!origin)
        reader.refuse("origin", origin.error().message);
    intervention.origin = origin.value_or(Origin::User);
    intervention.at = reader.text("at", "");
    return intervention;
}

Scores readScores(JsonReader& reader)
{
    return {reader.number("loss", kNotANumber, -kLargest, kLargest),
            reader.number("accuracy", kNotANumber, 0.0, 1.0)};
}

LayerMeasure readMeasure(JsonReader& reader)
{
    return {reader.requiredText("path"), reader.number("drift", kNotANumber, 0.0, kLargest),
            reader.number("gradient_norm", kNotANumber, 0.0, kLargest),
            reader.number("sparsity", 0.0, 0.0, 1.0)};
}

EpochRecord readEpoch(JsonReader& reader)
{
    EpochRecord epoch;
    epoch.epoch = static_cast<int>(reader.integer("epoch", 1, 1, 1'000'000'000));
    epoch.step = reader.integer("step", 0, 0, kMost);
    if (auto train = reader.object("train"))
        epoch.train = readScores(*train);
    if (auto validation = reader.object("validation"))
        epoch.validation = readScores(*validation);
    epoch.learningRate = reader.number("learning_rate", 0.0, 0.0, kLargest);
    epoch.seconds = reader.number("seconds", 0.0, 0.0, kLargest);
    epoch.samplesPerSecond = reader.number("samples_per_second", 0.0, 0.0, kLargest);
    epoch.peakMemoryBytes = reader.integer("peak_memory_bytes", 0, 0, kMost);
    for (auto& measure : reader.objects("layers"))
        epoch.layers.push_back(readMeasure(measure));
    return epoch;
}

LayerInfo readLayer(JsonReader& reader)
{
    LayerInfo layer;
    layer.path = reader.requiredText("path");
    layer.name = layer.path.substr(layer.path.rfind('.') + 1);
    layer.kind = reader.text("kind", "");
    layer.isLeaf = reader.boolean("leaf", true);
    layer.stage = static_cast<int>(reader.integer("stage", 0, 0, 1'000'000));
    layer.outputShape = reader.integers("shape", 0, 1'000'000'000);
    layer.parameters = reader.integer("parameters", 0, 0, kMost);
    layer.statisticValues = reader.integer("statistics_values", 0, 0, kMost);
    layer.prunable = reader.integer("prunable", 0, 0, kMost);
    layer.parameterTensors = static_cast<int>(reader.integer("parameter_tensors", 0, 0, 1'000'000));
    layer.statisticTensors = static_cast<int>(reader.integer("statistics_tensors", 0, 0, 1'000'000));
    layer.isNormalisation = reader.boolean("normalisation", false);
    layer.settings.trainable = reader.boolean("trainable", true);
    layer.settings.statistics =
        statisticsOf(reader.choice("statistics", {"follow", "frozen", "updating"}, "follow"))
            .value_or(Statistics::Follow);
    layer.statisticsUpdating = reader.boolean("statistics_updating", false);
    layer.settings.rateMultiplier = reader.number("rate", 1.0, 0.0, kLargest);
    layer.settings.sparsityTarget = reader.number("sparsity_target", 0.0, 0.0, 1.0);
    layer.drift = reader.number("drift", kNotANumber, 0.0, kLargest);
    layer.gradientNorm = reader.number("gradient_norm", kNotANumber, 0.0, kLargest);
    layer.sparsity = reader.number("sparsity", 0.0, 0.0, 1.0);
    return layer;
}

/// Parents come before their children in the table, so a path finds its parent among those read already.
int parentOf(const LayerTable& table, const std::string& path)
{
    for (auto end = path.rfind('.'); end != std::string::npos;
         end = end == 0 ? std::string::npos : path.rfind('.', end - 1)) {
        for (int i = static_cast<int>(table.size()) - 1; i >= 0; --i) {
            if (path.compare(0, end, table[static_cast<std::size_t>(i)].path) == 0)
                return i;
        }
    }
    return -1;
}

CheckpointRecord readCheckpoint(JsonReader& reader)
{
    CheckpointRecord checkpoint;
    checkpoint.step = reader.integer("step", 0, 0, kMost);
    checkpoint.epoch = static_cast<int>(reader.integer("epoch", 0, 0, 1'000'000'000));
    checkpoint.file = reader.requiredText("file");
    const std::filesystem::path file(checkpoint.file);
    if (file.is_absolute() || checkpoint.file.find("..") != std::string::npos)
        reader.refuse("file", "must lie inside the session's folder");
    checkpoint.sha256 = reader.text("sha256", "");
    checkpoint.bytes = reader.integer("bytes", 0, 0, kMost);
    checkpoint.best = reader.boolean("best", false);
    return checkpoint;
}

SessionSummary readSummary(JsonReader& reader)
{
    SessionSummary summary;
    summary.steps = reader.integer("steps", 0, 0, kMost);
    summary.seconds = reader.number("seconds", 0.0, 0.0, kLargest);
    summary.bestEpoch = static_cast<int>(reader.integer("best_epoch", 0, 0, 1'000'000'000));
    summary.bestValidationAccuracy = reader.number("best_validation_accuracy", 0.0, 0.0, 1.0);
    if (auto last = reader.object("last_validation"))
        summary.lastValidation = readScores(*last);
    return summary;
}

SessionEnvironment readEnvironment(JsonReader& reader)
{
    SessionEnvironment environment;
    environment.frostline = reader.text("frostline", "");
    environment.libtorch = reader.text("libtorch", "");
    environment.device = reader.text("device", "");
    environment.threads = static_cast<int>(reader.integer("threads", 1, 1, 1'000'000));
    environment.cpu = reader.text("cpu", "");
    return environment;
}

/// One column of the step series: numbers, or null where a value was not finite.
std::vector<double> readColumn(JsonReader& reader, std::string_view key)
{
    std::vector<double> column;
    const auto& values = reader.any(key);
    if (!values.is_array())
        reader.refuse(key, "expected a list of numbers");
    column.reserve(values.size());
    for (const auto& value : values) {
        if (!value.is_number() && !value.is_null())
            reader.refuse(key, "expected numbers, or null for what was not finite");
        column.push_back(value.is_number() ? value.get<double>() : kNotANumber);
    }
    return column;
}

std::vector<MetricPoint> readSteps(JsonReader& reader)
{
    const auto steps = reader.integers("step", 0, 1'000'000'000'000);
    const auto epochs = reader.integers("epoch", 1, 1'000'000'000);
    const auto loss = readColumn(reader, "loss");
    const auto accuracy = readColumn(reader, "accuracy");
    const auto rate = readColumn(reader, "learning_rate");
    const auto sparsity = readColumn(reader, "sparsity");
    const auto seconds = readColumn(reader, "seconds");
    if (epochs.size() != steps.size())
        reader.refuse("epoch", "all step series need the same length");
    for (const auto* column : {&loss, &accuracy, &rate, &sparsity, &seconds}) {
        if (column->size() != steps.size() || epochs.size() != steps.size()) {
            reader.refuse("step", "all step series need the same length");
            return {};
        }
    }
    std::vector<MetricPoint> points(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i)
        points[i] = {steps[i],  static_cast<int>(epochs[i]), loss[i], accuracy[i], rate[i], sparsity[i],
                     seconds[i]};
    return points;
}

SessionState stateOf(const std::string& name)
{
    for (const auto state :
         {SessionState::Running, SessionState::Paused, SessionState::Stopped, SessionState::Finished}) {
        if (nameOf(state) == name)
            return state;
    }
    return SessionState::Failed;
}

void readHead(JsonReader& reader, Session& session)
{
    session.id = reader.requiredText("id");
    session.name = reader.text("name", session.id);
    session.notes = reader.text("notes", "");
    session.tags = reader.texts("tags");
    session.created = reader.text("created", "");
    if (auto environment = reader.object("environment"))
        session.environment = readEnvironment(*environment);
    session.state =
        stateOf(reader.choice("state", {"running", "paused", "stopped", "finished", "failed"}, "failed"));
    if (auto error = reader.object("error"))
        session.error = error->text("message", "");
}

void readRecord(JsonReader& reader, Session& session)
{
    for (auto& intervention : reader.objects("interventions"))
        session.interventions.push_back(readIntervention(intervention));
    for (auto& epoch : reader.objects("epochs"))
        session.epochs.push_back(readEpoch(epoch));
    for (auto& item : reader.objects("layers")) {
        auto layer = readLayer(item);
        layer.parent = parentOf(session.layers, layer.path);
        session.layers.push_back(std::move(layer));
    }
    for (auto& checkpoint : reader.objects("checkpoints"))
        session.checkpoints.push_back(readCheckpoint(checkpoint));
    if (auto summary = reader.object("summary"))
        session.summary = readSummary(*summary);
    if (auto steps = reader.object("steps"))
        session.steps = readSteps(*steps);
}

Status checkFormat(const Json& json, const std::string& where)
{
    const std::string format = json.is_object() && json.contains("frostline") && json["frostline"].is_string()
                                   ? json["frostline"].get<std::string>()
                                   : "";
    if (format == "session/1")
        return {};
    if (format.starts_with("session/"))
        return badInput(where + ": /frostline: \"" + format +
                        "\" comes from a newer Frostline; this one reads session/1");
    return badInput(where + ": /frostline: expected \"session/1\"; this is not a session");
}

} // namespace

std::string_view nameOf(SessionState state)
{
    switch (state) {
    case SessionState::Running:
        return "running";
    case SessionState::Paused:
        return "paused";
    case SessionState::Stopped:
        return "stopped";
    case SessionState::Finished:
        return "finished";
    case SessionState::Failed:
        break;
    }
    return "failed";
}

Json toJson(const Session& session)
{
    Json json{{"frostline", "session/1"}, {"id", session.id},
              {"name", session.name},     {"notes", session.notes},
              {"tags", session.tags},     {"created", session.created},
              {"parent", session.parent}, {"recipe", toJson(session.recipe)}};
    json["recipe_folder"] = session.recipe.folder.string();
    json["environment"] = {{"frostline", session.environment.frostline},
                           {"libtorch", session.environment.libtorch},
                           {"device", session.environment.device},
                           {"threads", session.environment.threads},
                           {"cpu", session.environment.cpu}};
    json["state"] = nameOf(session.state);
    json["error"] = session.error.empty() ? Json() : Json{{"message", session.error}};
    for (const auto* list : {"interventions", "epochs", "layers", "checkpoints"})
        json[list] = Json::array();
    for (const auto& intervention : session.interventions)
        json["interventions"].push_back(interventionJson(intervention));
    for (const auto& epoch : session.epochs)
        json["epochs"].push_back(epochJson(epoch));
    for (const auto& layer : session.layers)
        json["layers"].push_back(layerJson(layer));
    for (const auto& checkpoint : session.checkpoints)
        json["checkpoints"].push_back(checkpointJson(checkpoint));
    json["summary"] = summaryJson(session.summary);
    json.update(session.unknown);
    json["steps"] = stepsJson(session.steps);
    return json;
}

Result<Session> sessionFromJson(const Json& json, const std::string& where)
{
    if (const auto format = checkFormat(json, where); !format)
        return tl::unexpected(format.error());
    std::optional<Error> error;
    JsonReader reader(json, where, error);
    Session session;
    reader.any("frostline");
    session.parent = reader.any("parent");
    readHead(reader, session);
    readRecord(reader, session);
    auto recipe = recipeFromJson(reader.any("recipe"), where + ": /recipe", reader.text("recipe_folder", ""));
    session.unknown = reader.remaining();
    if (error)
        return tl::unexpected(*error);
    if (!recipe)
        return tl::unexpected(recipe.error());
    session.recipe = std::move(*recipe);
    return session;
}

} // namespace frostline
