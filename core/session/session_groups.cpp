// How sessions hang together: those that differ in the seed alone, and the tree of branches.

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "base/json.h"
#include "session/comparison.h"

namespace frostline {

namespace {

/// When a hand made a change does not matter, nor does a note.
Json changesJson(const std::vector<Intervention>& interventions, bool byHandOnly)
{
    Json changes = Json::array();
    for (const auto& [step, change, origin, at] : interventions) {
        if (change.kind != ChangeKind::Note && (!byHandOnly || origin == Origin::User))
            changes.push_back({step, nameOf(change.kind), change.target,
                               std::visit([](const auto& value) { return Json(value); }, change.value)});
    }
    return changes;
}

/// All that twins have alike, as text.
std::string allButSeed(const SessionHead& session)
{
    auto recipe = toJson(session.recipe);
    for (const auto* key : {"name", "title", "notes", "seed"})
        recipe.erase(key);
    const auto parent =
        session.parent ? Json{{"id", session.parent->id}, {"step", session.parent->step}} : Json();
    return jsonText({std::move(recipe), changesJson(session.planned, false),
                     changesJson(session.interventions, true), parent});
}

/// Walks down from a session, itself first. Each is visited once, even where parents run in a circle.
class TreeWalk {
public:
    explicit TreeWalk(std::span<const SessionHead* const> sessions) : m_sessions(sessions)
    {
        std::unordered_map<std::string_view, std::size_t> places;
        for (std::size_t i = 0; i < sessions.size(); ++i) {
            places.emplace(sessions[i]->id, i);
            m_order.push_back(i);
        }
        std::ranges::stable_sort(m_order, [this](auto left, auto right) {
            const auto& mine = *m_sessions[left];
            const auto& other = *m_sessions[right];
            return std::tie(mine.created, mine.id) < std::tie(other.created, other.id);
        });
        m_parents.resize(sessions.size(), kNone);
        m_children.resize(sessions.size());
        m_visited.resize(sessions.size());
        for (const auto i : m_order) {
            const auto& parent = sessions[i]->parent;
            const auto place = parent ? places.find(parent->id) : places.end();
            if (place == places.end() || place->second == i)
                continue;
            m_parents[i] = place->second;
            m_children[place->second].push_back(i);
        }
    }

    std::vector<BranchRow> rows()
    {
        for (const auto i : m_order) {
            if (m_parents[i] == kNone)
                visit(i);
        }
        for (const auto i : m_order)
            visit(i);
        return std::move(m_rows);
    }

private:
    static constexpr auto kNone = static_cast<std::size_t>(-1);

    void visit(std::size_t root)
    {
        std::vector<BranchRow> waiting{{root, 0}};
        while (!waiting.empty()) {
            const auto row = waiting.back();
            waiting.pop_back();
            if (m_visited[row.session])
                continue;
            m_visited[row.session] = true;
            m_rows.push_back(row);
            const auto& children = m_children[row.session];
            for (auto child = children.rbegin(); child != children.rend(); ++child)
                waiting.push_back({*child, row.depth + 1});
        }
    }

    std::span<const SessionHead* const> m_sessions;
    std::vector<std::size_t> m_order; ///< Oldest first.
    std::vector<std::size_t> m_parents;
    std::vector<std::vector<std::size_t>> m_children;
    std::vector<bool> m_visited;
    std::vector<BranchRow> m_rows;
};

} // namespace

std::vector<std::vector<std::size_t>> seedGroups(std::span<const SessionHead* const> sessions)
{
    std::vector<std::vector<std::size_t>> groups;
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < sessions.size(); ++i) {
        const auto [place, isNew] = places.emplace(allButSeed(*sessions[i]), groups.size());
        if (isNew)
            groups.emplace_back();
        groups[place->second].push_back(i);
    }
    return groups;
}

std::vector<BranchRow> branchTree(std::span<const SessionHead* const> sessions)
{
    return TreeWalk(sessions).rows();
}

} // namespace frostline
