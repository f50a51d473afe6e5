// A comparison as CSV and as JSON.

#include "base/json.h"
#include "base/number.h"
#include "session/compare_facts.h"
#include "session/compare_report.h"
#include "session/text_table.h"

namespace frostline {

namespace {

std::vector<std::string> cellsOf(const CompareFacts& facts, std::size_t index)
{
    const auto& compared = facts.sessions[index];
    const auto& session = *compared.session;
    std::vector<std::string> cells{session.id,
                                   session.name,
                                   std::string(nameOf(session.state)),
                                   session.created,
                                   session.parent ? session.parent->id : "",
                                   session.parent ? std::to_string(session.parent->step) : ""};
    for (const auto& figure : reportFigures()) {
        const auto value = figure.of(compared);
        cells.push_back(value ? formatNumber(*value) : "");
    }
    for (const auto& setting : facts.settings)
        cells.push_back(setting.values[index].value_or(""));
    return cells;
}

Json numberJson(const Figure& figure, std::optional<double> value)
{
    if (!value)
        return {};
    return figure.decimals > 0 ? Json(*value) : Json(static_cast<std::int64_t>(*value));
}

Json sessionJson(const CompareFacts& facts, const ComparedSession& compared)
{
    const auto& session = *compared.session;
    Json json{{"id", session.id},
              {"name", session.name},
              {"state", nameOf(session.state)},
              {"created", session.created}};
    json["parent"] =
        session.parent ? Json{{"id", session.parent->id}, {"step", session.parent->step}} : Json();
    Json difference = Json::object();
    for (const auto& figure : reportFigures()) {
        const auto value = figure.of(compared);
        const auto baseline = figure.of(facts.sessions.front());
        const std::string key(figure.key);
        json[key] = numberJson(figure, value);
        difference[key] = value && baseline ? numberJson(figure, *value - *baseline) : Json();
    }
    json["difference"] = std::move(difference);
    json["changes"] = Json::array();
    for (const auto& [step, change, origin, at] : session.interventions)
        json["changes"].push_back({{"step", step}, {"change", toText(change)}, {"origin", nameOf(origin)}});
    json["frozen_otherwise"] = Json::array();
    for (const auto& [path, from, to, first, second] : compared.differences)
        json["frozen_otherwise"].push_back({{"layer", path},
                                            {"from", from},
                                            {"to", to},
                                            {"baseline", nameOf(first)},
                                            {"session", nameOf(second)}});
    return json;
}

Json groupJson(const CompareFacts& facts, const std::vector<std::size_t>& group)
{
    Json json{{"sessions", Json::array()}};
    for (const auto member : group)
        json["sessions"].push_back(facts.sessions[member].session->id);
    for (const auto& figure : reportFigures()) {
        const auto spread = spreadOf(facts, group, figure);
        json[std::string(figure.key)] =
            spread.count > 0 ? Json{{"mean", spread.mean}, {"deviation", spread.deviation}} : Json();
    }
    return json;
}

} // namespace

std::string compareCsv(std::span<const Session> sessions)
{
    const auto facts = factsOf(sessions);
    std::vector<std::string> header{"id", "name", "state", "created", "parent", "parent_step"};
    for (const auto& figure : reportFigures())
        header.emplace_back(figure.key);
    for (const auto& setting : facts.settings)
        header.push_back(setting.key);
    auto text = csvLine(header);
    for (std::size_t i = 0; i < facts.sessions.size(); ++i)
        text += csvLine(cellsOf(facts, i));
    return text;
}

Json compareJson(std::span<const Session> sessions)
{
    const auto facts = factsOf(sessions);
    Json json{{"sessions", Json::array()},
              {"settings", Json::array()},
              {"seed_groups", Json::array()},
              {"branches", Json::array()}};
    for (const auto& compared : facts.sessions)
        json["sessions"].push_back(sessionJson(facts, compared));
    for (const auto& setting : facts.settings) {
        Json values = Json::array();
        for (const auto& value : setting.values)
            values.push_back(value ? Json(*value) : Json());
        json["settings"].push_back({{"key", setting.key}, {"values", std::move(values)}});
    }
    for (const auto& group : facts.seedGroups)
        json["seed_groups"].push_back(groupJson(facts, group));
    for (const auto& row : facts.tree)
        json["branches"].push_back({{"id", facts.sessions[row.session].session->id}, {"depth", row.depth}});
    return json;
}

} // namespace frostline
