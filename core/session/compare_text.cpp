// A comparison as tables for a terminal.

#include <algorithm>

#include "session/compare_facts.h"
#include "session/compare_report.h"

namespace frostline {

namespace {

/// On one line, and without anything that a terminal would obey.
std::string plain(const std::string& text)
{
    std::string made;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool isC1 =
            byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (isC1)
            ++i;
        made += byte < 0x20 || byte == 0x7f || isC1 ? ' ' : text[i];
    }
    return made;
}

/// Characters, not bytes.
std::size_t widthOf(const std::string& text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

std::string padding(const std::string& text, std::size_t width)
{
    return std::string(width - std::min(width, widthOf(text)), ' ');
}

/// Columns as wide as they need; the first two to the left, the others to the right unless told otherwise.
class TextTable {
public:
    explicit TextTable(std::size_t columnsToTheLeft) : m_left(columnsToTheLeft) {}

    void add(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }
    std::string text() const
    {
        std::vector<std::size_t> widths;
        for (const auto& row : m_rows) {
            widths.resize(std::max(widths.size(), row.size()));
            for (std::size_t i = 0; i < row.size(); ++i)
                widths[i] = std::max(widths[i], widthOf(row[i]));
        }
        std::string made;
        for (const auto& row : m_rows) {
            std::string line;
            for (std::size_t i = 0; i < row.size(); ++i) {
                const auto space = padding(row[i], widths[i]);
                line += "  " + (i < m_left ? row[i] + space : space + row[i]);
            }
            made += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        }
        return made;
    }

private:
    std::size_t m_left;
    std::vector<std::vector<std::string>> m_rows;
};

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
        std::vector<std::string> row{numberOf(i), plain(facts.sessions[i].label)};
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
        table.add({numberOf(i), plain(facts.sessions[i].label), std::string(nameOf(session.state)),
                   plain(session.id)});
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
            row.push_back(value ? plain(*value) : "-");
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
            text += "  " + numberOf(i) + "  " + plain(list(group.layers)) + "\n";
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
            table.add({numberOf(i), "before step " + std::to_string(step) + "  " + plain(toText(change))});
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
                plain(compared.label);
        if (const auto& parent = compared.session->parent)
            text +=
                ", from step " + std::to_string(parent->step) + (depth > 0 ? "" : " of " + plain(parent->id));
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
