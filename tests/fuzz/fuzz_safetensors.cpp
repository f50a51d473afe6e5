#include <cstddef>
#include <cstdint>
#include <cstring>

#include "round_trip.h"
#include "weights/safetensors_index.h"

using namespace frostline;

namespace {

std::uint64_t dataBytesOf(const SafetensorsIndex& index)
{
    std::uint64_t bytes = 0;
    for (const auto& tensor : index.tensors)
        bytes = std::max(bytes, tensor.end);
    return bytes;
}

/// The file with the length that its header has, which is taken to end with the last brace: without this
/// nearly nothing that libFuzzer makes would get past the first eight bytes.
std::string withRightLength(std::string_view file)
{
    const auto brace = file.rfind('}');
    std::uint64_t length = 0;
    if (brace == file.npos || brace < sizeof length)
        return std::string(file);
    length = brace + 1 - sizeof length;
    std::string bytes(file);
    std::memcpy(bytes.data(), &length, sizeof length);
    return bytes;
}

void check(std::string_view file)
{
    const auto parse = [](std::string_view text) {
        return parseSafetensorsIndex(text, text.size(), fuzz::kWhere);
    };
    fuzz::checkRoundTrip(file, parse, [](const SafetensorsIndex& index) {
        auto tensors = index.tensors;
        auto header = safetensorsHeader(tensors, index.metadata);
        return header + std::string(dataBytesOf(index), 'x');
    });
    if (const auto index = parse(file))
        fuzz::require(index->dataOffset + dataBytesOf(*index) == file.size(),
                      "the tensors are not the file:", std::to_string(dataBytesOf(*index)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    check(file);
    check(withRightLength(file));
    return 0;
}
