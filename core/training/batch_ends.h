#pragma once

#include <cstdint>
#include <vector>

namespace frostline {

/// Where each batch of an epoch ends. A last batch of one sample joins the one before: norms need two.
std::vector<std::int64_t> batchEnds(std::int64_t samples, std::int64_t batchSize);

} // namespace frostline
