#pragma once

#include <vector>

#include "session/session.h"

namespace frostline {

/// The recipe as it was in force before `step` of a session: its own, with the changes made before that step.
/// A branch begins with this. An error where the session has no such step.
Result<Recipe> recipeAt(const Session& session, Step step);

/// The same with every change that the session tells of: how its network is set at its end.
Recipe recipeAtEnd(const Session& session);

/// What has to be changed in a network that runs `before` so that it runs `after`. An error names a setting
/// that cannot change while a network trains, such as the data or the batch size.
Result<std::vector<Change>> changesTo(const LayerTable& layers, const Recipe& before, const Recipe& after);

} // namespace frostline
