#include "weights/weights_report.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace frostline {

namespace {

constexpr std::size_t kMostNamed = 8;

/// What wraps a network in Python puts before its names: DataParallel, and torch.compile.
constexpr std::array<std::string_view, 2> kWrappers{"module.", "_orig_mod."};

using Shapes = std::vector<TensorShape>;

bool isUnder(const std::string& name, const std::string& layer)
{
    return !layer.empty() && name.starts_with(layer + ".");
}

bool isBesideWeights(const TensorShape& tensor)
{
    return tensor.name.find('/') != tensor.name.npos;
}

/// Wrappers that all of the file's names have, and none of the network's.
std::string wrapperOf(const Shapes& network, const Shapes& file)
{
    std::string prefix;
    for (bool grows = true; grows && !file.empty();) {
        grows = false;
        for (const auto wrapper : kWrappers) {
            const auto longer = prefix + std::string(wrapper);
            const auto has = [&longer](const TensorShape& tensor) { return tensor.name.starts_with(longer); };
            if (!std::ranges::all_of(file, has) || std::ranges::any_of(network, has))
                continue;
            prefix = longer;
            grows = true;
        }
    }
    return prefix;
}

std::string listText(const char* what, const std::vector<std::string>& names)
{
    if (names.empty())
        return "";
    std::string text;
    for (std::size_t i = 0; i < std::min(kMostNamed, names.size()); ++i)
        text += (i > 0 ? ", " : "") + names[i];
    if (names.size() > kMostNamed)
        text += ", and " + std::to_string(names.size() - kMostNamed) + " more";
    return std::string("; ") + what + ": " + text;
}

} // namespace

WeightsReport compareWeights(const Shapes& network, const Shapes& file, const std::string& replacedHead)
{
    Shapes weights;
    std::ranges::remove_copy_if(file, std::back_inserter(weights), isBesideWeights);
    WeightsReport report;
    report.prefix = wrapperOf(network, weights);
    std::map<std::string, TensorShape> given;
    for (auto& each : weights)
        given[each.name.substr(report.prefix.size())] = std::move(each);
    for (const auto& [name, shape, isWhole] : network) {
        const auto found = given.extract(name);
        if (isUnder(name, replacedHead))
            continue;
        if (found.empty()) {
            if (!name.ends_with("num_batches_tracked"))
                report.missing.push_back(name);
        } else if (found.mapped().shape != shape) {
            report.wrongShape.push_back({name, found.mapped().shape, shape});
        } else if (found.mapped().isWhole && !isWhole) {
            report.wholeNumbers.push_back(name);
        } else {
            report.loaded.push_back(name);
        }
    }
    for (const auto& [name, each] : given) {
        if (!isUnder(name, replacedHead))
            report.unexpected.push_back(name);
    }
    return report;
}

std::string problemsOf(const WeightsReport& report)
{
    std::vector<std::string> shapes;
    for (const auto& [name, inFile, inNetwork] : report.wrongShape)
        shapes.push_back(name + " " + shapeText(inFile) + " in the file, " + shapeText(inNetwork) +
                         " in the network");
    return listText("missing", report.missing) + listText("wrong shape", shapes) +
           listText("whole numbers where floating point is expected", report.wholeNumbers) +
           listText("not in the network", report.unexpected);
}

std::string summaryOf(const WeightsReport& report)
{
    const auto all =
        report.loaded.size() + report.missing.size() + report.wrongShape.size() + report.wholeNumbers.size();
    return std::to_string(report.loaded.size()) + " of " + std::to_string(all) + " tensors loaded" +
           problemsOf(report);
}

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::string text;
    for (const auto length : shape)
        text += (text.empty() ? "" : ", ") + std::to_string(length);
    return "[" + text + "]";
}

} // namespace frostline
