#include <cstddef>
#include <cstdint>

#include "base/json.h"
#include "round_trip.h"
#include "sweep/sweep_record.h"

using namespace frostline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto parse = [](std::string_view text) {
        return parseJson(text, fuzz::kWhere).and_then([](const Json& json) {
            return sweepFromJson(json, fuzz::kWhere);
        });
    };
    fuzz::checkRoundTrip({reinterpret_cast<const char*>(data), size}, parse,
                         [](const SweepRecord& record) { return jsonText(toJson(record)); });
    return 0;
}
