#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"

namespace frostline {

/// What is wrong with the files that are left out as damaged, by their places in a list.
using LeftOut = std::map<std::int64_t, Error>;

/// An error where damaged files may not be left out.
tl::unexpected<Error> damagedFile(Error error);

/// Names the first ten, and tells how many more there are.
void tellLeftOut(const LeftOut& leftOut, const LogSink& log);

/// Leaving files out may not leave a class without any. `labels` are those of all files in the list.
Status checkClasses(const LeftOut& leftOut, const std::vector<std::int64_t>& labels,
                    const std::vector<std::string>& classNames);

} // namespace frostline
