#pragma once

#include <cstddef>
#include <vector>

#include <QString>

#include "training/intervention.h"

namespace frostline {

/// Interventions that one mark stands for: what a phase changes where it begins, and the word that it has
/// begun; else one alone.
struct MarkGroup {
    std::size_t first = 0;
    std::size_t count = 1;
    std::size_t lead = 0; ///< Whose text the mark shows.
};

/// A mark's tooltip: what it shows, and then all that it stands for.
QString describe(const MarkGroup& group, const std::vector<Intervention>& interventions);

std::vector<MarkGroup> markGroups(const std::vector<Intervention>& interventions);
/// The index that the mark of this one goes by.
std::size_t leadOf(const std::vector<Intervention>& interventions, std::size_t index);

} // namespace frostline
