#include "data/image_cache.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>

#include "base/parallel.h"
#include "data/image_files.h"
#include "data/left_out.h"

namespace frostline {

namespace {

void say(const ImageCacheOptions& options, LogLevel level, const std::string& message)
{
    if (options.log)
        options.log(level, message);
}

/// Does `work` for each image. Gives those that it failed for; the first of them is an error unless they may
/// be skipped.
Result<LeftOut> damagesOf(const DataSet& set, const std::function<Status(std::int64_t)>& work,
                          const ImageCacheOptions& options)
{
    std::mutex mutex;
    LeftOut damages;
    onAllCores(set.size(), [&](std::int64_t index) {
        const auto done = work(index);
        if (done)
            return true;
        const std::lock_guard lock(mutex);
        damages.emplace(index, done.error());
        return options.skipDamaged;
    });
    if (!damages.empty() && !options.skipDamaged)
        return damagedFile(damages.begin()->second);
    tellLeftOut(damages, options.log);
    if (options.everyClass) {
        if (const auto checked = checkClasses(damages, set.labels, set.classNames); !checked)
            return tl::unexpected(checked.error());
    }
    return damages;
}

/// Takes samples out without a second copy of the pixels.
void leaveOut(DataSet& set, const LeftOut& damages)
{
    if (damages.empty())
        return;
    std::vector<std::int64_t> kept;
    for (std::int64_t i = 0; i < set.size(); ++i) {
        if (!damages.contains(i))
            kept.push_back(i);
    }
    auto pixels = std::move(set.pixels);
    set.pixels.clear();
    const auto size = static_cast<std::ptrdiff_t>(set.sampleSize());
    set = subset(set, kept);
    if (pixels.empty())
        return;
    auto end = pixels.begin();
    for (const auto index : kept)
        end = std::copy_n(pixels.begin() + index * size, size, end);
    pixels.erase(end, pixels.end());
    set.pixels = std::move(pixels);
}

std::string megabytes(std::int64_t bytes)
{
    return std::to_string(bytes / 1'000'000) + " MB";
}

Result<std::int64_t> keepStreaming(DataSet& set, const ImageFiles& files, const ImageCacheOptions& options)
{
    say(options, LogLevel::Info,
        std::to_string(set.size()) +
            " images are decoded whenever they are needed: in memory they would take " +
            megabytes(set.size() * static_cast<std::int64_t>(set.sampleSize())) + " of " +
            megabytes(options.budget));
    const auto look = [&](std::int64_t index) -> Status {
        if (!options.skipDamaged)
            return files.storedSize(index).map([](ImageSize) {});
        std::vector<std::uint8_t> pixels(set.sampleSize());
        return files.read(index, pixels);
    };
    const auto damages = damagesOf(set, look, options);
    if (!damages)
        return tl::unexpected(damages.error());
    leaveOut(set, *damages);
    return 0;
}

} // namespace

Result<std::int64_t> holdImages(DataSet& set, const ImageCacheOptions& options)
{
    const auto stream = std::dynamic_pointer_cast<const ImageFiles>(set.stream);
    if (!stream || set.size() == 0)
        return 0;
    const auto bytes = set.size() * static_cast<std::int64_t>(set.sampleSize());
    if (bytes > options.budget)
        return keepStreaming(set, *stream, options);
    const auto start = std::chrono::steady_clock::now();
    say(options, LogLevel::Info, "decoding " + std::to_string(set.size()) + " images");
    set.pixels.resize(static_cast<std::size_t>(bytes));
    const auto pixelsOf = [&set](std::int64_t index) {
        return std::span(set.pixels)
            .subspan(static_cast<std::size_t>(index) * set.sampleSize(), set.sampleSize());
    };
    const auto damages = damagesOf(
        set, [&](std::int64_t index) { return stream->read(index, pixelsOf(index)); }, options);
    if (!damages)
        return tl::unexpected(damages.error());
    set.stream.reset();
    leaveOut(set, *damages);
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
    say(options, LogLevel::Info,
        "decoded in " + std::to_string(passed.count()) + " ms; they take " + megabytes(bytes));
    return bytes;
}

} // namespace frostline
