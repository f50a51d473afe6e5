#include <cstdio>
#include <limits>

#include "base/json.h"
#include "cli/commands.h"
#include "weights/weights_file.h"
#include "weights/weights_fit.h"

namespace frostline::cli {

namespace {

/// As many as can be told: tensors that repeat one value may have any number of them.
std::int64_t valuesOf(const WeightsFile& file)
{
    std::int64_t values = 0;
    for (const auto& tensor : file.tensors) {
        if (__builtin_add_overflow(values, tensor.values(), &values))
            return std::numeric_limits<std::int64_t>::max();
    }
    return values;
}

Json fileJson(const WeightsFile& file)
{
    Json json{{"format", nameOf(file.format)}};
    if (!file.foundUnder.empty())
        json["found_under"] = file.foundUnder;
    json["count"] = file.tensors.size();
    json["values"] = valuesOf(file);
    json["tensors"] = Json::array();
    for (const auto& tensor : file.tensors)
        json["tensors"].push_back({{"name", tensor.name}, {"dtype", tensor.dtype}, {"shape", tensor.shape}});
    return json;
}

Json fitJson(const WeightsReport& fit)
{
    Json json{{"fits", fit.fits()}, {"prefix", fit.prefix}, {"loaded", fit.loaded}};
    json["missing"] = fit.missing;
    json["unexpected"] = fit.unexpected;
    json["wrong_shape"] = Json::array();
    for (const auto& [name, inFile, inNetwork] : fit.wrongShape)
        json["wrong_shape"].push_back({{"name", name}, {"file", inFile}, {"network", inNetwork}});
    json["whole_numbers"] = fit.wholeNumbers;
    return json;
}

void printFile(const WeightsFile& file)
{
    for (const auto& tensor : file.tensors)
        std::printf("%-44s %-5s %s\n", tensor.name.c_str(), tensor.dtype.c_str(),
                    shapeText(tensor.shape).c_str());
    std::printf("%s", std::string(nameOf(file.format)).c_str());
    if (!file.foundUnder.empty())
        std::printf(", under %s", file.foundUnder.c_str());
    std::printf(": %zu tensors, %lld values\n", file.tensors.size(), static_cast<long long>(valuesOf(file)));
}

void printFit(const WeightsReport& fit)
{
    for (const auto& name : fit.missing)
        std::printf("missing            %s\n", name.c_str());
    for (const auto& name : fit.unexpected)
        std::printf("not in the network %s\n", name.c_str());
    for (const auto& [name, inFile, inNetwork] : fit.wrongShape)
        std::printf("wrong shape        %s %s in the file, %s in the network\n", name.c_str(),
                    shapeText(inFile).c_str(), shapeText(inNetwork).c_str());
    for (const auto& name : fit.wholeNumbers)
        std::printf("whole numbers      %s, where floating point is expected\n", name.c_str());
    std::printf("%s: %zu tensors fit, %zu missing, %zu not in the network, %zu of another shape, "
                "%zu of whole numbers\n",
                fit.fits() ? "fits" : "does not fit", fit.loaded.size(), fit.missing.size(),
                fit.unexpected.size(), fit.wrongShape.size(), fit.wholeNumbers.size());
}

int printed(const WeightsFile& file, const WeightsReport* fit, bool json)
{
    if (json) {
        auto all = fileJson(file);
        if (fit)
            all["fit"] = fitJson(*fit);
        std::printf("%s\n", jsonText(all).c_str());
    } else if (fit) {
        printFit(*fit);
    } else {
        printFile(file);
    }
    return !fit || fit->fits() ? kDone : kRunFailed;
}

} // namespace

int weights(const WeightsArguments& arguments)
{
    const auto file = describeWeights(arguments.file);
    if (!file)
        return report(file.error());
    if (arguments.recipe.empty())
        return printed(*file, nullptr, arguments.json);
    const auto overrides = overridesOf(arguments.set);
    const auto recipe =
        overrides ? loadRecipe(arguments.recipe, *overrides) : tl::unexpected(overrides.error());
    if (!recipe)
        return report(recipe.error());
    const auto fit = weightsFit(*file, *recipe);
    return fit ? printed(*file, &*fit, arguments.json) : report(fit.error());
}

} // namespace frostline::cli
