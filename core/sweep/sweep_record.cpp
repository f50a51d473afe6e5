#include "sweep/sweep_record.h"

#include <algorithm>

#include "base/file.h"
#include "base/json.h"
#include "session/session_parts.h"

namespace frostline {

namespace {

Json placeJson(const SweepPlace& place)
{
    Json json = Json::object();
    if (place.depth > 0) {
        json["depth"] = place.depth;
        json["lowest"] = place.lowest;
    }
    json["values"] = Json::object();
    for (const auto& [key, value] : place.values)
        json["values"][key] = value;
    return json;
}

Json figuresJson(const SweepFigures& figures)
{
    Json json{{"best_epoch", figures.bestEpoch}};
    json["validation"] = figures.validation ? scoresJson(*figures.validation) : Json();
    json["test"] = figures.test ? scoresJson(*figures.test) : Json();
    json["seconds"] = figures.seconds;
    json["trainable_share"] = figures.trainableShare;
    return json;
}

Json runJson(const SweepRunRecord& run)
{
    Json json{{"seed", run.seed}, {"state", nameOf(run.state)}};
    if (!run.session.empty())
        json["session"] = run.session;
    if (!run.error.empty())
        json["error"] = run.error;
    if (run.figures)
        json["figures"] = figuresJson(*run.figures);
    return json;
}

SweepPlace readPlace(JsonReader& reader)
{
    SweepPlace place;
    place.depth = static_cast<int>(reader.integer("depth", 0, 0, 1'000'000));
    place.lowest = reader.text("lowest", "");
    if ((place.depth > 0) != !place.lowest.empty())
        reader.refuse("lowest", "goes with a depth of 1 and more, and a depth with it");
    const auto& values = reader.any("values"); // In the order of the axes.
    if (!values.is_null() && !values.is_object())
        reader.refuse("values", "expected an object");
    for (const auto& [key, value] : values.items()) {
        if (values.is_object() && value.is_string())
            place.values.emplace_back(key, value.get<std::string>());
        else
            reader.refuse("values", "expected a text for each key");
    }
    return place;
}

SweepFigures readFigures(JsonReader& reader)
{
    SweepFigures figures;
    figures.bestEpoch = static_cast<int>(reader.integer("best_epoch", 0, 0, 1'000'000'000));
    if (auto validation = reader.object("validation"))
        figures.validation = readScores(*validation);
    if (auto test = reader.object("test"))
        figures.test = readScores(*test);
    figures.seconds = reader.number("seconds", 0.0, 0.0, json_limits::kLargest);
    figures.trainableShare = reader.number("trainable_share", 0.0, 0.0, 1.0);
    reader.finish();
    return figures;
}

SweepRunRecord readRun(JsonReader& reader)
{
    SweepRunRecord run;
    run.seed = static_cast<std::uint64_t>(reader.integer("seed", 1, 0, json_limits::kMost));
    const auto state =
        reader.choice("state", {"waiting", "running", "stopped", "finished", "failed"}, "waiting");
    for (const auto each : {SweepState::Waiting, SweepState::Running, SweepState::Stopped,
                            SweepState::Finished, SweepState::Failed}) {
        if (nameOf(each) == state)
            run.state = each;
    }
    run.session = reader.text("session", "");
    // It is opened and written to: nothing outside the sweep's folder may be meant.
    if (run.session.find_first_of(std::string_view("/\0", 2)) != std::string::npos || run.session == "." ||
        run.session == "..")
        reader.refuse("session", "expected the name of a folder beside this file");
    run.error = reader.text("error", "");
    if (auto figures = reader.object("figures"))
        run.figures = readFigures(*figures);
    if (run.state == SweepState::Finished && !run.figures)
        reader.refuse("figures", "a run that is finished has figures");
    reader.finish();
    return run;
}

SweepPointRecord readPoint(JsonReader& reader)
{
    SweepPointRecord point;
    point.place = readPlace(reader);
    for (auto& run : reader.objects("runs"))
        point.runs.push_back(readRun(run));
    if (point.runs.empty())
        reader.refuse("runs", "a point has a run for each seed");
    reader.finish();
    return point;
}

} // namespace

std::string textOf(const SweepPlace& place)
{
    std::string text;
    if (place.depth > 0)
        text = "depth " + std::to_string(place.depth) + " (" + place.lowest + ")";
    for (const auto& [key, value] : place.values)
        text += (text.empty() ? "" : ", ") + key + "=" + value;
    return text;
}

std::string_view nameOf(SweepState state)
{
    switch (state) {
    case SweepState::Running:
        return "running";
    case SweepState::Stopped:
        return "stopped";
    case SweepState::Finished:
        return "finished";
    case SweepState::Failed:
        return "failed";
    case SweepState::Waiting:
        break;
    }
    return "waiting";
}

std::size_t SweepRecord::runs() const
{
    std::size_t count = 0;
    for (const auto& point : points)
        count += point.runs.size();
    return count;
}

std::size_t SweepRecord::runsIn(SweepState state) const
{
    std::size_t count = 0;
    for (const auto& point : points)
        count += static_cast<std::size_t>(std::ranges::count(point.runs, state, &SweepRunRecord::state));
    return count;
}

Json toJson(const SweepRecord& record)
{
    Json json{{"frostline", "sweep/1"}, {"name", record.name}, {"created", record.created}};
    json["plan"] = record.plan;
    if (record.threads > 0)
        json["threads"] = record.threads;
    json["points"] = Json::array();
    for (const auto& point : record.points) {
        auto each = placeJson(point.place);
        each["runs"] = Json::array();
        for (const auto& run : point.runs)
            each["runs"].push_back(runJson(run));
        json["points"].push_back(std::move(each));
    }
    return json;
}

Result<SweepRecord> sweepFromJson(const Json& json, const std::string& where)
{
    std::optional<Error> error;
    JsonReader reader(json, where, error);
    const auto format = reader.requiredText("frostline");
    if (!format.empty() && format != "sweep/1")
        reader.refuse("frostline", "expected \"sweep/1\", found \"" + shortened(format) +
                                       "\"; a newer Frostline may be needed to read this");
    SweepRecord record;
    record.name = reader.text("name", "");
    record.created = reader.text("created", "");
    record.plan = reader.any("plan");
    if (!record.plan.is_object())
        reader.refuse("plan", "expected an object");
    record.threads = static_cast<int>(reader.integer("threads", 0, 0, 1024));
    for (auto& point : reader.objects("points"))
        record.points.push_back(readPoint(point));
    if (record.points.empty())
        reader.refuse("points", "a sweep has at least one point");
    reader.finish();
    if (error)
        return tl::unexpected(*error);
    return record;
}

Result<SweepRecord> loadSweep(const std::filesystem::path& folder)
{
    const auto file = folder / kSweepFile;
    return readJsonFile(file).and_then([&](const Json& json) { return sweepFromJson(json, file.string()); });
}

Status saveSweep(const SweepRecord& record, const std::filesystem::path& folder)
{
    return writeFile(folder / kSweepFile, jsonText(toJson(record), 2) + "\n");
}

} // namespace frostline
