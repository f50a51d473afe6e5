#include "data/image_cache.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>

#include "base/parallel.h"
#include "data/image_files.h"

namespace frostline {

namespace {

constexpr std::size_t kToldDamages = 5;

void say(const ImageCacheOptions& options, LogLevel level, const std::string& message)
{
    if (options.log)
        options.log(level, message);
}

void tellDamages(const std::map<std::int64_t, Error>& damages, std::int64_t images,
                 const ImageCacheOptions& options)
{
    std::size_t told = 0;
    for (const auto& [index, error] : damages) {
        if (told++ < kToldDamages)
            say(options, LogLevel::Warning, "left out: " + error.message);
    }
    if (!damages.empty())
        say(options, LogLevel::Warning,
            std::to_string(damages.size()) + " of " + std::to_string(images) + " images left out as damaged");
}

/// Does `work` for each image. Gives those that it failed for; the first of them is an error unless they may
/// be skipped.
Result<std::map<std::int64_t, Error>> damagesOf(std::int64_t images,
                                                const std::function<Status(std::int64_t)>& work,
                                                const ImageCacheOptions& options)
{
    std::mutex mutex;
    std::map<std::int64_t, Error> damages;
    onAllCores(images, [&](std::int64_t index) {
        const auto done = work(index);
        if (done)
            return true;
        const std::lock_guard lock(mutex);
        damages.emplace(index, done.error());
        return options.skipDamaged;
    });
    if (!damages.empty() && !options.skipDamaged) {
        auto error = damages.begin()->second;
        error.message += R"(; "damaged": "skip" in /data leaves such files out)";
        return tl::unexpected(error);
    }
    tellDamages(damages, images, options);
    return damages;
}

/// Takes samples out without a second copy of the pixels.
void leaveOut(DataSet& set, const std::map<std::int64_t, Error>& damages)
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
    const auto damages = damagesOf(
        set.size(), [&files](std::int64_t index) { return files.storedSize(index).map([](ImageSize) {}); },
        options);
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
        set.size(), [&](std::int64_t index) { return stream->read(index, pixelsOf(index)); }, options);
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
