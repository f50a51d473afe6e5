#include "data/split_data.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/random.h"
#include "data/groups.h"

namespace frostline {

namespace {

/// The first `limit` of each class in `order`, the order kept. Where samples are patches the recordings
/// count; those of one stand together in `order`.
std::vector<std::int64_t> limited(const DataSet& set, const std::vector<std::int64_t>& order,
                                  std::int64_t limit)
{
    std::vector<std::int64_t> taken(set.classNames.size());
    std::vector<std::int64_t> kept;
    std::int64_t clip = -1;
    bool isKept = false;
    for (const auto index : order) {
        const auto i = static_cast<std::size_t>(index);
        if (set.clips.empty() || set.clips[i] != clip)
            isKept = limit == 0 || taken[static_cast<std::size_t>(set.labels[i])]++ < limit;
        clip = set.clips.empty() ? -1 : set.clips[i];
        if (isKept)
            kept.push_back(index);
    }
    return kept;
}

/// All samples in a random order, in which the patches of one recording stand together.
std::vector<std::int64_t> shuffled(const DataSet& set, std::uint64_t seed)
{
    if (set.clips.empty())
        return permutation(set.size(), seed);
    std::vector<std::vector<std::int64_t>> members;
    for (std::int64_t i = 0; i < set.size(); ++i) {
        const auto now = static_cast<std::size_t>(i);
        if (i == 0 || set.clips[now] != set.clips[now - 1])
            members.emplace_back();
        members.back().push_back(i);
    }
    std::vector<std::int64_t> order;
    for (const auto clip : permutation(static_cast<std::int64_t>(members.size()), seed)) {
        const auto& patches = members[static_cast<std::size_t>(clip)];
        order.insert(order.end(), patches.begin(), patches.end());
    }
    return order;
}

std::vector<std::int64_t> inFileOrder(std::vector<std::int64_t> indices)
{
    std::ranges::sort(indices);
    return indices;
}

DataSet limitedSet(DataSet set, std::int64_t limit, std::uint64_t seed)
{
    if (limit == 0)
        return set;
    return subset(set, inFileOrder(limited(set, shuffled(set, streamSeed(seed, Purpose::Limit)), limit)));
}

/// How many of the first samples in `order` are for validation: a share of the recordings where there are
/// any.
std::ptrdiff_t heldSamples(const DataSet& all, const std::vector<std::int64_t>& order, double fraction)
{
    if (all.clips.empty())
        return static_cast<std::ptrdiff_t>(fraction * static_cast<double>(all.size()));
    const auto clipAt = [&](std::size_t at) { return all.clips[static_cast<std::size_t>(order[at])]; };
    std::vector<std::ptrdiff_t> begins;
    for (std::size_t at = 0; at < order.size(); ++at) {
        if (at == 0 || clipAt(at) != clipAt(at - 1))
            begins.push_back(static_cast<std::ptrdiff_t>(at));
    }
    const auto held = static_cast<std::size_t>(fraction * static_cast<double>(begins.size()));
    return held < begins.size() ? begins[held] : static_cast<std::ptrdiff_t>(order.size());
}

/// Puts the samples of a share of the groups first, at least one group's. Gives back how many those are.
std::ptrdiff_t groupsFirst(std::vector<std::int64_t>& order, const std::vector<std::string>& groups,
                           double fraction, std::uint64_t seed)
{
    std::set<std::string> names(groups.begin(), groups.end());
    const std::vector<std::string> sorted(names.begin(), names.end());
    const auto count = static_cast<std::int64_t>(sorted.size());
    const auto wanted = std::llround(fraction * static_cast<double>(count));
    const auto held = std::clamp<std::int64_t>(wanted, 1, count - 1);
    std::set<std::string> chosen;
    for (const auto index : permutation(count, streamSeed(seed, Purpose::Split, 1))) {
        if (static_cast<std::int64_t>(chosen.size()) < held)
            chosen.insert(sorted[static_cast<std::size_t>(index)]);
    }
    const auto rest = std::ranges::stable_partition(
        order, [&](std::int64_t index) { return chosen.contains(groups[static_cast<std::size_t>(index)]); });
    return rest.begin() - order.begin();
}

/// Takes a share of the training samples for validation: whole groups if there is a pattern for them, and
/// whole recordings.
Status splitFromTrain(const DataSet& all, const DataRecipe& recipe, std::uint64_t seed, DataSplits& splits)
{
    auto order = shuffled(all, streamSeed(seed, Purpose::Split));
    auto held = heldSamples(all, order, recipe.validation.fraction);
    if (!recipe.groups.pattern.empty() && all.size() > 0) {
        const auto groups = groupsOf(all, recipe.groups.pattern);
        if (!groups)
            return tl::unexpected(groups.error());
        if (std::ranges::count(*groups, groups->front()) == std::ssize(*groups))
            return badInput("/data/groups/pattern: all training samples are of one group, \"" +
                            groups->front() + "\"; validation needs another");
        held = groupsFirst(order, *groups, recipe.validation.fraction, seed);
    }
    const std::vector<std::int64_t> validation(order.begin(), order.begin() + held);
    const std::vector<std::int64_t> train(order.begin() + held, order.end());
    splits.validation = subset(all, inFileOrder(limited(all, validation, recipe.validation.limit)));
    splits.train = subset(all, inFileOrder(limited(all, train, recipe.trainLimit)));
    return {};
}

} // namespace

Result<DataSplits> splitData(SourceData data, const DataRecipe& recipe, std::uint64_t seed)
{
    DataSplits splits;
    if (recipe.validation.from == ValidationRecipe::From::Train) {
        if (const auto done = splitFromTrain(data.train, recipe, seed, splits); !done)
            return tl::unexpected(done.error());
    } else {
        splits.train = limitedSet(std::move(data.train), recipe.trainLimit, seed);
        splits.validation =
            limitedSet(data.validation ? *data.validation : *data.test, recipe.validation.limit, seed);
    }
    if (data.test)
        splits.test = std::move(*data.test);
    return splits;
}

} // namespace frostline
