// session.json: Session to JSON and back. The step series stand last, so that a list can stop before them.

#include <cmath>

#include "base/json.h"
#include "session/session.h"
#include "session/session_parts.h"

namespace frostline {

namespace {

using json_limits::kLargest;
using json_limits::kMost;
using json_limits::kNotANumber;

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
    json["weight_norm"] = finite(layer.weightNorm);
    json["sparsity"] = layer.sparsity;
    return json;
}

Json summaryJson(const SessionSummary& summary)
{
    Json json{{"steps", summary.steps}, {"seconds", summary.seconds}, {"best_epoch", summary.bestEpoch}};
    const auto accuracy = summary.bestAccuracy();
    json["best_validation_accuracy"] = accuracy ? Json(*accuracy) : Json();
    if (std::isfinite(summary.bestValidationLoss))
        json["best_validation_loss"] = summary.bestValidationLoss;
    json["last_validation"] = summary.lastValidation ? scoresJson(*summary.lastValidation) : Json();
    return json;
}

template <class Value>
Json listJson(const std::vector<Value>& values, Json (*toJson)(const Value&))
{
    Json list = Json::array();
    for (const auto& value : values)
        list.push_back(toJson(value));
    return list;
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
    layer.weightNorm = reader.number("weight_norm", 0.0, 0.0, kLargest);
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

SessionSummary readSummary(JsonReader& reader)
{
    SessionSummary summary;
    summary.steps = reader.integer("steps", 0, 0, kMost);
    summary.seconds = reader.number("seconds", 0.0, 0.0, kLargest);
    summary.bestEpoch = static_cast<int>(reader.integer("best_epoch", 0, 0, 1'000'000'000));
    summary.bestValidationAccuracy = reader.number("best_validation_accuracy", kNotANumber, 0.0, 1.0);
    summary.bestValidationLoss = reader.number("best_validation_loss", kNotANumber, -kLargest, kLargest);
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
    environment.precision = reader.text("precision", "fp32");
    environment.memoryFormat = reader.text("memory_format", "contiguous");
    return environment;
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

void readHead(JsonReader& reader, SessionHead& session)
{
    session.id = reader.requiredText("id");
    session.name = reader.text("name", session.id);
    session.notes = reader.text("notes", "");
    session.tags = reader.texts("tags");
    session.colour = reader.text("colour", "");
    session.archived = reader.boolean("archived", false);
    session.created = reader.text("created", "");
    if (auto parent = reader.object("parent"))
        session.parent = SessionParent{parent->requiredText("id"), parent->integer("step", 0, 0, kMost)};
    if (auto environment = reader.object("environment"))
        session.environment = readEnvironment(*environment);
    session.state =
        stateOf(reader.choice("state", {"running", "paused", "stopped", "finished", "failed"}, "failed"));
    if (auto error = reader.object("error"))
        session.error = error->text("message", "");
    for (auto& planned : reader.objects("planned"))
        session.planned.push_back(readIntervention(planned));
    for (auto& intervention : reader.objects("interventions"))
        session.interventions.push_back(readIntervention(intervention));
    for (auto& checkpoint : reader.objects("checkpoints"))
        session.checkpoints.push_back(readCheckpoint(checkpoint));
    if (auto summary = reader.object("summary"))
        session.summary = readSummary(*summary);
}

void readRecord(JsonReader& reader, Session& session)
{
    for (auto& epoch : reader.objects("epochs"))
        session.epochs.push_back(readEpoch(epoch));
    for (auto& item : reader.objects("layers")) {
        auto layer = readLayer(item);
        layer.parent = parentOf(session.layers, layer.path);
        session.layers.push_back(std::move(layer));
    }
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

std::optional<double> SessionSummary::bestAccuracy() const
{
    const bool isThere = bestEpoch > 0 && std::isfinite(bestValidationAccuracy);
    return isThere ? std::optional(bestValidationAccuracy) : std::nullopt;
}

SessionSummary summaryOf(const Session& session)
{
    const bool byAccuracy = hasAccuracy(session.recipe.data.task);
    SessionSummary summary;
    summary.steps = static_cast<Step>(session.steps.size());
    summary.seconds = session.steps.empty() ? 0.0 : session.steps.back().seconds;
    for (const auto& epoch : session.epochs) {
        if (!epoch.validation)
            continue;
        summary.lastValidation = epoch.validation;
        if (!std::isfinite(byAccuracy ? epoch.validation->accuracy : epoch.validation->loss))
            continue;
        const bool isBetter = byAccuracy ? epoch.validation->accuracy > summary.bestValidationAccuracy
                                         : epoch.validation->loss < summary.bestValidationLoss;
        if (summary.bestEpoch > 0 && !isBetter)
            continue;
        summary.bestEpoch = epoch.epoch;
        summary.bestValidationAccuracy = epoch.validation->accuracy;
        summary.bestValidationLoss = byAccuracy ? kNoFigure : epoch.validation->loss;
    }
    return summary;
}

Json toJson(const Session& session)
{
    Json json{{"frostline", "session/1"},     {"id", session.id},          {"name", session.name},
              {"notes", session.notes},       {"tags", session.tags},      {"colour", session.colour},
              {"archived", session.archived}, {"created", session.created}};
    json["parent"] =
        session.parent ? Json{{"id", session.parent->id}, {"step", session.parent->step}} : Json();
    json["state"] = nameOf(session.state);
    json["error"] = session.error.empty() ? Json() : Json{{"message", session.error}};
    json["environment"] = {{"frostline", session.environment.frostline},
                           {"libtorch", session.environment.libtorch},
                           {"device", session.environment.device},
                           {"threads", session.environment.threads},
                           {"cpu", session.environment.cpu},
                           {"precision", session.environment.precision},
                           {"memory_format", session.environment.memoryFormat}};
    json["summary"] = summaryJson(session.summary);
    json["recipe_folder"] = session.recipe.folder.string();
    json["recipe"] = toJson(session.recipe);
    json["planned"] = listJson(session.planned, interventionJson);
    json["interventions"] = listJson(session.interventions, interventionJson);
    json["checkpoints"] = listJson(session.checkpoints, checkpointJson);
    json.update(session.unknown);
    json["layers"] = listJson(session.layers, layerJson);
    json["epochs"] = listJson(session.epochs, epochJson);
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
