#pragma once

#include <cstdint>

#include "base/log.h"
#include "data/data_set.h"

namespace frostline {

struct ImageCacheOptions {
    std::int64_t budget = 0;  ///< Bytes that decoded images may take.
    bool skipDamaged = false; ///< Leave out what cannot be read, and say so, rather than give an error.
    LogSink log;
    bool everyClass = false; ///< Refuse where a class would lose all its images.
};

/// Decodes a set's image files into memory, on all cores, where that stays within the budget. Beyond it they
/// remain a stream; their headers are looked at, so that most of what is wrong shows at the start, or, where
/// damaged ones may be left out, all of each, so that none is met later. Gives the bytes taken.
Result<std::int64_t> holdImages(DataSet& set, const ImageCacheOptions& options);

} // namespace frostline
