#include "base/number.h"

#include <array>
#include <charconv>
#include <cmath>

namespace frostline {

std::optional<double> parseNumber(std::string_view text)
{
    double number = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

std::string formatNumber(double number)
{
    std::array<char, 32> buffer{};
    const double size = std::abs(number);
    const bool plain = size == 0.0 || (size >= 1e-4 && size < 1e15);
    const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format);
    return error == std::errc() ? std::string(buffer.data(), end) : std::to_string(number);
}

} // namespace frostline
