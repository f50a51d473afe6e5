// Dense layers one after another: 784-128-64-10 unless the recipe says otherwise.

#include "model/activations.h"
#include "model/architectures/architecture.h"
#include "model/layers.h"

namespace frostline {

namespace {

Result<Base> mlp(const ModelOptions& options, const InputShape& input)
{
    const auto sizes = options.sizes.value_or(std::vector<std::int64_t>{128, 64});
    Base base;
    base.headName = "head";
    base.stages.push_back({"flatten", std::make_shared<Flatten>()});
    base.features = input.channels * input.height * input.width;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const auto number = std::to_string(i + 1);
        base.stages.push_back({"dense" + number, std::make_shared<Linear>(base.features, sizes[i])});
        base.stages.push_back({"relu" + number, std::make_shared<Activation>(Activation::Kind::Relu)});
        base.features = sizes[i];
    }
    return base;
}

} // namespace

Family mlps()
{
    return {{"mlp", {"sizes"}, 1, &mlp}};
}

} // namespace frostline
