#include "session/session_parts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace frostline {

using json_limits::kLargest;
using json_limits::kMost;
using json_limits::kNotANumber;

namespace {

/// Figures that only some tasks have, and what they are called in files.
constexpr std::array<std::pair<const char*, double Scores::*>, 4> kTaskFigures{
    {{"mae", &Scores::mae},
     {"psnr", &Scores::psnr},
     {"top5", &Scores::top5},
     {"clip_accuracy", &Scores::clipAccuracy}}};

Json valueJson(const ChangeValue& value)
{
    return std::visit([](const auto& held) { return Json(held); }, value);
}

Json measureJson(const LayerMeasure& measure)
{
    return {{"path", measure.path},
            {"drift", finite(measure.drift)},
            {"gradient_norm", finite(measure.gradientNorm)},
            {"sparsity", measure.sparsity}};
}

LayerMeasure readMeasure(JsonReader& reader)
{
    return {reader.requiredText("path"), reader.number("drift", kNotANumber, 0.0, kLargest),
            reader.number("gradient_norm", kNotANumber, 0.0, kLargest),
            reader.number("sparsity", 0.0, 0.0, 1.0)};
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

} // namespace

Json finite(double value)
{
    return std::isfinite(value) ? Json(value) : Json();
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
    Json json{{"loss", finite(scores.loss)}, {"accuracy", finite(scores.accuracy)}};
    for (const auto& [key, figure] : kTaskFigures) {
        if (std::isfinite(scores.*figure))
            json[key] = scores.*figure;
    }
    return json;
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

Json checkpointJson(const CheckpointRecord& checkpoint)
{
    return {{"step", checkpoint.step},
            {"epoch", checkpoint.epoch},
            {"file", checkpoint.file},
            {"sha256", checkpoint.sha256},
            {"bytes", checkpoint.bytes},
            {"best", checkpoint.best},
            {"periodic", checkpoint.periodic},
            {"restore", checkpoint.restore},
            {"interventions", checkpoint.interventions}};
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
    if (std::ranges::none_of(points, [](const auto& point) { return std::isfinite(point.mae); }))
        return json;
    for (const auto& point : points)
        json["mae"].push_back(finite(point.mae));
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
    Scores scores;
    scores.loss = reader.number("loss", kNotANumber, -kLargest, kLargest);
    scores.accuracy = reader.number("accuracy", kNotANumber, 0.0, 1.0);
    scores.mae = reader.number("mae", kNoFigure, 0.0, kLargest);
    scores.psnr = reader.number("psnr", kNoFigure, -kLargest, kLargest);
    scores.top5 = reader.number("top5", kNoFigure, 0.0, 1.0);
    scores.clipAccuracy = reader.number("clip_accuracy", kNoFigure, 0.0, 1.0);
    return scores;
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

CheckpointRecord readCheckpoint(JsonReader& reader)
{
    CheckpointRecord checkpoint;
    checkpoint.step = reader.integer("step", 0, 0, kMost);
    checkpoint.epoch = static_cast<int>(reader.integer("epoch", 0, 0, 1'000'000'000));
    checkpoint.file = reader.requiredText("file");
    constexpr std::string_view kFolder = "checkpoints/";
    const auto name =
        std::string_view(checkpoint.file).substr(std::min(kFolder.size(), checkpoint.file.size()));
    if (!checkpoint.file.starts_with(kFolder) || name.empty() || name.find_first_of("/\\") != name.npos ||
        name.front() == '.' || name.find('\0') != name.npos)
        reader.refuse("file", "must name a file in the session's folder checkpoints/");
    checkpoint.sha256 = reader.text("sha256", "");
    checkpoint.bytes = reader.integer("bytes", 0, 0, kMost);
    checkpoint.best = reader.boolean("best", false);
    checkpoint.periodic = reader.boolean("periodic", false);
    checkpoint.restore = reader.boolean("restore", false);
    checkpoint.interventions = static_cast<std::size_t>(reader.integer("interventions", 0, 0, kMost));
    return checkpoint;
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
    const auto mae =
        reader.has("mae") ? readColumn(reader, "mae") : std::vector<double>(steps.size(), kNoFigure);
    if (epochs.size() != steps.size())
        reader.refuse("epoch", "all step series need the same length");
    for (const auto* column : {&loss, &accuracy, &rate, &sparsity, &seconds, &mae}) {
        if (column->size() != steps.size() || epochs.size() != steps.size()) {
            reader.refuse("step", "all step series need the same length");
            return {};
        }
    }
    std::vector<MetricPoint> points(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i)
        points[i] = {
            steps[i], static_cast<int>(epochs[i]), loss[i], accuracy[i], rate[i], sparsity[i], seconds[i],
            mae[i]};
    return points;
}

} // namespace frostline
