#include <cstddef>
#include <cstdint>

#include "round_trip.h"
#include "training/checkpoint_settings.h"

using namespace frostline;

/// What a checkpoint's metadata says beside its tensors.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::checkRoundTrip(
        {reinterpret_cast<const char*>(data), size},
        [](std::string_view text) { return checkpointSettingsFrom(std::string(text), fuzz::kWhere); },
        [](const CheckpointSettings& settings) { return toText(settings); });
    return 0;
}
