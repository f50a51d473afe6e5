#pragma once

#include <set>
#include <vector>

#include "model/layer_info.h"
#include "training/intervention.h"

namespace frostline {

/// The shortest list of changes without overlaps that gives the leaves `decided` the settings they have in
/// `after`; both tables list the same layers. A container in which all is decided alike is named once, and
/// everything is `*`. What is switched on stands before what is switched off, so that between two of them
/// something trains.
std::vector<Change> changesBetween(const LayerTable& before, const LayerTable& after,
                                   const std::set<int>& decided);

/// What undoes `changes` on a table that has not seen them yet.
std::vector<Change> inverseOf(const LayerTable& before, const std::vector<Change>& changes);

/// The table as it is with the changes applied; those that cannot be are left out.
LayerTable withChanges(LayerTable table, const std::vector<Change>& changes);

} // namespace frostline
