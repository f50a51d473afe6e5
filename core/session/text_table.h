#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace frostline {

/// A table for a terminal. Columns are as wide as they need; the first ones stand to the left, the others to
/// the right.
class TextTable {
public:
    explicit TextTable(std::size_t columnsToTheLeft) : m_left(columnsToTheLeft) {}

    void add(std::vector<std::string> cells) { m_rows.push_back(std::move(cells)); }
    std::string text() const;

private:
    std::size_t m_left;
    std::vector<std::vector<std::string>> m_rows;
};

/// On one line, and without anything that a terminal would obey.
std::string plainText(const std::string& text);
/// Characters, not bytes.
std::size_t widthOf(const std::string& text);

/// A row of a CSV table (RFC 4180); cells are quoted where they have to be.
std::string csvLine(const std::vector<std::string>& cells);

} // namespace frostline
