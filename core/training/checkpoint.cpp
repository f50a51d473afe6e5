#include "training/checkpoint.h"

#include "base/file.h"
#include "weights/safetensors.h"

namespace frostline {

namespace {

constexpr const char* kFormat = "checkpoint/1";

Status checkSum(const std::filesystem::path& file, const std::string& recorded)
{
    if (recorded.empty())
        return {};
    return sha256OfFile(file).and_then([&](const std::string& sha256) -> Status {
        if (sha256 == recorded)
            return {};
        return badInput(file.string() + " is damaged: its SHA-256 is not the one that the session recorded");
    });
}

} // namespace

Status saveCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& file)
{
    return saveSafetensors({checkpoint.tensors,
                            {{"frostline", kFormat},
                             {"step", std::to_string(checkpoint.settings.step)},
                             {"settings", toText(checkpoint.settings)}}},
                           file);
}

Result<Checkpoint> loadCheckpoint(const std::filesystem::path& file, const std::string& sha256)
{
    if (const auto intact = checkSum(file, sha256); !intact)
        return tl::unexpected(intact.error());
    auto loaded = loadSafetensors(file);
    if (!loaded)
        return tl::unexpected(loaded.error());
    const auto format = loaded->metadata.find("frostline");
    const auto settings = loaded->metadata.find("settings");
    if (format == loaded->metadata.end() || format->second != kFormat || settings == loaded->metadata.end())
        return badInput(file.string() +
                        ": holds weights, but not the optimizer's state to go on with; expected \"" +
                        kFormat + "\"");
    auto read = checkpointSettingsFrom(settings->second, file.string() + " (settings)");
    if (!read)
        return tl::unexpected(read.error());
    return Checkpoint{std::move(*read), std::move(loaded->tensors)};
}

} // namespace frostline
