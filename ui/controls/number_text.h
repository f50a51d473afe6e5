#pragma once

#include <cstdint>
#include <optional>

#include <QString>

namespace frostline {

/// Shortest text that reads back as the same number, in the user's locale: `0.001`, `1e-5`.
QString numberText(double number);

/// A number in the user's locale or as files write it; scientific notation too. Never guesses at thousands.
std::optional<double> numberOf(const QString& text);

/// `12.3 ms`, `4.56 s`, `3 min 20 s`.
QString durationText(double seconds);
QString memoryText(std::int64_t bytes);

} // namespace frostline
