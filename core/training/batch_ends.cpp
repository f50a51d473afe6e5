#include "training/batch_ends.h"

namespace frostline {

std::vector<std::int64_t> batchEnds(std::int64_t samples, std::int64_t batchSize)
{
    std::vector<std::int64_t> ends;
    for (std::int64_t end = batchSize; end < samples; end += batchSize)
        ends.push_back(end);
    if (!ends.empty() && samples - ends.back() == 1)
        ends.pop_back();
    ends.push_back(samples);
    return ends;
}

} // namespace frostline
