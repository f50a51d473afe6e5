#include "weights/safetensors_index.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "base/json.h"
#include "weights/stored_tensor.h"

namespace frostline {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

namespace {

constexpr std::size_t kMostDimensions = 64;

/// Bytes that the shape needs; nothing where a product of its lengths overflows. Lengths of zero do not hide
/// the others: strides are made of those.
std::optional<std::uint64_t> bytesOf(const TensorEntry& entry)
{
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    std::uint64_t bytes = elementSizeOf(entry.dtype);
    bool isEmpty = false;
    for (const auto length : entry.shape) {
        isEmpty = isEmpty || length == 0;
        const auto factor = std::max(std::uint64_t{1}, static_cast<std::uint64_t>(length));
        if (bytes > kMost / factor)
            return std::nullopt;
        bytes *= factor;
    }
    return isEmpty ? 0 : bytes;
}

/// What is wrong with a tensor's place in the data; empty if nothing is.
std::string placeProblem(const TensorEntry& entry, const std::vector<std::int64_t>& offsets,
                         std::uint64_t dataBytes)
{
    const auto needed = bytesOf(entry).value_or(0);
    if (offsets.size() != 2)
        return "expected two numbers, where the tensor's bytes begin and end";
    const auto text = std::to_string(offsets[0]) + " to " + std::to_string(offsets[1]);
    if (offsets[0] > offsets[1])
        return text + " ends before it begins";
    if (static_cast<std::uint64_t>(offsets[1]) > dataBytes)
        return text + " lies outside the file, which has " + std::to_string(dataBytes) + " bytes of data";
    if (static_cast<std::uint64_t>(offsets[1] - offsets[0]) != needed)
        return text + " does not fit the shape, which takes " + std::to_string(needed) + " bytes";
    return "";
}

TensorEntry readEntry(const std::string& name, JsonReader& reader, std::uint64_t dataBytes)
{
    TensorEntry entry{.name = name, .dtype = reader.requiredText("dtype"), .shape = {}, .begin = 0, .end = 0};
    constexpr std::int64_t kMost = std::int64_t{1} << 48;
    if (!reader.has("shape"))
        reader.refuse("shape", "is missing");
    entry.shape = reader.integers("shape", 0, kMost);
    const auto offsets = reader.integers("data_offsets", 0, kMost);
    reader.finish();
    if (elementSizeOf(entry.dtype) == 0)
        reader.refuse("dtype", "type \"" + shortened(entry.dtype) + "\" is not supported");
    if (entry.shape.size() > kMostDimensions)
        reader.refuse("shape", "expected at most " + std::to_string(kMostDimensions) + " dimensions");
    if (!bytesOf(entry))
        reader.refuse("shape", "its lengths multiply to more than there can be");
    if (const auto problem = placeProblem(entry, offsets, dataBytes); !problem.empty()) {
        reader.refuse("data_offsets", problem);
        return entry;
    }
    entry.begin = static_cast<std::uint64_t>(offsets[0]);
    entry.end = static_cast<std::uint64_t>(offsets[1]);
    return entry;
}

Status checkLayout(const SafetensorsIndex& index, std::uint64_t dataBytes, const std::string& where)
{
    std::vector<const TensorEntry*> sorted;
    for (const auto& tensor : index.tensors)
        sorted.push_back(&tensor);
    std::ranges::sort(sorted, {},
                      [](const TensorEntry* entry) { return std::pair(entry->begin, entry->end); });
    std::uint64_t covered = 0;
    const TensorEntry* before = nullptr;
    for (const auto* entry : sorted) {
        const auto place = where + ": /" + shortened(entry->name) + ": its bytes ";
        if (entry->begin < covered)
            return badInput(place + "overlap those of /" + shortened(before->name));
        if (entry->begin > covered)
            return badInput(place + "leave a gap of " + std::to_string(entry->begin - covered) +
                            " before them");
        covered = entry->end;
        before = entry;
    }
    if (covered != dataBytes)
        return badInput(where + ": the file has " + std::to_string(dataBytes) +
                        " bytes of data, its header tells of " + std::to_string(covered));
    return {};
}

} // namespace

std::uint64_t elementSizeOf(std::string_view dtype)
{
    const auto* type = dtypeOf(dtype);
    return type ? type->size : 0;
}

Result<SafetensorsIndex> parseSafetensorsIndex(std::string_view head, std::uint64_t fileSize,
                                               const std::string& where)
{
    std::uint64_t length = 0;
    if (fileSize < sizeof length || head.size() < sizeof length)
        return badInput(where + ": not a safetensors file: it is too short");
    std::memcpy(&length, head.data(), sizeof length);
    if (length > kLargestHeader || length > fileSize - sizeof length || length > head.size() - sizeof length)
        return badInput(where + ": not a safetensors file, or cut short: its header would be " +
                        std::to_string(length) + " bytes long");
    const auto json = parseJson(head.substr(sizeof length, length), where + " (header)");
    if (!json)
        return tl::unexpected(json.error());
    SafetensorsIndex index;
    index.dataOffset = sizeof length + length;
    const std::uint64_t dataBytes = fileSize - index.dataOffset;
    std::optional<Error> error;
    JsonReader reader(*json, where, error);
    for (auto& [name, entry] : reader.members()) {
        if (name == "__metadata__")
            index.metadata = entry.allTexts();
        else if (!isTensorName(name))
            reader.refuse(name, "a tensor's name is empty, or has control characters in it");
        else
            index.tensors.push_back(readEntry(name, entry, dataBytes));
        if (error)
            break;
    }
    if (error)
        return tl::unexpected(*error);
    if (const auto checked = checkLayout(index, dataBytes, where); !checked)
        return tl::unexpected(checked.error());
    return index;
}

std::string safetensorsHeader(std::vector<TensorEntry>& tensors,
                              const std::map<std::string, std::string>& metadata)
{
    Json json = Json::object();
    if (!metadata.empty())
        json["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (auto& tensor : tensors) {
        tensor.begin = offset;
        tensor.end = offset + bytesOf(tensor).value_or(0);
        offset = tensor.end;
        json[tensor.name] = {
            {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {tensor.begin, tensor.end}}};
    }
    std::string header = jsonText(json);
    header.resize((header.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = header.size();
    std::string bytes(sizeof length, '\0');
    std::memcpy(bytes.data(), &length, sizeof length);
    return bytes + header;
}

} // namespace frostline
