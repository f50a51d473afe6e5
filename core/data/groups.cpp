#include "data/groups.h"

#include <algorithm>
#include <regex>
#include <set>

#include "base/json.h"
#include "data/names.h"

namespace frostline {

namespace {

constexpr std::size_t kLongestPattern = 200;
constexpr std::size_t kLongestName = 255;

Result<std::regex> compiled(const std::string& pattern)
{
    if (pattern.size() > kLongestPattern)
        return badInput("/data/groups/pattern: is longer than " + std::to_string(kLongestPattern) + " bytes");
    auto options = std::regex::ECMAScript;
#ifdef __GLIBCXX__
    options |= std::regex_constants::__polynomial;
#endif
    try {
        std::regex expression(pattern, options);
        if (expression.mark_count() > 0)
            return expression;
    } catch (const std::regex_error& error) {
        return badInput("/data/groups/pattern: \"" + shortened(pattern) +
                        "\" is not a regular expression: " + error.what());
    }
    return badInput("/data/groups/pattern: \"" + shortened(pattern) +
                    "\" has no parentheses around what names the group");
}

std::string fileNameOf(const std::string& path)
{
    return std::filesystem::path(path).filename().string();
}

/// What the pattern's parentheses match in the name; empty where they do not.
Result<std::string> groupOf(const std::string& name, const std::regex& expression)
{
    std::smatch match;
    try {
        if (name.size() <= kLongestName && std::regex_match(name, match, expression))
            return match[1].str();
    } catch (const std::regex_error& error) {
        return badInput("/data/groups/pattern: is too much work for the name \"" + shortened(name) +
                        "\": " + error.what());
    }
    return std::string();
}

Status checkNames(const std::vector<std::string>& asked, const std::set<std::string>& there,
                  const char* place)
{
    for (const auto& name : asked) {
        if (there.contains(name))
            continue;
        const std::vector<std::string> known(there.begin(), there.end());
        const auto nearest = nearestName(name, known);
        return badInput(std::string(place) + ": there is no group \"" + shortened(name) + "\"; there are " +
                        listOf(known) + (nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
    }
    return {};
}

/// That the groups named are there, each in one split.
Status checkGroups(const GroupRecipe& groups, const std::set<std::string>& there)
{
    if (const auto checked = checkNames(groups.validation, there, "/data/groups/validation"); !checked)
        return checked;
    if (const auto checked = checkNames(groups.test, there, "/data/groups/test"); !checked)
        return checked;
    for (const auto& name : groups.test) {
        if (std::ranges::find(groups.validation, name) != groups.validation.end())
            return badInput("/data/groups/test: group \"" + shortened(name) +
                            "\" is named for validation too");
    }
    return {};
}

/// That nothing else says which samples are for validation and for the test.
Status checkPlaces(const SourceData& data, const DataRecipe& recipe)
{
    if (!recipe.groups.test.empty() && data.test)
        return badInput("/data/groups/test: the data have a test split of their own; leave the groups out");
    if (!recipe.groups.validation.empty() && data.validation)
        return badInput("/data/groups/validation: the data have a validation split of their own; leave the "
                        "groups out");
    if (!recipe.groups.validation.empty() && recipe.validation.from == ValidationRecipe::From::Train)
        return badInput("/data/groups/validation: /data/validation takes a share of the training samples; "
                        "only one of the two can be");
    return {};
}

} // namespace

Result<std::vector<std::string>> groupsOf(const DataSet& set, const std::string& pattern)
{
    const auto expression = compiled(pattern);
    if (!expression)
        return tl::unexpected(expression.error());
    if (set.origins.empty())
        return badInput("/data/groups: the data have no file names to group by");
    std::vector<std::string> groups;
    for (std::size_t i = 0; i < set.origins.size(); ++i) {
        if (i > 0 && set.origins[i] == set.origins[i - 1]) {
            groups.push_back(groups.back());
            continue;
        }
        const auto name = fileNameOf(set.origins[i]);
        auto group = groupOf(name, *expression);
        if (!group)
            return tl::unexpected(group.error());
        if (group->empty())
            return badInput("/data/groups/pattern: " + set.origins[i] + " has no group: \"" +
                            shortened(pattern) + "\" does not match its name");
        groups.push_back(std::move(*group));
    }
    return groups;
}

Status splitGroups(SourceData& data, const DataRecipe& recipe)
{
    const auto& asked = recipe.groups;
    if (asked.pattern.empty())
        return {};
    const auto groups = groupsOf(data.train, asked.pattern);
    if (!groups)
        return tl::unexpected(groups.error());
    if (asked.validation.empty() && asked.test.empty()) {
        if (recipe.validation.from == ValidationRecipe::From::Test)
            return badInput(
                "/data/groups: nothing is split by it; name groups for validation or test, or take "
                "validation \"from\": \"train\"");
        return {};
    }
    if (const auto checked = checkPlaces(data, recipe); !checked)
        return checked;
    if (const auto checked = checkGroups(asked, {groups->begin(), groups->end()}); !checked)
        return checked;
    std::vector<std::int64_t> train;
    std::vector<std::int64_t> validation;
    std::vector<std::int64_t> test;
    for (std::int64_t i = 0; i < data.train.size(); ++i) {
        const auto& group = (*groups)[static_cast<std::size_t>(i)];
        const auto isIn = [&group](const auto& names) {
            return std::ranges::find(names, group) != names.end();
        };
        (isIn(asked.validation) ? validation : isIn(asked.test) ? test : train).push_back(i);
    }
    if (!validation.empty())
        data.validation = subset(data.train, validation);
    if (!test.empty())
        data.test = subset(data.train, test);
    data.train = subset(data.train, train);
    return {};
}

} // namespace frostline
