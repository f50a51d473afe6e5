#pragma once

#include <cstdint>
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

/// Stages up to the classifier, and what the classifier is to be called.
struct Base {
    std::vector<Network::Stage> stages;
    std::string headName;
    std::int64_t features = 0; ///< Channels of the last stage's output.
    bool isMap = false;        ///< Whether that output is [N, C, H, W] rather than [N, C].
};

/// A family of networks: a name, the options it takes, and how its base is built.
struct Architecture {
    const char* name;
    std::vector<std::string> options;
    Result<Base> (*build)(const ModelOptions& options, const InputShape& input);
};

Result<Base> buildMlp(const ModelOptions& options, const InputShape& input);
Result<Base> buildConvnet(const ModelOptions& options, const InputShape& input);
Result<Base> buildResnet18(const ModelOptions& options, const InputShape& input);
Result<Base> buildResnet34(const ModelOptions& options, const InputShape& input);
Result<Base> buildResnet50(const ModelOptions& options, const InputShape& input);
Result<Base> buildResnet101(const ModelOptions& options, const InputShape& input);

/// The base with its classifier on it, its parameters drawn from the seed.
Result<std::unique_ptr<Network>> buildNetwork(const ModelRecipe& recipe, const InputShape& input,
                                              std::int64_t classes, std::uint64_t seed);

} // namespace frostline
