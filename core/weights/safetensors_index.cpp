#include "weights/safetensors_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "base/json.h"

namespace frostline {

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

namespace {

constexpr std::uint64_t kLargestHeader = 100'000'000;

struct ElementType {
    std::string_view name;
    std::uint64_t size;
};
constexpr std::array<ElementType, 10> kTypes{{{"F32", 4},
                                              {"F16", 2},
                                              {"BF16", 2},
                                              {"F64", 8},
                                              {"I64", 8},
                                              {"I32", 4},
                                              {"I16", 2},
                                              {"I8", 1},
                                              {"U8", 1},
                                              {"BOOL", 1}}};

/// Bytes that the shape needs; nothing where the product overflows.
std::optional<std::uint64_t> bytesOf(const TensorEntry& entry)
{
    std::uint64_t bytes = elementSizeOf(entry.dtype);
    for (const auto length : entry.shape) {
        const auto factor = static_cast<std::uint64_t>(length);
        if (factor != 0 && bytes > std::numeric_limits<std::uint64_t>::max() / factor)
            return std::nullopt;
        bytes *= factor;
    }
    return bytes;
}

TensorEntry readEntry(const std::string& name, JsonReader& reader, std::uint64_t dataBytes)
{
    TensorEntry entry{.name = name, .dtype = reader.requiredText("dtype"), .shape = {}, .begin = 0, .end = 0};
    constexpr std::int64_t kMost = std::int64_t{1} << 48;
    entry.shape = reader.integers("shape", 0, kMost);
    const auto offsets = reader.integers("data_offsets", 0, kMost);
    reader.finish();
    if (elementSizeOf(entry.dtype) == 0) {
        reader.refuse("dtype", "type \"" + entry.dtype + "\" is not supported");
        return entry;
    }
    const auto bytes = bytesOf(entry);
    const bool inside = offsets.size() == 2 && offsets[0] <= offsets[1] &&
                        static_cast<std::uint64_t>(offsets[1]) <= dataBytes;
    if (!bytes || !inside || static_cast<std::uint64_t>(offsets[1] - offsets[0]) != *bytes) {
        reader.refuse("data_offsets", "do not fit the shape, or lie outside the file");
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
    for (const auto* entry : sorted) {
        if (entry->begin != covered)
            return badInput(where + ": /" + entry->name +
                            ": its bytes overlap another tensor's, or leave a gap");
        covered = entry->end;
    }
    if (covered != dataBytes)
        return badInput(where + ": the file has " + std::to_string(dataBytes) +
                        " bytes of data, its header tells of " + std::to_string(covered));
    return {};
}

} // namespace

std::uint64_t elementSizeOf(std::string_view dtype)
{
    const auto found = std::ranges::find(kTypes, dtype, &ElementType::name);
    return found == kTypes.end() ? 0 : found->size;
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
    for (const auto& [name, value] : json->items()) {
        auto entry = reader.object(name);
        if (!entry)
            reader.refuse(name, "expected an object");
        else if (name == "__metadata__")
            for (const auto& [key, text] : value.items())
                index.metadata[key] = entry->text(key, "");
        else
            index.tensors.push_back(readEntry(name, *entry, dataBytes));
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
    std::string header = json.dump();
    header.resize((header.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = header.size();
    std::string bytes(sizeof length, '\0');
    std::memcpy(bytes.data(), &length, sizeof length);
    return bytes + header;
}

} // namespace frostline
