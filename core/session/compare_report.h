#pragma once

#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "session/session.h"

namespace frostline {

// Reports of two or more sessions; the first is the baseline that differences are counted from. All of them
// give the same facts: figures, settings that differ, what was frozen otherwise, changes made while running,
// branches, and the spread over seeds.

/// Tables for a terminal. Control characters in names and notes are left out.
std::string compareText(std::span<const Session> sessions);

/// RFC 4180, with a header: a row for each session, a column for each figure and each setting that differs.
/// Fractions are 0..1, times in seconds.
std::string compareCsv(std::span<const Session> sessions);

nlohmann::ordered_json compareJson(std::span<const Session> sessions);

/// One self-contained page with its pictures in it: nothing is loaded from elsewhere, and no script runs.
std::string compareHtml(std::span<const Session> sessions);

} // namespace frostline
