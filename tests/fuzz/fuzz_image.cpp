#include <cstddef>
#include <cstdint>

#include "data/decode_image.h"
#include "round_trip.h"

using namespace frostline;

namespace {

constexpr std::int64_t kMostPixels = 1 << 18; ///< Larger ones are read too, but slowly.

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static ImageDecoder decoder;
    const std::span file(data, size);
    const auto promised = decoder.sizeOf(file, fuzz::kWhere);
    if (promised && std::int64_t{promised->height} * promised->width > kMostPixels)
        return 0;
    std::vector<std::uint8_t> rgb;
    const auto read = decoder.decode(file, fuzz::kWhere, rgb);
    if (!read)
        return 0;
    fuzz::require(promised && *promised == *read, "the header promised another size", "");
    fuzz::require(rgb.size() ==
                      static_cast<std::size_t>(read->height) * static_cast<std::size_t>(read->width) * 3,
                  "pixels do not match their size:", std::to_string(rgb.size()));
    return 0;
}
