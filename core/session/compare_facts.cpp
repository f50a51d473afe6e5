#include "session/compare_facts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

namespace frostline {

namespace {

constexpr double kPerCent = 100.0;

std::optional<double> lastLoss(const ComparedSession& session)
{
    const auto& last = session.figures.last;
    return last && std::isfinite(last->loss) ? std::optional(last->loss) : std::nullopt;
}

std::optional<double> lastAccuracy(const ComparedSession& session)
{
    return session.figures.lastAccuracy();
}

std::optional<double> bestEpoch(const ComparedSession& session)
{
    const int epoch = session.figures.bestEpoch;
    return epoch > 0 ? std::optional<double>(epoch) : std::nullopt;
}

constexpr std::array<Figure, 8> kFigures{{
    {"last_loss", "last loss", "", 4, 1.0, Figure::Better::Lower, &lastLoss},
    {"last_accuracy", "last accuracy", "%", 2, kPerCent, Figure::Better::Higher, &lastAccuracy},
    {"best_accuracy", "best accuracy", "%", 2, kPerCent, Figure::Better::Higher,
     [](const ComparedSession& session) { return session.figures.bestAccuracy; }},
    {"best_loss", "best loss", "", 4, 1.0, Figure::Better::Lower,
     [](const ComparedSession& session) { return session.figures.bestLoss; }},
    {"best_epoch", "best epoch", "", 0, 1.0, Figure::Better::Neither, &bestEpoch},
    {"steps", "steps", "", 0, 1.0, Figure::Better::Neither,
     [](const ComparedSession& session) {
         return std::optional(static_cast<double>(session.figures.steps));
     }},
    {"seconds", "time", "s", 1, 1.0, Figure::Better::Lower,
     [](const ComparedSession& session) { return std::optional(session.figures.seconds); }},
    {"trainable_share", "trainable", "%", 1, kPerCent, Figure::Better::Neither,
     [](const ComparedSession& session) { return std::optional(session.trainableShare); }},
}};

/// The shortest names for a set of leaves: a container stands for all its leaves with parameters.
std::vector<std::string> coverOf(const LayerTable& table, const std::set<std::string>& paths)
{
    std::vector<std::string> names;
    std::vector<bool> done(table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        const int parent = table[i].parent;
        done[i] = parent >= 0 && done[static_cast<std::size_t>(parent)];
        if (done[i])
            continue;
        auto leaves = leavesUnder(table, static_cast<int>(i));
        std::erase_if(leaves, [&](int leaf) { return !layerAt(table, leaf).hasParameters(); });
        done[i] = !leaves.empty() && std::ranges::all_of(leaves, [&](int leaf) {
            return paths.contains(layerAt(table, leaf).path);
        });
        if (done[i])
            names.push_back(table[i].path);
    }
    return names;
}

bool sameIntervals(std::span<const FreezeDifference> first, std::span<const FreezeDifference> second)
{
    return std::ranges::equal(first, second, [](const auto& mine, const auto& theirs) {
        return mine.from == theirs.from && mine.to == theirs.to && mine.first == theirs.first &&
               mine.second == theirs.second;
    });
}

std::vector<FreezeGroup> groupsOf(const LayerTable& table, std::span<const FreezeDifference> differences)
{
    std::vector<FreezeGroup> groups;
    std::vector<std::set<std::string>> paths;
    for (auto from = differences.begin(); from != differences.end();) {
        const auto to = std::find_if(from, differences.end(),
                                     [&](const auto& difference) { return difference.path != from->path; });
        const std::span own(from, to);
        const auto twin = std::ranges::find_if(
            groups, [&](const FreezeGroup& group) { return sameIntervals(group.intervals, own); });
        if (twin == groups.end()) {
            groups.push_back({{}, {own.begin(), own.end()}});
            paths.push_back({from->path});
        } else {
            paths[static_cast<std::size_t>(twin - groups.begin())].insert(from->path);
        }
        from = to;
    }
    for (std::size_t i = 0; i < groups.size(); ++i)
        groups[i].layers = coverOf(table, paths[i]);
    return groups;
}

ComparedSession compared(const Session& session)
{
    ComparedSession made;
    made.session = &session;
    made.label = session.name.empty() ? session.id : session.name;
    made.figures = figuresOf(session);
    made.trainableShare = meanTrainableShare(session);
    made.history = freezeHistory(session);
    return made;
}

/// Sessions of one name get their seed added, or where that is not enough the time they began.
void tellApart(std::vector<ComparedSession>& sessions)
{
    const auto withSeed = [](const ComparedSession& session) {
        return session.label + ", seed " + std::to_string(session.session->recipe.seed);
    };
    std::map<std::string, int> counts;
    for (const auto& session : sessions) {
        ++counts[session.label];
        ++counts[withSeed(session)];
    }
    for (auto& session : sessions) {
        if (counts[session.label] == 1)
            continue;
        const auto longer = withSeed(session);
        session.label = counts[longer] == 1 ? longer : session.label + ", " + session.session->created;
    }
}

} // namespace

std::span<const Figure> reportFigures()
{
    return kFigures;
}

CompareFacts factsOf(std::span<const Session> sessions)
{
    CompareFacts facts;
    std::vector<const SessionHead*> heads;
    for (const auto& session : sessions) {
        heads.push_back(&session);
        facts.sessions.push_back(compared(session));
    }
    tellApart(facts.sessions);
    for (auto& session : facts.sessions) {
        session.differences = freezeDifferences(facts.sessions.front().history, session.history);
        session.differenceGroups = groupsOf(session.session->layers, session.differences);
    }
    facts.settings = settingsOf(heads);
    std::erase_if(facts.settings, [](const SettingRow& row) { return !row.differs; });
    facts.seedGroups = seedGroups(heads);
    std::erase_if(facts.seedGroups, [](const auto& group) { return group.size() < 2; });
    if (std::ranges::any_of(heads, [](const auto* head) { return head->parent.has_value(); }))
        facts.tree = branchTree(heads);
    return facts;
}

Spread spreadOf(const CompareFacts& facts, const std::vector<std::size_t>& group, const Figure& figure)
{
    std::vector<std::vector<CurvePoint>> values;
    for (const auto member : group) {
        if (const auto value = figure.of(facts.sessions[member]))
            values.push_back({{0.0, *value}});
    }
    const auto band = meanAndBand(values);
    return band.empty() ? Spread{} : Spread{static_cast<int>(values.size()), band[0].mean, band[0].deviation};
}

std::string_view nameOf(FreezeState state)
{
    switch (state) {
    case FreezeState::Frozen:
        return "frozen";
    case FreezeState::StatisticsOnly:
        return "statistics only";
    case FreezeState::Trainable:
        break;
    }
    return "trainable";
}

std::string fixedText(double value, int decimals)
{
    std::array<char, 400> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
    std::string made(text.data(), end.ptr);
    // What rounds to zero has no sign.
    if (made.starts_with('-') && made.find_first_not_of("-0.") == std::string::npos)
        made.erase(0, 1);
    return made;
}

std::string figureText(const Figure& figure, std::optional<double> value)
{
    return value ? fixedText(*value * figure.scale, figure.decimals) : "-";
}

std::string deltaText(const Figure& figure, std::optional<double> value, std::optional<double> baseline)
{
    if (!value || !baseline)
        return "";
    const auto text = fixedText((*value - *baseline) * figure.scale, figure.decimals);
    const bool isZero = text.find_first_not_of("0.") == std::string::npos;
    return isZero || text.starts_with('-') ? text : "+" + text;
}

} // namespace frostline
