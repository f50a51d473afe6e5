#pragma once

#include "data/sources.h"

namespace frostline {

/// The group of each sample: what the pattern's first parentheses match in its file's whole name, folders
/// left out. The pattern is ECMAScript's without back-references, which keeps matching quick whatever it is.
/// Errors say what is wrong with the pattern, or which name does not match it.
Result<std::vector<std::string>> groupsOf(const DataSet& set, const std::string& pattern);

/// Moves the groups that the recipe names from the training samples to splits of their own. Without names
/// nothing moves, and that is an error unless a share of the groups goes to validation.
Status splitGroups(SourceData& data, const DataRecipe& recipe);

} // namespace frostline
