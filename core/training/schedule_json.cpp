// Schedules and ends of phases as JSON.

#include <algorithm>

#include "training/recipe_parts.h"

namespace frostline {

namespace {

using Clock = ScheduleRecipe::Clock;

constexpr ScheduleKind kKinds[] = {
    ScheduleKind::Constant, ScheduleKind::Decay,          ScheduleKind::MultiStep, ScheduleKind::Exponential,
    ScheduleKind::Cosine,   ScheduleKind::CosineRestarts, ScheduleKind::OneCycle,  ScheduleKind::Plateau};
constexpr double kMostEpochs = 1e6;

Clock usualClock(ScheduleKind kind)
{
    const bool isSmooth = kind == ScheduleKind::Cosine || kind == ScheduleKind::CosineRestarts ||
                          kind == ScheduleKind::OneCycle;
    return isSmooth ? Clock::Steps : Clock::Epochs;
}

/// Which keys go with a kind, beside `kind` and `warmup`.
std::vector<std::string_view> keysOf(ScheduleKind kind)
{
    switch (kind) {
    case ScheduleKind::Decay:
        return {"by", "factor", "every"};
    case ScheduleKind::MultiStep:
        return {"by", "factor", "milestones"};
    case ScheduleKind::Exponential:
        return {"by", "factor"};
    case ScheduleKind::Cosine:
        return {"by", "length", "minimum"};
    case ScheduleKind::CosineRestarts:
        return {"by", "length", "lengthen", "minimum"};
    case ScheduleKind::OneCycle:
        return {"by", "length", "rise", "start_divisor", "end_divisor", "anneal"};
    case ScheduleKind::Plateau:
        return {"factor",    "monitor",        "mode",     "patience",
                "threshold", "threshold_mode", "cooldown", "minimum"};
    case ScheduleKind::Constant:
        break;
    }
    return {};
}

ScheduleKind readKind(JsonReader& reader)
{
    const auto name = reader.choice("kind",
                                    {"constant", "step", "multi_step", "exponential", "cosine",
                                     "cosine_restarts", "one_cycle", "plateau"},
                                    "constant");
    return *std::ranges::find(kKinds, name, [](ScheduleKind kind) { return nameOf(kind); });
}

void refuseForeignKeys(JsonReader& reader, ScheduleKind kind)
{
    const auto own = keysOf(kind);
    for (const auto other : kKinds) {
        for (const auto key : keysOf(other)) {
            if (reader.has(key) && std::ranges::find(own, key) == own.end())
                reader.refuse(key, "does not go with \"kind\": \"" + std::string(nameOf(kind)) + "\"");
        }
    }
}

WarmupRecipe readWarmup(JsonReader& reader)
{
    WarmupRecipe warmup;
    warmup.epochs = reader.number("epochs", 0.0, 0.0, kMostEpochs);
    warmup.steps = reader.integer("steps", 0, 0, 1'000'000'000);
    warmup.from = reader.number("from", warmup.from, 0.0, 1.0);
    if ((warmup.epochs > 0.0) == (warmup.steps > 0))
        reader.refuse("epochs", "say how long it is, in \"epochs\" or in \"steps\"");
    reader.finish();
    return warmup;
}

/// Whether `threshold_mode` is `relative`.
bool readRelative(JsonReader& reader, bool usual)
{
    return reader.choice("threshold_mode", {"relative", "absolute"}, usual ? "relative" : "absolute") ==
           "relative";
}

std::vector<double> readMilestones(JsonReader& reader)
{
    auto milestones = reader.numbers("milestones", 0.0, kMostEpochs);
    if (milestones.empty() || !std::ranges::is_sorted(milestones, std::less_equal{}))
        reader.refuse("milestones", "expected epochs in rising order, as in [5, 8]");
    return milestones;
}

void addWatched(Json& json, const Watched& watched)
{
    json["monitor"] = nameOf(watched.monitor);
    if (watched.mode)
        json["mode"] = *watched.mode == MonitorMode::Max ? "max" : "min";
}

} // namespace

std::string_view nameOf(ScheduleKind kind)
{
    switch (kind) {
    case ScheduleKind::Decay:
        return "step";
    case ScheduleKind::MultiStep:
        return "multi_step";
    case ScheduleKind::Exponential:
        return "exponential";
    case ScheduleKind::Cosine:
        return "cosine";
    case ScheduleKind::CosineRestarts:
        return "cosine_restarts";
    case ScheduleKind::OneCycle:
        return "one_cycle";
    case ScheduleKind::Plateau:
        return "plateau";
    case ScheduleKind::Constant:
        break;
    }
    return "constant";
}

Clock ScheduleRecipe::clockInForce() const
{
    return clock.value_or(usualClock(kind));
}

Monitor usualMonitor(Task task)
{
    return hasAccuracy(task) ? Monitor::ValidationAccuracy : Monitor::ValidationLoss;
}

Watched readWatched(JsonReader& reader, Task task, Monitor usual)
{
    Watched watched{usual, {}};
    const auto monitor =
        reader.choice("monitor", {"validation_accuracy", "validation_loss", "train_accuracy", "train_loss"},
                      std::string(nameOf(usual)));
    for (const auto each :
         {Monitor::ValidationAccuracy, Monitor::ValidationLoss, Monitor::TrainAccuracy, Monitor::TrainLoss}) {
        if (nameOf(each) == monitor)
            watched.monitor = each;
    }
    if (!hasAccuracy(task) && monitor.ends_with("accuracy"))
        reader.refuse("monitor", "the task " + std::string(nameOf(task)) +
                                     " has no accuracy; take validation_loss or train_loss");
    if (reader.has("mode"))
        watched.mode =
            reader.choice("mode", {"max", "min"}, "max") == "min" ? MonitorMode::Min : MonitorMode::Max;
    return watched;
}

ScheduleRecipe readSchedule(JsonReader& reader, Task task)
{
    ScheduleRecipe schedule;
    schedule.kind = readKind(reader);
    refuseForeignKeys(reader, schedule.kind);
    if (reader.has("by")) {
        const auto clock =
            reader.choice("by", {"epoch", "step"}, "epoch") == "step" ? Clock::Steps : Clock::Epochs;
        if (clock != usualClock(schedule.kind))
            schedule.clock = clock;
    }
    schedule.factor = reader.number("factor", schedule.factor, 1e-9, 1.0);
    schedule.every = reader.number("every", schedule.every, 1e-6, kMostEpochs);
    if (schedule.kind == ScheduleKind::MultiStep)
        schedule.milestones = readMilestones(reader);
    if (reader.has("length"))
        schedule.length = reader.number("length", 1.0, 1e-6, kMostEpochs);
    schedule.lengthen = static_cast<int>(reader.integer("lengthen", 1, 1, 1000));
    schedule.minimum = reader.number("minimum", 0.0, 0.0, 1000.0);
    schedule.rise = reader.number("rise", schedule.rise, 0.0, 1.0);
    schedule.startDivisor = reader.number("start_divisor", schedule.startDivisor, 1.0, 1e12);
    schedule.endDivisor = reader.number("end_divisor", schedule.endDivisor, 1.0, 1e12);
    schedule.linear = reader.choice("anneal", {"cosine", "linear"}, "cosine") == "linear";
    if (schedule.kind == ScheduleKind::Plateau) {
        schedule.watched = readWatched(reader, task, Monitor::ValidationLoss);
        schedule.patience = static_cast<int>(reader.integer("patience", schedule.patience, 0, 1'000'000));
        schedule.threshold = reader.number("threshold", schedule.threshold, 0.0, 1e9);
        schedule.isThresholdAbsolute = !readRelative(reader, true);
        schedule.cooldown = static_cast<int>(reader.integer("cooldown", 0, 0, 1'000'000));
    }
    if (auto warmup = reader.object("warmup"))
        schedule.warmup = readWarmup(*warmup);
    reader.finish();
    return schedule;
}

EndRecipe readEnd(JsonReader& reader, Task task)
{
    EndRecipe end;
    end.watched = readWatched(reader, task, Monitor::ValidationLoss);
    end.patience = static_cast<int>(reader.integer("patience", end.patience, 1, 1'000'000));
    end.threshold = reader.number("threshold", 0.0, 0.0, 1e9);
    end.isThresholdRelative = readRelative(reader, false);
    reader.finish();
    return end;
}

Json scheduleJson(const ScheduleRecipe& schedule)
{
    Json all{{"kind", nameOf(schedule.kind)},
             {"by", schedule.clock ? Json(*schedule.clock == Clock::Steps ? "step" : "epoch") : Json()},
             {"factor", schedule.factor},
             {"every", schedule.every},
             {"milestones", schedule.milestones},
             {"length", schedule.length ? Json(*schedule.length) : Json()},
             {"lengthen", schedule.lengthen},
             {"rise", schedule.rise},
             {"start_divisor", schedule.startDivisor},
             {"end_divisor", schedule.endDivisor},
             {"anneal", schedule.linear ? "linear" : "cosine"},
             {"minimum", schedule.minimum},
             {"patience", schedule.patience},
             {"threshold", schedule.threshold},
             {"threshold_mode", schedule.isThresholdAbsolute ? "absolute" : "relative"},
             {"cooldown", schedule.cooldown}};
    addWatched(all, schedule.watched);
    Json json{{"kind", all["kind"]}};
    for (const auto key : keysOf(schedule.kind)) {
        if (const auto& value = all[std::string(key)]; !value.is_null())
            json[std::string(key)] = value;
    }
    if (const auto& warmup = schedule.warmup; !warmup.isNone()) {
        if (warmup.steps > 0)
            json["warmup"]["steps"] = warmup.steps;
        else
            json["warmup"]["epochs"] = warmup.epochs;
        json["warmup"]["from"] = warmup.from;
    }
    return json;
}

Json endJson(const EndRecipe& end)
{
    Json json = Json::object();
    addWatched(json, end.watched);
    json["patience"] = end.patience;
    json["threshold"] = end.threshold;
    json["threshold_mode"] = end.isThresholdRelative ? "relative" : "absolute";
    return json;
}

} // namespace frostline
