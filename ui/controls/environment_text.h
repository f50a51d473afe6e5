#pragma once

#include <QString>

#include "session/session.h"

namespace frostline {

/// `cpu, 2 threads`, and how it computes where that is not the default: `cpu, 2 threads, bf16`.
QString environmentText(const SessionEnvironment& environment);

} // namespace frostline
