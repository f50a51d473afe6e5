#include "training/feature_cache.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/machine.h"
#include "base/number.h"
#include "base/resources.h"

namespace frostline {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kShareOfMemory = 4; ///< A quarter of what is free.
constexpr std::int64_t kShareOfDisk = 2;

/// All rows, whether they are there yet or not: the room is taken.
std::int64_t roomOf(const FeatureStore& store)
{
    return store.rows() * store.rowBytes();
}

std::string megabytes(std::int64_t bytes)
{
    constexpr double kMegabyte = 1e6;
    return formatNumber(std::round(static_cast<double>(bytes) / kMegabyte * 10.0) / 10.0) + " MB";
}

} // namespace

FeatureCache::FeatureCache(FeatureOptions options) : m_options(std::move(options))
{
    m_memoryBudget =
        m_options.memoryBytes < 0 ? availableMemoryBytes() / kShareOfMemory : m_options.memoryBytes;
    if (m_options.folder.empty())
        m_options.folder = userCacheFolder() / "features";
    if (isEnabled())
        removeLeftFeatureFiles(m_options.folder);
}

FeatureCache::Level* FeatureCache::find(int line)
{
    const auto found = std::ranges::find(m_levels, line, &Level::line);
    return found == m_levels.end() ? nullptr : &*found;
}

FeatureCache::Level& FeatureCache::add(int line, std::string key)
{
    const auto place = std::ranges::upper_bound(m_levels, line, {}, &Level::line);
    return *m_levels.insert(place, Level{line, std::move(key), {}, 0, {}});
}

void FeatureCache::drop(int line)
{
    std::erase_if(m_levels, [line](const Level& level) { return level.line == line; });
}

std::int64_t FeatureCache::bytes(bool inFiles) const
{
    std::int64_t sum = 0;
    for (const auto& level : m_levels) {
        for (const auto& store : level.stores)
            sum += store && store->isFile() == inFiles ? roomOf(*store) : 0;
    }
    return sum;
}

/// The level farthest from the line is the least use to it.
bool FeatureCache::makeRoom(int line, std::int64_t bytes)
{
    if (bytes > m_memoryBudget)
        return false;
    while (memoryBytes() + bytes > m_memoryBudget) {
        if (m_levels.front().line == line)
            return false;
        // The highest below the line is what the line's own level is computed from.
        const auto below =
            std::ranges::count_if(m_levels, [line](const Level& each) { return each.line < line; });
        if (below == 1)
            return false;
        drop(m_levels.front().line);
    }
    return true;
}

Status FeatureCache::makeStore(Level& level, Split split, std::int64_t rows, std::int64_t rowBytes)
{
    const int line = level.line;
    if (makeRoom(line, rows * rowBytes)) {
        if (auto store = FeatureStore::inMemory(rows, rowBytes)) {
            find(line)->stores[split] = std::move(*store);
            return {};
        }
    }
    return makeFile(*find(line), split, rows, rowBytes);
}

Status FeatureCache::makeFile(Level& level, Split split, std::int64_t rows, std::int64_t rowBytes)
{
    const auto needed = rows * rowBytes;
    std::error_code code;
    fs::create_directories(m_options.folder, code);
    const auto space = fs::space(m_options.folder, code);
    if (code)
        return failure(ErrorCode::FileSystem,
                       "cannot use " + m_options.folder.string() + ": " + code.message());
    const auto free = static_cast<std::int64_t>(space.available);
    const auto limit = m_options.diskBytes < 0 ? free / kShareOfDisk : m_options.diskBytes;
    if (fileBytes() + needed > limit)
        return failure(ErrorCode::FileSystem, "features of " + megabytes(needed) +
                                                  " fit neither into memory (" + megabytes(m_memoryBudget) +
                                                  " allowed) nor into " + m_options.folder.string() + " (" +
                                                  megabytes(limit) + " allowed)");
    const auto file =
        m_options.folder / (std::to_string(::getpid()) + "-" + std::to_string(m_files++) + ".features");
    return FeatureStore::inFile(file, rows, rowBytes).map([&](std::unique_ptr<FeatureStore> store) {
        level.stores[split] = std::move(store);
    });
}

} // namespace frostline
