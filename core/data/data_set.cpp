#include "data/data_set.h"

namespace frostline {

namespace {

/// Rows of `width` values; nothing where there are none.
template <class Value>
std::vector<Value> rowsAt(const std::vector<Value>& all, std::size_t width,
                          const std::vector<std::int64_t>& indices)
{
    std::vector<Value> rows;
    if (all.empty())
        return rows;
    rows.reserve(indices.size() * width);
    for (const auto index : indices) {
        const auto first = all.begin() + index * static_cast<std::ptrdiff_t>(width);
        rows.insert(rows.end(), first, first + static_cast<std::ptrdiff_t>(width));
    }
    return rows;
}

std::size_t valuesIn(const std::vector<std::int64_t>& shape)
{
    std::int64_t values = 1;
    for (const auto length : shape)
        values *= length;
    return static_cast<std::size_t>(values);
}

} // namespace

std::vector<std::int64_t> DataSet::classCounts() const
{
    std::vector<std::int64_t> counts(classNames.size());
    for (const auto label : labels)
        ++counts[static_cast<std::size_t>(label)];
    return counts;
}

DataSet subset(const DataSet& set, const std::vector<std::int64_t>& indices)
{
    DataSet result;
    result.channels = set.channels;
    result.height = set.height;
    result.width = set.width;
    result.pixels = rowsAt(set.pixels, set.sampleSize(), indices);
    result.values = rowsAt(set.values, set.sampleSize(), indices);
    if (set.stream)
        result.stream = set.stream->subset(indices);
    result.labels = rowsAt(set.labels, 1, indices);
    result.classNames = set.classNames;
    result.targets = rowsAt(set.targets, valuesIn(set.targetShape), indices);
    result.targetShape = set.targetShape;
    result.origins = rowsAt(set.origins, 1, indices);
    result.clips = rowsAt(set.clips, 1, indices);
    return result;
}

} // namespace frostline
