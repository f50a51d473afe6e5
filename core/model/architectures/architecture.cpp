#include "model/architectures/architecture.h"

#include <algorithm>

#include "base/json.h"
#include "model/layers.h"

namespace frostline {

namespace {

const std::vector<Architecture>& architectures()
{
    static const std::vector<Architecture> all{
        {"convnet", {"widths"}, &buildConvnet}, {"mlp", {"sizes"}, &buildMlp},
        {"resnet18", {"stem"}, &buildResnet18}, {"resnet34", {"stem"}, &buildResnet34},
        {"resnet50", {"stem"}, &buildResnet50}, {"resnet101", {"stem"}, &buildResnet101},
    };
    return all;
}

Result<const Architecture*> architectureOf(const std::string& name)
{
    std::vector<std::string> names;
    std::string list;
    for (const auto& architecture : architectures()) {
        if (architecture.name == name)
            return &architecture;
        names.emplace_back(architecture.name);
        list += (list.empty() ? "" : ", ") + names.back();
    }
    const auto nearest = nearestName(name, names);
    return badInput("/model/architecture: unknown architecture \"" + name + "\"; there are " + list +
                    (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
}

Status checkOptions(const Architecture& architecture, const ModelOptions& options)
{
    const std::pair<const char*, bool> given[] = {{"sizes", options.sizes.has_value()},
                                                  {"widths", options.widths.has_value()},
                                                  {"stem", options.stem.has_value()},
                                                  {"module", options.module.has_value()}};
    for (const auto& [name, present] : given) {
        if (present && std::ranges::find(architecture.options, name) == architecture.options.end())
            return badInput(std::string("/model/options/") + name + ": is not an option of " +
                            architecture.name);
    }
    return {};
}

Result<Base> buildBase(const ModelRecipe& recipe, const InputShape& input)
{
    const auto architecture = architectureOf(recipe.architecture);
    if (!architecture)
        return tl::unexpected(architecture.error());
    if (const auto checked = checkOptions(**architecture, recipe.options); !checked)
        return tl::unexpected(checked.error());
    return (*architecture)->build(recipe.options, input);
}

/// Features of the flattened map, found by running it.
std::int64_t flattenedFeatures(Base& base, const InputShape& input)
{
    const torch::NoGradGuard guard;
    auto x = torch::zeros({1, input.channels, input.height, input.width});
    for (const auto& stage : base.stages)
        x = stage.layer->forward(x);
    return x.numel();
}

/// Pooling where the base ends in a map, hidden layers with ReLU and dropout, the classes.
/// One dense layer alone carries the head's name itself, as torchvision's `fc` does.
Result<LayerPtr> buildHead(const HeadRecipe& recipe, Base& base, const InputShape& input,
                           std::int64_t classes)
{
    if (recipe.pooling && *recipe.pooling != HeadRecipe::Pooling::None && !base.isMap)
        return badInput("/model/head/pooling: the base already ends in a vector; leave pooling out");
    auto head = std::make_shared<Sequential>();
    auto features = base.features;
    if (base.isMap) {
        const auto pooling = recipe.pooling.value_or(HeadRecipe::Pooling::Average);
        if (pooling == HeadRecipe::Pooling::None)
            features = flattenedFeatures(base, input);
        else
            head->add(std::make_shared<GlobalPool>(
                pooling == HeadRecipe::Pooling::Max ? GlobalPool::Kind::Max : GlobalPool::Kind::Average));
        head->add(std::make_shared<Flatten>());
    }
    for (const auto width : recipe.hidden) {
        head->add(std::make_shared<Linear>(features, width));
        head->add(std::make_shared<Relu>());
        if (recipe.dropout > 0.0)
            head->add(std::make_shared<Dropout>(recipe.dropout));
        features = width;
    }
    head->add(std::make_shared<Linear>(features, classes));
    if (head->children().size() == 1)
        return head->children().front().layer;
    return head;
}

} // namespace

Result<std::unique_ptr<Network>> buildNetwork(const ModelRecipe& recipe, const InputShape& input,
                                              std::int64_t classes, std::uint64_t seed)
{
    auto base = buildBase(recipe, input);
    if (!base)
        return tl::unexpected(base.error());
    auto head = buildHead(recipe.head.value_or(HeadRecipe{}), *base, input, classes);
    if (!head)
        return tl::unexpected(head.error());
    base->stages.push_back({base->headName, *head});
    auto network = std::make_unique<Network>(std::move(base->stages));
    network->initialise(seed);
    return network;
}

} // namespace frostline
