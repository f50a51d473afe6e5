#pragma once

#include <string>

namespace frostline {

/// The time now in ISO 8601 UTC, to the second: `2026-11-21T16:30:05Z`.
std::string timestamp();

} // namespace frostline
