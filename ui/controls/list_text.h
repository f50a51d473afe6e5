#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <QString>

namespace frostline {

/// `128, 64` as widths of layers; empty text is none.
QString widthsText(const std::vector<std::int64_t>& widths);
std::vector<std::int64_t> widthsOf(const QString& text);
/// What is wrong with such a text; empty if nothing is.
QString widthsProblem(const QString& text);

/// `cat, dog` as names.
QString namesText(const std::vector<std::string>& names);
std::vector<std::string> namesOf(const QString& text);

} // namespace frostline
