#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace frostline {

/// Whole text as a finite number, whatever the locale.
std::optional<double> parseNumber(std::string_view text);

/// Shortest text that reads back as the same number, whatever the locale.
std::string formatNumber(double number);

} // namespace frostline
