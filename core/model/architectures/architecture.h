#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "model/network.h"
#include "training/recipe.h"

namespace frostline {

struct InputShape {
    std::int64_t channels;
    std::int64_t height;
    std::int64_t width;
};

/// What a network is to give back for each sample.
struct OutputSpec {
    std::int64_t values = 0; ///< Classes, 1 for one logit, numbers to be estimated.
    bool isImage = false;    ///< An image of the input's shape; `values` does not count.
};

/// Stages up to the features, and what makes outputs of them.
struct Base {
    std::vector<Network::Stage> stages;
    std::int64_t features = 0; ///< Channels of the last stage's output.
    bool isMap = false;        ///< Whether that output is [N, C, H, W] rather than [N, C].

    /// Makes a vector of the map, and how long that is; empty where the head is to do it.
    std::vector<Network::Stage> pooling;
    std::int64_t pooledFeatures = 0;

    std::string headName;
    /// The architecture's own; one dense layer if not given.
    std::function<LayerPtr(std::int64_t outputs)> classifier;
    /// Makes an image of the features; only where the architecture has no classifier of its own.
    std::vector<Network::Stage> decoder;
};

/// Ends a base in the mean over its map, as most do.
void poolByAverage(Base& base);

/// A kind of network: a name, the options it takes, the least height and width, and how its base is built.
struct Architecture {
    std::string name;
    std::vector<std::string> options;
    std::int64_t smallest = 1;
    std::function<Result<Base>(const ModelOptions& options, const InputShape& input)> build;
};

using Family = std::vector<Architecture>;
Family autoencoders();
Family convnets();
Family mlps();
Family mobilenetsV2();
Family mobilenetsV3();
Family resnets();
Family vggs();
Family xceptions();
Family yamnets();

/// The base with its classifier, the recipe's head or its decoder on it, its parameters drawn from the seed.
Result<std::unique_ptr<Network>> buildNetwork(const ModelRecipe& recipe, const InputShape& input,
                                              const OutputSpec& outputs, std::uint64_t seed);

} // namespace frostline
