#pragma once

#include <functional>
#include <string>

namespace frostline {

enum class LogLevel { Info, Warning };

/// Where core's messages go; may be called from the thread that runs.
using LogSink = std::function<void(LogLevel, const std::string&)>;

} // namespace frostline
