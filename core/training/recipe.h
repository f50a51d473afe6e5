#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "model/layer_info.h"
#include "training/checkpoint_recipe.h"
#include "training/compute_recipe.h"
#include "training/data_recipe.h"
#include "training/phase_recipe.h"

namespace frostline {

struct HeadRecipe {
    enum class Pooling { None, Average, Max };
    enum class Activation { Relu, LeakyRelu, Gelu, Silu, Hardswish, Tanh };
    std::optional<Pooling> pooling;   ///< Only for a base whose features are maps; average if not given.
    std::vector<std::int64_t> hidden; ///< Widths of dense layers, each followed by activation and dropout.
    Activation activation = Activation::Relu;
    double dropout = 0.0;

    bool operator==(const HeadRecipe&) const = default;
};

/// An architecture's own options; which of them it takes stands in its file and in the schema.
struct ModelOptions {
    std::optional<std::vector<std::int64_t>> sizes;  ///< mlp: hidden widths.
    std::optional<std::vector<std::int64_t>> widths; ///< convnet: channels of each block.
    std::optional<std::string> stem;                 ///< Residual networks: `imagenet` or `small`.
    std::optional<std::string> module;               ///< torchscript: the file.

    bool operator==(const ModelOptions&) const = default;
};

enum class WeightsMatch {
    Strict,  ///< Every tensor of the network is in the file and the other way round.
    Partial, ///< What fits is taken; what does not is told.
};

struct ModelRecipe {
    std::string architecture;
    ModelOptions options;
    std::string weights; ///< File of weights; empty starts from scratch.
    WeightsMatch weightsMatch = WeightsMatch::Strict;
    std::optional<HeadRecipe> head; ///< A new head in place of the architecture's own classifier.

    bool operator==(const ModelRecipe&) const = default;
};

enum class PruningScope { Layer, Global };

struct PruningRecipe {
    PruningScope scope = PruningScope::Layer;
    double sparsity = 0.0; ///< Target for every prunable layer from step 0 on.
    bool frozen = false;   ///< Whether frozen layers may be pruned too.

    bool operator==(const PruningRecipe&) const = default;
};

/// What shall be run. Immutable once a run has begun.
struct Recipe {
    std::string name;
    std::string title;
    std::string notes;
    std::uint64_t seed = 1;
    DataRecipe data;
    ModelRecipe model;
    LossRecipe loss;
    std::vector<LayerRule> layers;
    OptimizerRecipe optimizer;
    ScheduleRecipe schedule; ///< Of each phase that has none of its own.
    std::int64_t batchSize = 64;
    int epochs = 5;                         ///< Where there are phases, the sum of theirs.
    std::vector<PhaseRecipe> phases;        ///< None: the whole run is one.
    std::optional<EndRecipe> earlyStopping; ///< Of the whole run.
    PruningRecipe pruning;
    CheckpointRecipe checkpoints;
    ComputeRecipe compute;
    std::filesystem::path folder; ///< Relative paths start here; not part of the file.
    std::string source;           ///< What messages about it begin with: `FILE: `; not part of the file.

    bool operator==(const Recipe&) const = default;
};

/// Reads a recipe file. `overrides` are dotted keys with JSON values, as `--set` gives them.
Result<Recipe> loadRecipe(const std::filesystem::path& file,
                          const std::vector<std::pair<std::string, std::string>>& overrides = {});
/// A recipe with other values under dotted keys.
Result<Recipe> withOverrides(const Recipe& recipe,
                             const std::vector<std::pair<std::string, std::string>>& overrides);
/// `where` names the source in error messages.
Result<Recipe> recipeFromJson(const nlohmann::ordered_json& json, const std::string& where,
                              const std::filesystem::path& folder);
nlohmann::ordered_json toJson(const Recipe& recipe);
/// Writes it whole or not at all; paths are made relative to the new place where that is possible.
Status saveRecipe(const Recipe& recipe, const std::filesystem::path& file);

std::string_view nameOf(HeadRecipe::Activation activation);

/// Rules that give every layer of the table the settings it has now.
std::vector<LayerRule> rulesFor(const LayerTable& table);

} // namespace frostline
