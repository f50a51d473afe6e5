// The commands that print tables: layers, sessions, doctor.

#include <cstdio>

#include "base/json.h"
#include "base/machine.h"
#include "base/resources.h"
#include "cli/commands.h"
#include "session/session_store.h"
#include "training/run.h"

namespace frostline::cli {

namespace {

std::string shapeText(const LayerInfo& layer)
{
    std::string text;
    for (const auto length : layer.outputShape)
        text += (text.empty() ? "" : "x") + std::to_string(length);
    return text;
}

const char* modeText(const LayerInfo& layer)
{
    if (!layer.isLeaf || !layer.hasParameters())
        return "";
    if (layer.settings.trainable)
        return layer.isNormalisation && !layer.statisticsUpdating ? "trainable, statistics stored"
                                                                  : "trainable";
    return layer.statisticsUpdating ? "frozen, statistics updating" : "frozen";
}

Json layerJson(const LayerInfo& layer)
{
    Json json{{"path", layer.path},
              {"kind", layer.kind},
              {"shape", layer.outputShape},
              {"parameters", layer.parameters}};
    json["statistics_values"] = layer.statisticValues;
    if (!layer.isLeaf || !layer.hasParameters())
        return json;
    const bool trainable = layer.settings.trainable;
    json["trainable"] = trainable;
    json["trainable_parameters"] = trainable ? layer.parameters : 0;
    json["non_trainable_parameters"] = layer.statisticValues + (trainable ? 0 : layer.parameters);
    json["statistics"] = nameOf(layer.settings.statistics);
    json["statistics_updating"] = layer.statisticsUpdating;
    json["rate"] = layer.settings.rateMultiplier;
    json["sparsity"] = layer.sparsity;
    return json;
}

void printLayers(const LayerTable& table)
{
    std::printf("%-28s %-18s %-14s %12s  %s\n", "layer", "kind", "output", "parameters", "mode");
    for (const auto& layer : table) {
        int depth = 0;
        for (int parent = layer.parent; parent >= 0; parent = table[static_cast<std::size_t>(parent)].parent)
            ++depth;
        const std::string name = std::string(static_cast<std::size_t>(2 * depth), ' ') + layer.name;
        std::printf("%-28s %-18s %-14s %12ld  %s\n", name.c_str(), layer.kind.c_str(),
                    shapeText(layer).c_str(), static_cast<long>(layer.parameters), modeText(layer));
    }
    const auto totals = totalsOf(table);
    std::printf("parameters %ld: trainable %ld (%.1f %%), frozen %ld; statistics %ld\n",
                static_cast<long>(totals.parameters), static_cast<long>(totals.trainable),
                100.0 * totals.trainableFraction(), static_cast<long>(totals.frozen),
                static_cast<long>(totals.statistics));
}

void printSession(const SessionStore::Listing& listing)
{
    if (!listing.session) {
        std::printf("%-44s %s\n", listing.folder.filename().c_str(), listing.session.error().message.c_str());
        return;
    }
    const auto& session = *listing.session;
    const auto& summary = session.summary;
    std::printf("%-44s %-9s %8ld steps  ", session.id.c_str(), std::string(nameOf(session.state)).c_str(),
                static_cast<long>(summary.steps));
    if (const auto accuracy = summary.bestAccuracy())
        std::printf("best %.2f %% in epoch %d", 100.0 * *accuracy, summary.bestEpoch);
    else if (summary.bestEpoch > 0)
        std::printf("best loss %.4f in epoch %d", summary.bestValidationLoss, summary.bestEpoch);
    std::printf("\n");
}

Json sessionJson(const SessionStore::Listing& listing)
{
    Json json{{"folder", listing.folder.string()}};
    if (!listing.session) {
        json["error"] = listing.session.error().message;
        return json;
    }
    const auto& session = *listing.session;
    json["id"] = session.id;
    json["name"] = session.name;
    json["created"] = session.created;
    json["state"] = nameOf(session.state);
    json["steps"] = session.summary.steps;
    json["best_epoch"] = session.summary.bestEpoch;
    const auto accuracy = session.summary.bestAccuracy();
    json["best_validation_accuracy"] = accuracy ? Json(*accuracy) : Json();
    return json;
}

Json datasetsFound()
{
    Json found = Json::array();
    std::error_code code;
    for (const auto& folder : datasetFolders()) {
        for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
            // A dot begins what is only half there.
            const bool isWhole = !entry.path().filename().string().starts_with('.');
            if (isWhole && entry.is_directory(code))
                found.push_back(entry.path().string());
        }
    }
    return found;
}

} // namespace

int layers(const std::string& recipePath, const std::vector<std::string>& set, bool json)
{
    const auto overrides = overridesOf(set);
    const auto recipe = overrides ? loadRecipe(recipePath, *overrides) : tl::unexpected(overrides.error());
    if (!recipe)
        return report(recipe.error());
    RunOptions options;
    options.threads = 1; // Nothing is computed that would be worth a measurement.
    const auto run = Run::prepare(*recipe, options);
    if (!run)
        return report(run.error());
    if (!json) {
        printLayers((*run)->layers());
        return kDone;
    }
    Json rows = Json::array();
    for (const auto& layer : (*run)->layers())
        rows.push_back(layerJson(layer));
    std::printf("%s\n", jsonText(rows).c_str());
    return kDone;
}

int sessions(const std::string& folder, bool json)
{
    const auto place = folder.empty() ? SessionStore::defaultFolder() : std::filesystem::path(folder);
    std::error_code code;
    if (!folder.empty() && !std::filesystem::is_directory(place, code))
        return report({ErrorCode::BadInput, "sessions folder " + folder + " does not exist"});
    Json rows = Json::array();
    for (const auto& listing : SessionStore(place).list()) {
        if (json)
            rows.push_back(sessionJson(listing));
        else
            printSession(listing);
    }
    if (json)
        std::printf("%s\n", jsonText(rows).c_str());
    return kDone;
}

int doctor(bool json)
{
    const auto machine = describeMachine();
    const auto resources = resourcesFolder();
    Json report{{"frostline", machine.frostline},
                {"libtorch", machine.libtorch},
                {"blas", machine.blas},
                {"cpu", machine.cpu},
                {"bf16", machine.bf16},
                {"cores", machine.cores},
                {"memory_bytes", machine.memoryBytes},
                {"devices", machine.devices}};
    report["resources"] = resources ? resources->string() : resources.error().message;
    report["datasets"] = datasetsFound();
    report["feature_cache"] = (userCacheFolder() / "features").string();
    report["sessions"] = SessionStore::defaultFolder().string();
    if (json) {
        std::printf("%s\n", jsonText(report).c_str());
        return kDone;
    }
    for (const auto& [key, value] : report.items()) {
        std::string text = value.is_string() ? value.get<std::string>() : jsonText(value);
        if (value.is_array()) {
            text.clear();
            for (const auto& item : value)
                text += (text.empty() ? "" : ", ") + item.get<std::string>();
        }
        std::printf("%-14s %s\n", key.c_str(), text.empty() ? "none found" : text.c_str());
    }
    return kDone;
}

} // namespace frostline::cli
