#pragma once

#include <string>

#include "advice/advice.h"

namespace frostline::cli {

/// `freeze up to block3; train block4, head`.
std::string suggestion(const Advice& advice);
/// `0.001, for the base 0.0001`.
std::string rateText(const Advice& advice);
/// A reason in plain words, with its numbers.
std::string sentence(const AdviceReason& reason, const Advice& advice);

} // namespace frostline::cli
