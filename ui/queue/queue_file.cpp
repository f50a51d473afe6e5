#include "queue/queue_file.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/json.h"

namespace frostline {

namespace {

using State = QueueItem::State;

constexpr std::array<std::pair<State, std::string_view>, 7> kStates{{{State::Waiting, "waiting"},
                                                                     {State::Running, "running"},
                                                                     {State::Paused, "paused"},
                                                                     {State::Finished, "finished"},
                                                                     {State::Stopped, "stopped"},
                                                                     {State::Failed, "failed"},
                                                                     {State::Interrupted, "interrupted"}}};
constexpr std::int64_t kMany = std::int64_t{1} << 53;
constexpr double kMostSeconds = 1e12;

std::string_view nameOf(State state)
{
    return std::ranges::find(kStates, state, &std::pair<State, std::string_view>::first)->second;
}

State stateOf(std::string_view name)
{
    return std::ranges::find(kStates, name, &std::pair<State, std::string_view>::second)->first;
}

Json originJson(const RunOrigin& origin)
{
    return {{"folder", origin.folder.string()}, {"step", origin.step}, {"keep_later", origin.keepLater}};
}

Json bestJson(const QueueItem& item)
{
    Json json{{"epoch", item.bestEpoch}};
    if (item.bestAccuracy)
        json["accuracy"] = *item.bestAccuracy;
    if (item.bestLoss)
        json["loss"] = *item.bestLoss;
    return json;
}

Json itemJson(const QueueItem& item)
{
    Json json{{"state", nameOf(item.state)}};
    if (!item.session.isEmpty())
        json["session"] = item.session.toStdString();
    if (!item.problem.isEmpty())
        json["problem"] = item.problem.toStdString();
    if (item.progress.steps > 0) {
        const auto& progress = item.progress;
        json["progress"] = {{"step", progress.step},
                            {"steps", progress.steps},
                            {"epoch", progress.epoch},
                            {"epochs", progress.epochs}};
        json["seconds"] = item.seconds;
    }
    if (item.bestEpoch > 0)
        json["best"] = bestJson(item);
    if (item.origin)
        json["branch"] = originJson(*item.origin);
    json["folder"] = item.recipe.folder.string();
    json["recipe"] = toJson(item.recipe);
    return json;
}

RunOrigin readOrigin(JsonReader& reader)
{
    RunOrigin origin;
    origin.kind = RunOrigin::Kind::Branch;
    origin.folder = reader.requiredText("folder");
    origin.step = reader.integer("step", 0, 0, kMany);
    origin.keepLater = reader.boolean("keep_later", false);
    reader.finish();
    return origin;
}

RunProgress readProgress(JsonReader& reader)
{
    constexpr std::int64_t kMostEpochs = std::numeric_limits<int>::max();
    RunProgress progress;
    progress.steps = reader.integer("steps", 0, 0, kMany);
    progress.step = reader.integer("step", 0, 0, progress.steps);
    progress.epoch = static_cast<int>(reader.integer("epoch", 1, 0, kMostEpochs));
    progress.epochs = static_cast<int>(reader.integer("epochs", 1, 1, kMostEpochs));
    reader.finish();
    return progress;
}

void readBest(JsonReader& reader, QueueItem& item)
{
    item.bestEpoch = static_cast<int>(reader.integer("epoch", 0, 0, std::numeric_limits<int>::max()));
    if (reader.has("accuracy"))
        item.bestAccuracy = reader.number("accuracy", 0.0, 0.0, 1.0);
    if (reader.has("loss"))
        item.bestLoss = reader.number("loss", 0.0, -kMostSeconds, kMostSeconds);
    reader.finish();
}

QueueItem readItem(JsonReader& reader)
{
    QueueItem item;
    item.state = stateOf(reader.choice(
        "state", {"waiting", "running", "paused", "finished", "stopped", "failed", "interrupted"},
        "waiting"));
    item.session = QString::fromStdString(reader.text("session", ""));
    item.problem = QString::fromStdString(reader.text("problem", ""));
    if (auto progress = reader.object("progress"))
        item.progress = readProgress(*progress);
    item.seconds = reader.number("seconds", 0.0, 0.0, kMostSeconds);
    if (auto best = reader.object("best"))
        readBest(*best, item);
    if (auto origin = reader.object("branch"))
        item.origin = readOrigin(*origin);
    if (item.isCurrent()) {
        item.state = item.session.isEmpty() ? State::Waiting : State::Interrupted;
        item.problem.clear();
    }
    return item;
}

} // namespace

std::string queueText(std::span<const QueueItem> items)
{
    Json list = Json::array();
    for (const auto& item : items)
        list.push_back(itemJson(item));
    const Json json{{"frostline", "queue/1"}, {"items", std::move(list)}};
    return jsonText(json, 1) + "\n";
}

Result<std::vector<QueueItem>> readQueue(const std::filesystem::path& file)
{
    std::vector<QueueItem> items;
    std::error_code code;
    if (!std::filesystem::exists(file, code))
        return items;
    const auto json = readJsonFile(file);
    if (!json)
        return tl::unexpected(json.error());
    std::optional<Error> error;
    JsonReader reader(*json, file.string(), error);
    const auto format = reader.requiredText("frostline");
    if (!format.empty() && format != "queue/1")
        reader.refuse("frostline", "expected \"queue/1\", found \"" + shortened(format) +
                                       "\"; a newer Frostline may be needed to read this");
    for (auto& each : reader.objects("items")) {
        auto item = readItem(each);
        const std::filesystem::path folder = each.text("folder", "");
        const std::string where = file.string() + ": /items/" + std::to_string(items.size()) + "/recipe";
        auto recipe = recipeFromJson(each.any("recipe"), where, folder);
        each.finish();
        if (error)
            break;
        if (!recipe)
            return tl::unexpected(recipe.error());
        item.recipe = std::move(*recipe);
        items.push_back(std::move(item));
    }
    reader.finish();
    if (error)
        return tl::unexpected(*error);
    return items;
}

} // namespace frostline
