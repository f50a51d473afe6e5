#include "session/text_table.h"

#include <algorithm>

namespace frostline {

namespace {

std::string padding(const std::string& text, std::size_t width)
{
    return std::string(width - std::min(width, widthOf(text)), ' ');
}

std::string quoted(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string made = "\"";
    for (const char c : text)
        made += c == '"' ? std::string("\"\"") : std::string(1, c);
    return made + '"';
}

} // namespace

std::string TextTable::text() const
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

std::string plainText(const std::string& text)
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

std::size_t widthOf(const std::string& text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

std::string csvLine(const std::vector<std::string>& cells)
{
    std::string text;
    for (const auto& cell : cells)
        text += (&cell == &cells.front() ? "" : ",") + quoted(cell);
    return text + "\r\n";
}

} // namespace frostline
