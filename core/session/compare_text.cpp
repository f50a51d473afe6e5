// A comparison as tables for a terminal.

#include <algorithm>

#include "session/compare_facts.h"
#include "session/compare_report.h"
#include "session/text_table.h"

namespace frostline {

namespace {

std::string numberOf(std::size_t session)
{
    return std::to_string(session + 1);
}

std::string list(const std::vector<std::string>& texts)
{
    std::string made;
    for (const auto& text : texts)
        made += (made.empty() ? "" : ", ") + text;
    return made;
}

std::string figures(const CompareFacts& facts)
{
    TextTable table(2);
    std::vector<std::string> header{"", "session"};
    for (const auto& figure : reportFigures())
        header.push_back(std::string(figure.title) + (figure.unit.empty() ? "" : " ") +
                         std::string(figure.unit));
    table.add(std::move(header));
    for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
        std::vector<std::string> row{numberOf(i), plainText(facts.sessions[i].label)};
        std::vector<std::string> deltas{"", ""};
        for (const auto& figure : reportFigures()) {
            const auto value = figure.of(facts.sessions[i]);
            row.push_back(figureText(figure, value));
            deltas.push_back(deltaText(figure, value, figure.of(facts.sessions.front())));
        }
        table.add(std::move(row));
        if (i > 0)
            table.add(std::move(deltas));
    }
    return "Figures (validation; below each what it is more or less than session 1)\n" + table.text();
}

std::string identities(const CompareFacts& facts)
{
    TextTable table(4);
    for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
        const auto& session = *facts.sessions[i].session;
        table.add({numberOf(i), plainText(facts.sessions[i].label), std::string(nameOf(session.state)),
                   plainText(session.id)});
    }
    return "Sessions\n" + table.text();
}

/// Short values stand side by side, long ones under one another.
std::string settings(const CompareFacts& facts)
{
    if (facts.settings.empty())
        return "Settings\n  no setting differs\n";
    constexpr std::size_t kLongest = 30;
    TextTable table(1 + facts.sessions.size());
    std::string longOnes;
    std::vector<std::string> header{""};
    for (std::size_t i = 0; i < facts.sessions.size(); ++i)
        header.push_back(numberOf(i));
    table.add(std::move(header));
    for (const auto& setting : facts.settings) {
        std::vector<std::string> row{setting.key};
        for (const auto& value : setting.values)
            row.push_back(value ? plainText(*value) : "-");
        if (std::ranges::all_of(row, [](const auto& cell) { return widthOf(cell) <= kLongest; })) {
            table.add(std::move(row));
            continue;
        }
        longOnes += "  " + setting.key + "\n";
        for (std::size_t i = 1; i < row.size(); ++i)
            longOnes += "    " + std::to_string(i) + "  " + row[i] + "\n";
    }
    return "Settings that differ\n" + table.text() + longOnes;
}

std::string freezing(const CompareFacts& facts)
{
    std::string text;
    for (std::size_t i = 1; i < facts.sessions.size(); ++i) {
        for (const auto& group : facts.sessions[i].differenceGroups) {
            text += "  " + numberOf(i) + "  " + plainText(list(group.layers)) + "\n";
            for (const auto& [path, from, to, first, second] : group.intervals)
                text += "       steps " + std::to_string(from) + " to " + std::to_string(to - 1) + ": " +
                        std::string(nameOf(second)) + ", in 1 " + std::string(nameOf(first)) + "\n";
        }
    }
    return "Frozen otherwise than in session 1\n" + (text.empty() ? "  nothing, over common steps\n" : text);
}

std::string changes(const CompareFacts& facts)
{
    TextTable table(2);
    for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
        for (const auto& [step, change, origin, at] : facts.sessions[i].session->interventions)
            table.add(
                {numberOf(i), "before step " + std::to_string(step) + "  " + plainText(toText(change))});
    }
    const auto text = table.text();
    return text.empty() ? "" : "\nChanges while running\n" + text;
}

std::string branches(const CompareFacts& facts)
{
    std::string text;
    for (const auto& [index, depth] : facts.tree) {
        const auto& compared = facts.sessions[index];
        text += std::string(static_cast<std::size_t>(2 * depth + 2), ' ') + numberOf(index) + "  " +
                plainText(compared.label);
        if (const auto& parent = compared.session->parent)
            text += ", from step " + std::to_string(parent->step) +
                    (depth > 0 ? "" : " of " + plainText(parent->id));
        text += "\n";
    }
    return text.empty() ? "" : "\nBranches\n" + text;
}

std::string seeds(const CompareFacts& facts)
{
    std::string text;
    for (const auto& group : facts.seedGroups) {
        std::vector<std::string> members;
        for (const auto member : group)
            members.push_back(numberOf(member));
        text += "  sessions " + list(members) + "\n";
        for (const auto& figure : reportFigures()) {
            const auto spread = spreadOf(facts, group, figure);
            if (figure.better == Figure::Better::Neither || spread.count == 0)
                continue;
            text += "    " + std::string(figure.title) + " " + figureText(figure, spread.mean) + " +/- " +
                    figureText(figure, spread.deviation) + (figure.unit.empty() ? "" : " ") +
                    std::string(figure.unit) + "\n";
        }
    }
    return text.empty() ? "" : "\nAlike but for the seed (mean and sample deviation)\n" + text;
}

} // namespace

std::string compareText(std::span<const Session> sessions)
{
    const auto facts = factsOf(sessions);
    return identities(facts) + "\n" + figures(facts) + "\n" + settings(facts) + "\n" + freezing(facts) +
           changes(facts) + branches(facts) + seeds(facts);
}

} // namespace frostline
