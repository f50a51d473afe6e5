#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "sweep/sweep_record.h"
#include "training/recipe.h"

namespace frostline {

/// What a sweep is asked to do.
struct SweepRequest {
    std::filesystem::path recipe;                         ///< Its file.
    std::vector<std::pair<std::string, std::string>> set; ///< In place of the recipe's, at every point.
    std::string depths;             ///< `all`, or depths and layers with commas between; empty: no such axis.
    std::vector<std::string> grids; ///< `KEY=V1,V2` each; they multiply.
    int seeds = 1;                  ///< The recipe's and those after it.
    Step steps = 0;                 ///< Every run stops before this step; 0 runs all epochs.
};

/// A recipe to be run once for each seed.
struct SweepPoint {
    SweepPlace place;
    Recipe recipe; ///< With the first seed.
    int line = 0;  ///< Frost line: stages below it are frozen.
};

/// Every point of a sweep, read and checked.
struct SweepPlan {
    Recipe base;
    SweepRequest request;
    std::vector<SweepPoint> points;

    std::size_t runs() const { return points.size() * static_cast<std::size_t>(request.seeds); }
    std::uint64_t seedAt(int index) const { return base.seed + static_cast<std::uint64_t>(index); }
};

/// A key of the recipe and the values that it takes, as `--set` takes them.
struct GridAxis {
    std::string key;
    std::vector<std::string> values;
};

/// Reads `KEY=V1,V2`. Commas in brackets, braces and quotes belong to a value.
Result<GridAxis> gridAxisOf(const std::string& text);

/// Where the frost line can be: the lowest stage that trains, for each depth from 1, the head alone, to all.
/// Stages without parameters do not count.
std::vector<std::string> depthsOf(const LayerTable& table);
/// The depths that a text names, in its order: `all`, numbers, `head only`, or a layer that is to be the
/// lowest.
Result<std::vector<int>> depthsNamed(const std::string& text, const LayerTable& table);
/// The recipe with the top `depth` stages trainable, whatever it said of that before; its other rules stay.
Recipe withDepth(Recipe recipe, int depth);

/// The layers of a recipe's network as it begins, or what is wrong with its data, weights or rules.
using LayersOf = std::function<Result<LayerTable>(const Recipe&)>;

/// Expands a request. Everything that can be known to be wrong with any point is found here.
Result<SweepPlan> planSweep(const SweepRequest& request, const LayersOf& layersOf);

/// What makes the sweep that it is: another one in the same folder is told apart by this.
nlohmann::ordered_json toJson(const SweepPlan& plan);

/// One run of a sweep: a point with a seed.
struct SweepRun {
    std::size_t point = 0;
    int seed = 0; ///< Index.

    bool operator==(const SweepRun&) const = default;
};

/// The order in which runs follow one another so that what they have alike under their frost lines is
/// computed once: those of the same data and weights together, the lowest frost line first. What one stage
/// gives is then kept while the next one's is computed from it.
std::vector<SweepRun> runOrder(const SweepPlan& plan);

} // namespace frostline
