#pragma once

#include <string>

#include "session/compare_facts.h"

namespace frostline {

/// A session's layers over its steps as an <svg> element: tall where a layer trains, a line where it is
/// frozen, hatched where only its statistics follow; underlined where the baseline has it otherwise. All
/// strips of a page share one axis of `steps`. Empty where there is nothing to draw.
std::string freezeStripSvg(const ComparedSession& session, std::size_t index, Step steps);

} // namespace frostline
