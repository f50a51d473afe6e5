#include "model/architectures/architecture.h"

#include <algorithm>
#include <iterator>

#include "base/json.h"
#include "model/activations.h"
#include "model/layers.h"
#include "model/pooling.h"

namespace frostline {

namespace {

const std::vector<Architecture>& architectures()
{
    static const auto all = [] {
        std::vector<Architecture> list;
        for (const auto family : {&convnets, &mlps, &autoencoders, &resnets, &vggs, &mobilenetsV2,
                                  &mobilenetsV3, &xceptions, &yamnets})
            std::ranges::move(family(), std::back_inserter(list));
        return list;
    }();
    return all;
}

Result<const Architecture*> architectureOf(const std::string& name)
{
    std::vector<std::string> names;
    std::string list;
    for (const auto& architecture : architectures()) {
        if (architecture.name == name)
            return &architecture;
        names.push_back(architecture.name);
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

std::string sizeText(std::int64_t height, std::int64_t width)
{
    return std::to_string(height) + " by " + std::to_string(width);
}

Result<Base> buildBase(const ModelRecipe& recipe, const InputShape& input)
{
    const auto architecture = architectureOf(recipe.architecture);
    if (!architecture)
        return tl::unexpected(architecture.error());
    if (const auto checked = checkOptions(**architecture, recipe.options); !checked)
        return tl::unexpected(checked.error());
    const auto smallest = (*architecture)->smallest;
    if (input.height < smallest || input.width < smallest)
        return badInput("/model/architecture: " + recipe.architecture + " needs images of at least " +
                        sizeText(smallest, smallest) + "; these are " + sizeText(input.height, input.width));
    return (*architecture)->build(recipe.options, input);
}

/// Features of the flattened map, found by running it.
std::int64_t flattenedFeatures(const Base& base, const InputShape& input)
{
    const torch::NoGradGuard guard;
    auto x = torch::zeros({1, input.channels, input.height, input.width});
    for (const auto& stage : base.stages)
        x = stage.layer->forward(x);
    return x.numel();
}

/// Whether the base's own pooling is what the recipe asks for.
bool poolsItself(const Base& base, const HeadRecipe& recipe)
{
    const bool isAverage = base.pooledFeatures == base.features;
    return !base.pooling.empty() &&
           (!recipe.pooling || (isAverage && *recipe.pooling == HeadRecipe::Pooling::Average));
}

/// Pooling inside a head, which ends in a vector; gives back how long that is.
std::int64_t addPooling(Sequential& head, HeadRecipe::Pooling pooling, const Base& base,
                        const InputShape& input)
{
    const bool isFlat = pooling == HeadRecipe::Pooling::None;
    if (!isFlat)
        head.add(std::make_shared<GlobalPool>(
            pooling == HeadRecipe::Pooling::Max ? GlobalPool::Kind::Max : GlobalPool::Kind::Average));
    head.add(std::make_shared<Flatten>());
    return isFlat ? flattenedFeatures(base, input) : base.features;
}

Activation::Kind kindOf(HeadRecipe::Activation activation)
{
    switch (activation) {
    case HeadRecipe::Activation::LeakyRelu:
        return Activation::Kind::LeakyRelu;
    case HeadRecipe::Activation::Gelu:
        return Activation::Kind::Gelu;
    case HeadRecipe::Activation::Silu:
        return Activation::Kind::Silu;
    case HeadRecipe::Activation::Hardswish:
        return Activation::Kind::Hardswish;
    case HeadRecipe::Activation::Tanh:
        return Activation::Kind::Tanh;
    case HeadRecipe::Activation::Relu:
        break;
    }
    return Activation::Kind::Relu;
}

/// Pooling where the base ends in a map, hidden layers with activation and dropout, the outputs.
/// One dense layer alone carries the head's name itself, as torchvision's `fc` does.
LayerPtr newHead(const HeadRecipe& recipe, Base& base, const InputShape& input, std::int64_t outputs)
{
    auto head = std::make_shared<Sequential>();
    auto features = base.features;
    if (poolsItself(base, recipe)) {
        std::ranges::move(base.pooling, std::back_inserter(base.stages));
        features = base.pooledFeatures;
    } else if (base.isMap) {
        features = addPooling(*head, recipe.pooling.value_or(HeadRecipe::Pooling::Average), base, input);
    }
    for (const auto width : recipe.hidden) {
        head->add(std::make_shared<Linear>(features, width));
        head->add(std::make_shared<Activation>(kindOf(recipe.activation)));
        if (recipe.dropout > 0.0)
            head->add(std::make_shared<Dropout>(recipe.dropout));
        features = width;
    }
    head->add(std::make_shared<Linear>(features, outputs));
    if (head->children().size() == 1)
        return head->children().front().layer;
    return head;
}

Status checkOutputs(const ModelRecipe& recipe, const Base& base, const OutputSpec& outputs)
{
    if (outputs.isImage && base.decoder.empty())
        return badInput("/model/architecture: " + recipe.architecture +
                        " ends in a classifier and gives no image back; choose autoencoder");
    if (outputs.isImage && recipe.head)
        return badInput("/model/head: a network that gives an image back has no head; leave it out");
    if (!outputs.isImage && !base.decoder.empty() && !recipe.head)
        return badInput("/model/head: missing; " + recipe.architecture +
                        " gives an image back, for other outputs its encoder needs a head");
    if (recipe.head &&
        recipe.head->pooling.value_or(HeadRecipe::Pooling::None) != HeadRecipe::Pooling::None && !base.isMap)
        return badInput("/model/head/pooling: the base already ends in a vector; leave pooling out");
    return {};
}

/// All stages of the network; the base's are taken.
std::vector<Network::Stage> stagesOf(const ModelRecipe& recipe, Base& base, const InputShape& input,
                                     const OutputSpec& outputs)
{
    if (outputs.isImage) {
        std::ranges::move(base.decoder, std::back_inserter(base.stages));
    } else if (!recipe.head && base.classifier) {
        std::ranges::move(base.pooling, std::back_inserter(base.stages));
        base.stages.push_back({base.headName, base.classifier(outputs.values)});
    } else {
        auto head = newHead(recipe.head.value_or(HeadRecipe{}), base, input, outputs.values);
        base.stages.push_back({base.headName, std::move(head)});
    }
    return std::move(base.stages);
}

} // namespace

void poolByAverage(Base& base)
{
    base.isMap = true;
    base.pooling = {{"avgpool", std::make_shared<GlobalPool>(GlobalPool::Kind::Average)},
                    {"flatten", std::make_shared<Flatten>()}};
    base.pooledFeatures = base.features;
}

Result<std::unique_ptr<Network>> buildNetwork(const ModelRecipe& recipe, const InputShape& input,
                                              const OutputSpec& outputs, std::uint64_t seed)
{
    auto base = buildBase(recipe, input);
    if (!base)
        return tl::unexpected(base.error());
    if (const auto checked = checkOutputs(recipe, *base, outputs); !checked)
        return tl::unexpected(checked.error());
    auto network = std::make_unique<Network>(stagesOf(recipe, *base, input, outputs));
    network->initialise(seed);
    return network;
}

} // namespace frostline
