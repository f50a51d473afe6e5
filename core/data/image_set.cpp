#include "data/image_set.h"

namespace frostline {

std::vector<std::int64_t> ImageSet::classCounts() const
{
    std::vector<std::int64_t> counts(classNames.size());
    for (const auto label : labels)
        ++counts[static_cast<std::size_t>(label)];
    return counts;
}

} // namespace frostline
