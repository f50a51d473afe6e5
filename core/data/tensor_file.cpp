// Data from safetensors: `data_input` and what goes with it.

#include <algorithm>
#include <new>

#include "base/json.h"
#include "data/sources.h"
#include "data/tensors.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kMostClasses = 100'000;
constexpr std::int64_t kLongestSide = 1 << 20;

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::string text;
    for (const auto length : shape)
        text += (text.empty() ? "" : ", ") + std::to_string(length);
    return "[" + text + "]";
}

std::string placeOf(const TensorReader& reader, const std::string& name)
{
    return reader.file().string() + ": /" + shortened(name);
}

tl::unexpected<Error> missing(const TensorReader& reader, const std::string& name)
{
    std::vector<std::string> names;
    for (const auto& tensor : reader.index().tensors)
        names.push_back(tensor.name);
    const auto nearest = nearestName(name, names);
    return badInput(reader.file().string() + ": has no tensor " + name +
                    (nearest.empty() ? "" : "; did you name it \"" + shortened(nearest) + "\"?"));
}

/// [N, F]: F channels of one value. [N, H, W]: one channel. [N, C, H, W].
Status setShape(DataSet& set, const std::vector<std::int64_t>& shape, const std::string& place)
{
    if (shape.size() < 2 || shape.size() > 4)
        return badInput(place + ": has shape " + shapeText(shape) +
                        "; expected [N, features], [N, height, width] or [N, channels, height, width]");
    std::int64_t values = 1;
    for (const auto length : std::vector(shape.begin() + 1, shape.end())) {
        values *= std::min(length, kLongestSide + 1);
        if (length < 1 || length > kLongestSide || values > kLongestSide * 64)
            return badInput(place + ": has shape " + shapeText(shape) +
                            "; a sample of it is empty or too large");
    }
    if (shape[0] < 1)
        return badInput(place + ": has no samples in it");
    set.channels = shape.size() == 3 ? 1 : static_cast<int>(shape[1]);
    set.height = shape.size() == 2 ? 1 : static_cast<int>(shape[shape.size() - 2]);
    set.width = shape.size() == 2 ? 1 : static_cast<int>(shape.back());
    return {};
}

/// Bytes are pixels, anything else with a point values.
Status readInput(DataSet& set, const TensorReader& reader, const TensorEntry& entry)
{
    const auto place = placeOf(reader, entry.name);
    if (entry.dtype != "U8" && !isFloatType(entry.dtype))
        return badInput(place + ": has type " + entry.dtype + "; expected F32, F16, BF16, F64 or U8");
    if (const auto shaped = setShape(set, entry.shape, place); !shaped)
        return shaped;
    if (entry.dtype == "U8")
        return reader.bytes(entry).map([&set](auto bytes) { set.pixels = std::move(bytes); });
    return reader.floats(entry).map([&set](auto values) { set.values = std::move(values); });
}

Status readLabels(DataSet& set, const TensorReader& reader, const TensorEntry& entry)
{
    const auto place = placeOf(reader, entry.name);
    if (entry.shape.size() != 1)
        return badInput(place + ": has shape " + shapeText(entry.shape) +
                        "; expected one label a sample, [N]");
    auto labels = reader.integers(entry);
    if (!labels)
        return tl::unexpected(labels.error());
    const auto wrong =
        std::ranges::find_if(*labels, [](std::int64_t label) { return label < 0 || label >= kMostClasses; });
    if (wrong != labels->end())
        return badInput(place + ": label " + std::to_string(*wrong) + " of sample " +
                        std::to_string(wrong - labels->begin()) + " is out of range; expected 0 to " +
                        std::to_string(kMostClasses - 1));
    set.labels = std::move(*labels);
    return {};
}

Status readValues(DataSet& set, const TensorReader& reader, const TensorEntry& entry)
{
    auto shape = entry.shape.size() > 1 ? std::vector(entry.shape.begin() + 1, entry.shape.end())
                                        : std::vector<std::int64_t>{1};
    if (std::ranges::find(shape, 0) != shape.end())
        return badInput(placeOf(reader, entry.name) + ": has shape " + shapeText(entry.shape) +
                        "; a target needs at least one value");
    set.targetShape = std::move(shape);
    return reader.floats(entry).map([&set](auto values) { set.targets = std::move(values); });
}

/// One split: its `PREFIX_input` and, if the task needs one, its `PREFIX_target`.
Result<DataSet> readSplit(const TensorReader& reader, const std::string& prefix, Task task)
{
    const auto* input = reader.find(prefix + "_input");
    const auto* target = reader.find(prefix + "_target");
    const bool needsTarget = task != Task::Reconstruction;
    if (!input || (!target && needsTarget))
        return missing(reader, prefix + (input ? "_target" : "_input"));
    DataSet set;
    if (const auto read = readInput(set, reader, *input); !read)
        return tl::unexpected(read.error());
    if (needsTarget && (target->shape.empty() || target->shape[0] != input->shape[0]))
        return badInput(placeOf(reader, target->name) + ": has shape " + shapeText(target->shape) + ", " +
                        input->name + " " + shapeText(input->shape) + "; expected as many targets as inputs");
    if (task == Task::Classes || task == Task::Binary) {
        if (const auto read = readLabels(set, reader, *target); !read)
            return tl::unexpected(read.error());
        return set;
    }
    set.labels.assign(static_cast<std::size_t>(input->shape[0]), 0);
    set.classNames = {"all"};
    if (task == Task::Values) {
        if (const auto read = readValues(set, reader, *target); !read)
            return tl::unexpected(read.error());
    }
    return set;
}

/// A split that need not be there; half of one is an error.
Status readOptional(std::optional<DataSet>& set, const TensorReader& reader, const std::string& prefix,
                    Task task)
{
    if (!reader.find(prefix + "_input") && !reader.find(prefix + "_target"))
        return {};
    return readSplit(reader, prefix, task).map([&set](DataSet read) { set = std::move(read); });
}

Result<SourceData> readFileOf(const fs::path& file, Task task)
{
    const auto reader = TensorReader::open(file);
    if (!reader)
        return tl::unexpected(reader.error());
    SourceData data;
    auto train = readSplit(*reader, "data", task);
    if (!train)
        return tl::unexpected(train.error());
    data.train = std::move(*train);
    for (const auto& [prefix, set] :
         {std::pair("validation", &data.validation), std::pair("test", &data.test)}) {
        if (const auto read = readOptional(*set, *reader, prefix, task); !read)
            return tl::unexpected(read.error());
    }
    return data;
}

/// `validation.safetensors` and `test.safetensors` beside the one for training.
Status addFiles(SourceData& data, const fs::path& folder, Task task)
{
    std::error_code code;
    for (const auto& [name, set] :
         {std::pair("validation", &data.validation), std::pair("test", &data.test)}) {
        const auto file = folder / (std::string(name) + ".safetensors");
        if (!fs::exists(file, code))
            continue;
        if (*set)
            return badInput(file.string() + ": train.safetensors has " + name +
                            "_input in it too; leave one out");
        const auto reader = TensorReader::open(file);
        if (!reader)
            return tl::unexpected(reader.error());
        auto read = readSplit(*reader, "data", task);
        if (!read)
            return tl::unexpected(read.error());
        *set = std::move(*read);
    }
    return {};
}

/// Labels are numbers, and so are the names of their classes: those of all splits, and two if there are two.
void nameClasses(const std::vector<DataSet*>& sets, Task task)
{
    std::int64_t highest = task == Task::Binary ? 1 : 0;
    for (const auto* set : sets)
        highest = std::max(highest, *std::ranges::max_element(set->labels));
    for (auto* set : sets) {
        for (std::int64_t label = 0; label <= highest; ++label)
            set->classNames.push_back(std::to_string(label));
    }
}

/// That no split is of another kind than the training samples.
Status checkKinds(const std::vector<DataSet*>& sets, const fs::path& path)
{
    for (const auto* set : sets) {
        if (set->pixels.empty() != sets[0]->pixels.empty())
            return badInput(path.string() + ": some inputs are bytes and others floats; expected one type");
        if (set->targetShape != sets[0]->targetShape)
            return badInput(path.string() + ": targets of training have shape " +
                            shapeText(sets[0]->targetShape) + ", others " + shapeText(set->targetShape));
    }
    return {};
}

Result<SourceData> readSplits(const fs::path& path, Task task)
{
    std::error_code code;
    const bool isFolder = fs::is_directory(path, code);
    auto data = readFileOf(isFolder ? path / "train.safetensors" : path, task);
    if (!data)
        return data;
    if (isFolder) {
        if (const auto added = addFiles(*data, path, task); !added)
            return tl::unexpected(added.error());
    }
    std::vector<DataSet*> sets{&data->train};
    for (auto* set : {&data->validation, &data->test}) {
        if (*set)
            sets.push_back(&**set);
    }
    if (const auto checked = checkKinds(sets, path); !checked)
        return tl::unexpected(checked.error());
    if (task == Task::Classes || task == Task::Binary)
        nameClasses(sets, task);
    return data;
}

} // namespace

Result<SourceData> readTensors(const fs::path& path, Task task)
{
    try {
        return readSplits(path, task);
    } catch (const std::bad_alloc&) {
        return failure(ErrorCode::RunFailed, path.string() + ": there is not enough memory to read it");
    }
}

} // namespace frostline
