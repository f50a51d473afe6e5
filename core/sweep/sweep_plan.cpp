#include "sweep/sweep_plan.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "base/json.h"
#include "model/layer_changes.h"
#include "training/phase_changes.h"

namespace frostline {

namespace {

constexpr std::size_t kMostRuns = 10'000;

/// Splits at commas outside of brackets, braces and quotes. Nothing where one of those is not closed.
std::optional<std::vector<std::string>> splitValues(std::string_view text)
{
    std::vector<std::string> values(1);
    int open = 0;
    bool isQuoted = false;
    bool isEscaped = false;
    for (const char c : text) {
        if (c == ',' && open == 0 && !isQuoted) {
            values.emplace_back();
            continue;
        }
        values.back() += c;
        if (isQuoted)
            isQuoted = isEscaped || c != '"';
        else if (c == '"')
            isQuoted = true;
        else
            open += c == '[' || c == '{' ? 1 : c == ']' || c == '}' ? -1 : 0;
        isEscaped = isQuoted && !isEscaped && c == '\\';
        if (open < 0)
            return std::nullopt;
    }
    return open == 0 && !isQuoted ? std::optional(values) : std::nullopt;
}

std::string trimmed(const std::string& text)
{
    const auto first = text.find_first_not_of(' ');
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Values that mean the same have the same text.
std::string normalised(const std::string& value)
{
    return Json::accept(value) ? jsonText(Json::parse(value)) : jsonText(value);
}

std::vector<int> stagesWithParameters(const LayerTable& table)
{
    std::set<int, std::greater<>> stages;
    for (const auto& layer : table) {
        if (layer.isLeaf && layer.hasParameters())
            stages.insert(layer.stage);
    }
    return {stages.begin(), stages.end()};
}

/// The path under which all of a stage lies, and nothing else.
std::string stageName(const LayerTable& table, int stage)
{
    const auto isIn = [&](int leaf) { return layerAt(table, leaf).stage == stage; };
    std::string name;
    for (int i = 0; i < static_cast<int>(table.size()); ++i) {
        if (layerAt(table, i).stage != stage)
            continue;
        if (std::ranges::all_of(leavesUnder(table, i), isIn))
            return layerAt(table, i).path;
    }
    return name;
}

/// `1 (head) to 5 (block1)`
std::string rangeOf(const std::vector<std::string>& depths)
{
    return "1 (" + depths.front() + ") to " + std::to_string(depths.size()) + " (" + depths.back() + ")";
}

std::vector<std::string> pathsOf(const LayerTable& table)
{
    std::vector<std::string> paths;
    for (const auto& layer : table)
        paths.push_back(layer.path);
    return paths;
}

/// `word` is a number, `all`, `head only` or the path of a layer.
Result<int> depthNamed(const std::string& word, const LayerTable& table)
{
    const auto depths = depthsOf(table);
    const auto refused = [&word](const std::string& problem) {
        return badInput("--unfreeze-depths: " + (word.empty() ? "one is empty" : word) + ": " + problem);
    };
    if (depths.empty())
        return refused("the network has no parameters");
    const auto count = static_cast<int>(depths.size());
    if (word.empty())
        return refused("expected depths and layers with commas between, as in 1,2,4");
    if (word == "all" || word == "head only")
        return word == "all" ? count : 1;
    int number = 0;
    const auto [rest, problem] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (problem == std::errc() && rest == word.data() + word.size()) {
        if (number >= 1 && number <= count)
            return number;
        return refused(number == 0 ? "nothing would train; 1 trains the head only"
                                   : "depths of this network go from " + rangeOf(depths));
    }
    const auto layer = std::ranges::find(table, word, &LayerInfo::path);
    if (layer == table.end()) {
        const auto nearest = nearestName(word, pathsOf(table));
        return refused("no such layer; depths of this network go from " + rangeOf(depths) +
                       (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
    }
    const auto stages = stagesWithParameters(table);
    const auto depth = std::ranges::count_if(stages, [&](int stage) { return stage >= layer->stage; });
    if (depth == 0)
        return refused("has no parameters, and nothing above it has");
    return static_cast<int>(depth);
}

/// Says which values of the grid an error is of.
Error ofGrid(const SweepPlace& place, Error error)
{
    constexpr std::string_view kOverride = "--set "; // How the values get into the recipe.
    if (error.message.starts_with(kOverride))
        error.message.replace(0, kOverride.size(), "--grid ");
    else if (!place.values.empty())
        error.message.insert(0, "--grid " + textOf(place) + ": ");
    return error;
}

/// The axes' values in all combinations; the last axis changes first.
std::vector<SweepPlace> combinations(const std::vector<GridAxis>& axes)
{
    std::vector<SweepPlace> places(1);
    for (const auto& axis : axes) {
        std::vector<SweepPlace> more;
        for (const auto& place : places) {
            for (const auto& value : axis.values) {
                more.push_back(place);
                more.back().values.emplace_back(axis.key, value);
            }
        }
        places = std::move(more);
    }
    return places;
}

/// What lies under frost lines at the same place is the same for recipes of one text, as far as can be told
/// without their data. What the cache of features holds is compared byte by byte: a wrong guess costs time.
std::string sharingText(const Recipe& recipe, std::uint64_t seed)
{
    const auto& data = recipe.data;
    const auto json = toJson(recipe);
    Json shared{json.at("data"), json.at("model"), recipe.batchSize, json.value("compute", Json())};
    const bool drawsSamples = data.trainLimit > 0 || data.validation.limit > 0 ||
                              data.validation.from == ValidationRecipe::From::Train || !data.augment.isNone();
    const bool drawsWeights =
        recipe.model.weights.empty() || recipe.model.weightsMatch == WeightsMatch::Partial;
    if (drawsSamples || drawsWeights)
        shared.push_back(seed);
    return jsonText(shared);
}

class Planner {
public:
    Planner(const SweepRequest& request, const LayersOf& layersOf) : m_layersOf(layersOf)
    {
        m_plan.request = request;
    }

    Result<SweepPlan> plan()
    {
        const auto& request = m_plan.request;
        auto base = loadRecipe(request.recipe, request.set);
        if (!base)
            return tl::unexpected(base.error());
        m_plan.base = std::move(*base);
        const auto last = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (m_plan.base.seed > last - static_cast<std::uint64_t>(request.seeds))
            return badInput(m_plan.base.source + "/seed: leaves no room for " +
                            std::to_string(request.seeds) + " seeds; take a smaller one");
        const auto planned =
            readAxes().and_then([this] { return addAll(); }).and_then([this] { return checkTwins(); });
        if (!planned)
            return tl::unexpected(planned.error());
        return std::move(m_plan);
    }

private:
    Status readAxes()
    {
        for (const auto& text : m_plan.request.grids) {
            auto axis = gridAxisOf(text);
            if (!axis)
                return tl::unexpected(axis.error());
            const auto hasKey = [&](const GridAxis& other) { return other.key == axis->key; };
            if (std::ranges::any_of(m_axes, hasKey))
                return badInput("--grid " + axis->key + ": stands twice; give all its values in one");
            m_axes.push_back(std::move(*axis));
            std::size_t runs = static_cast<std::size_t>(m_plan.request.seeds);
            for (const auto& each : m_axes)
                runs *= each.values.size();
            if (runs > kMostRuns)
                return tooMany(runs);
        }
        return {};
    }
    static Status tooMany(std::size_t runs)
    {
        return badInput("the sweep would have " + std::to_string(runs) + " runs, and at most " +
                        std::to_string(kMostRuns) + " are allowed; give fewer values or seeds");
    }
    Status addAll()
    {
        for (const auto& place : combinations(m_axes)) {
            const auto added =
                addCombination(place).map_error([&](Error error) { return ofGrid(place, std::move(error)); });
            if (!added)
                return added;
            if (m_plan.runs() > kMostRuns)
                return tooMany(m_plan.runs());
        }
        return {};
    }
    /// One point, or one for each depth.
    Status addCombination(const SweepPlace& place)
    {
        auto set = m_plan.request.set;
        set.insert(set.end(), place.values.begin(), place.values.end());
        const auto recipe = loadRecipe(m_plan.request.recipe, set);
        if (!recipe)
            return tl::unexpected(recipe.error());
        const auto& named = m_plan.request.depths;
        if (!named.empty() && !recipe->phases.empty())
            return badInput(recipe->source +
                            "/phases: a depth is of a run of one phase; take the phases out with --set "
                            "phases=null, or sweep without --unfreeze-depths");
        const auto layers = checkedLayers(*recipe);
        if (!layers)
            return tl::unexpected(layers.error());
        if (named.empty()) {
            m_plan.points.push_back({place, *recipe, frostLine(*layers)});
            return {};
        }
        const auto depths = depthsNamed(named, *layers);
        if (!depths)
            return tl::unexpected(depths.error());
        for (const int depth : *depths) {
            if (const auto added = addDepth(place, *recipe, *layers, depth); !added)
                return added;
        }
        return {};
    }
    Status addDepth(SweepPlace place, const Recipe& recipe, const LayerTable& layers, int depth)
    {
        place.depth = depth;
        place.lowest = depthsOf(layers)[static_cast<std::size_t>(depth - 1)];
        auto deep = withDepth(recipe, depth);
        const auto own = checkedLayers(deep);
        if (!own)
            return failure(own.error().code, "depth " + std::to_string(depth) + ": " + own.error().message);
        m_plan.points.push_back({std::move(place), std::move(deep), frostLine(*own)});
        return {};
    }
    Result<LayerTable> checkedLayers(const Recipe& recipe) const
    {
        return m_layersOf(recipe).and_then([&](const LayerTable& layers) -> Result<LayerTable> {
            if (const auto phases = plannedLayers(recipe, layers); !phases)
                return badInput(recipe.source + phases.error().message);
            if (recipe.phases.empty() && totalsOf(layers).trainable == 0)
                return badInput(recipe.source +
                                "/layers: nothing would be trainable; make at least one layer trainable");
            return layers;
        });
    }
    /// Values that look different may say the same.
    Status checkTwins() const
    {
        std::map<std::string, const SweepPoint*> seen;
        for (const auto& point : m_plan.points) {
            const auto [twin, isNew] = seen.emplace(jsonText(toJson(point.recipe)), &point);
            if (!isNew)
                return badInput("\"" + textOf(twin->second->place) + "\" and \"" + textOf(point.place) +
                                "\" are the same recipe; leave one of them out");
        }
        return {};
    }

    const LayersOf& m_layersOf;
    std::vector<GridAxis> m_axes;
    SweepPlan m_plan;
};

} // namespace

Result<GridAxis> gridAxisOf(const std::string& text)
{
    const auto equals = text.find('=');
    const auto refused = [&text](const std::string& problem) {
        return badInput("--grid " + shortened(text) + ": " + problem);
    };
    if (equals == std::string::npos || equals == 0)
        return refused("expected KEY=V1,V2, as in optimizer.learning_rate=1e-3,1e-4");
    GridAxis axis{text.substr(0, equals), {}};
    if (axis.key == "seed")
        return refused("seeds are an axis of their own; give their number with --seeds");
    const auto values = splitValues(std::string_view(text).substr(equals + 1));
    if (!values)
        return refused("brackets and quotes of a value have to be closed");
    std::set<std::string> seen;
    for (const auto& each : *values) {
        axis.values.push_back(trimmed(each));
        if (axis.values.back().empty())
            return refused("a value is empty; write \"\" for an empty text");
        if (!seen.insert(normalised(axis.values.back())).second)
            return refused("the value " + shortened(axis.values.back()) + " stands twice");
    }
    return axis;
}

std::vector<std::string> depthsOf(const LayerTable& table)
{
    std::vector<std::string> lowest;
    for (const int stage : stagesWithParameters(table))
        lowest.push_back(stageName(table, stage));
    return lowest;
}

Result<std::vector<int>> depthsNamed(const std::string& text, const LayerTable& table)
{
    std::vector<int> depths;
    if (text == "all") {
        for (int depth = 1; depth <= static_cast<int>(depthsOf(table).size()); ++depth)
            depths.push_back(depth);
        return depths;
    }
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(',', begin), text.size());
        const auto word = trimmed(text.substr(begin, end - begin));
        const auto depth = depthNamed(word, table);
        if (!depth)
            return tl::unexpected(depth.error());
        if (std::ranges::find(depths, *depth) != depths.end())
            return badInput("--unfreeze-depths: " + word + ": depth " + std::to_string(*depth) +
                            " stands twice");
        depths.push_back(*depth);
        begin = end + 1;
    }
    return depths;
}

Recipe withDepth(Recipe recipe, int depth)
{
    for (auto& rule : recipe.layers)
        rule.trainable.reset();
    std::erase_if(recipe.layers,
                  [](const LayerRule& rule) { return !rule.statistics && !rule.rate && !rule.sparsity; });
    LayerRule frozen;
    frozen.match = "*";
    frozen.trainable = false;
    LayerRule trained;
    trained.match = "last " + std::to_string(depth) + (depth == 1 ? " stage" : " stages");
    trained.trainable = true;
    recipe.layers.insert(recipe.layers.begin(), {frozen, trained});
    return recipe;
}

Result<SweepPlan> planSweep(const SweepRequest& request, const LayersOf& layersOf)
{
    return Planner(request, layersOf).plan();
}

Json toJson(const SweepPlan& plan)
{
    const auto& request = plan.request;
    Json json{{"recipe", toJson(plan.base)}, {"recipe_folder", plan.base.folder.string()}};
    if (!request.depths.empty())
        json["depths"] = request.depths;
    json["grid"] = request.grids;
    json["seeds"] = request.seeds;
    if (request.steps > 0)
        json["steps"] = request.steps;
    return json;
}

std::vector<SweepRun> runOrder(const SweepPlan& plan)
{
    struct Place {
        std::size_t group;
        int line;
        SweepRun run;
    };
    std::map<std::string, std::size_t> groups;
    std::vector<Place> places;
    for (int seed = 0; seed < plan.request.seeds; ++seed) {
        for (std::size_t i = 0; i < plan.points.size(); ++i) {
            const auto& point = plan.points[i];
            const auto key = sharingText(point.recipe, plan.seedAt(seed));
            places.push_back({groups.emplace(key, groups.size()).first->second, point.line, {i, seed}});
        }
    }
    std::ranges::stable_sort(places, {},
                             [](const Place& place) { return std::pair(place.group, place.line); });
    std::vector<SweepRun> order;
    for (const auto& place : places)
        order.push_back(place.run);
    return order;
}

} // namespace frostline
