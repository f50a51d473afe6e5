#pragma once

#include <cstdint>
#include <functional>

namespace frostline {

/// Calls `work` for each index below `count`, on all cores of the machine, and returns when that is done.
/// Indices are handed out in order. Once `work` gives false no more are: those before it have all been done.
void onAllCores(std::int64_t count, const std::function<bool(std::int64_t)>& work);

} // namespace frostline
