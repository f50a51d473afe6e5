#include "fetch/fetch.h"

#include <algorithm>
#include <system_error>

#include "base/file.h"
#include "fetch/folder_lock.h"
#include "fetch/places.h"
#include "fetch/unpack.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

fs::path besides(const fs::path& place, const CatalogEntry& entry, const char* ending)
{
    // No name of the catalogue begins with a dot: these are never in the way of one.
    return place.parent_path() / ("." + entry.name + ending);
}

Status removeAll(const fs::path& folder)
{
    std::error_code code;
    fs::remove_all(folder, code);
    if (code)
        return failure(ErrorCode::FileSystem, "cannot remove " + folder.string() + ": " + code.message());
    return {};
}

Status moveTo(const fs::path& from, const fs::path& to)
{
    std::error_code code;
    fs::rename(from, to, code);
    if (code)
        return failure(ErrorCode::FileSystem, "cannot write " + to.string() + ": " + code.message());
    return {};
}

/// A second name, so that the first is still there for another try; a move where the disk knows no such
/// names.
Status linkTo(const fs::path& from, const fs::path& to)
{
    std::error_code code;
    fs::create_hard_link(from, to, code);
    return code ? moveTo(from, to) : Status();
}

/// One entry on its way to its place.
class Fetcher {
public:
    Fetcher(const CatalogEntry& entry, const FetchOptions& options, const FetchObserver& observer,
            const std::stop_token& stop)
        : m_entry(entry),
          m_options(options),
          m_observer(observer),
          m_stop(stop),
          m_place(placeOf(entry, options.to)),
          m_downloads(besides(m_place, entry, ".download")),
          m_unpacked(besides(m_place, entry, ".unpacked"))
    {
    }

    Result<Outcome> run();
    const fs::path& place() const { return m_place; }

private:
    Result<Outcome> downloadAll();
    Result<Outcome> downloadOne(const CatalogFile& file, std::int64_t before);
    Result<Outcome> gather();
    Result<Outcome> gatherOne(const CatalogFile& file);
    Status replace(const fs::path& with);

    const CatalogEntry& m_entry;
    const FetchOptions& m_options;
    const FetchObserver& m_observer;
    const std::stop_token& m_stop;
    fs::path m_place;
    fs::path m_downloads; ///< Outlives a stop.
    fs::path m_unpacked;  ///< Does not.
};

Result<Outcome> Fetcher::run()
{
    const auto lock = FolderLock::take(m_downloads);
    if (!lock)
        return tl::unexpected(lock.error());
    auto outcome = downloadAll();
    if (!outcome || *outcome == Outcome::Stopped)
        return outcome;
    if (m_entry.kind == CatalogEntry::Kind::Weights) {
        const auto replaced = replace(m_downloads / m_entry.files.front().name);
        return replaced.map([] { return Outcome::Done; });
    }
    outcome = gather();
    const auto cleared = removeAll(m_unpacked);
    return outcome && !cleared ? tl::unexpected(cleared.error()) : outcome;
}

Result<Outcome> Fetcher::downloadAll()
{
    std::int64_t before = 0;
    for (const auto& file : m_entry.files) {
        const auto outcome = downloadOne(file, before);
        if (!outcome || *outcome == Outcome::Stopped)
            return outcome;
        before += file.size;
    }
    return Outcome::Done;
}

Result<Outcome> Fetcher::downloadOne(const CatalogFile& file, std::int64_t before)
{
    const DownloadRequest request{file.url,    m_downloads / file.name, file.size, file.sizeIsExact,
                                  file.sha256, m_options.stallSeconds};
    const auto tell = [&](const DownloadProgress& progress) {
        if (!m_observer)
            return;
        const auto others = m_entry.size() - file.size;
        const auto left = progress.total > progress.bytes ? progress.total - progress.bytes : 0;
        const auto later = others - before;
        const double share = left > 0 ? static_cast<double>(left + later) / static_cast<double>(left) : 1.0;
        m_observer({FetchProgress::Stage::Downloading, file.name, before + progress.bytes,
                    std::max(m_entry.size(), before + progress.bytes), progress.secondsLeft * share});
    };
    return download(request, tell, m_stop);
}

/// A folder of all files, beside the place, which then takes the place.
Result<Outcome> Fetcher::gather()
{
    const auto made = removeAll(m_unpacked).and_then([this] { return makeFolder(m_unpacked); });
    if (!made)
        return tl::unexpected(made.error());
    for (const auto& file : m_entry.files) {
        const auto outcome = gatherOne(file);
        if (!outcome || *outcome == Outcome::Stopped)
            return outcome;
    }
    return replace(m_unpacked).map([] { return Outcome::Done; });
}

Result<Outcome> Fetcher::gatherOne(const CatalogFile& file)
{
    const auto archive = m_downloads / file.name;
    if (file.packing == Packing::None)
        return linkTo(archive, m_unpacked / file.name).map([] { return Outcome::Done; });
    const auto tell = [&](std::int64_t bytes, std::int64_t total) {
        if (m_observer)
            m_observer({FetchProgress::Stage::Unpacking, file.name, bytes, total, -1.0});
    };
    auto outcome =
        unpack({archive, file.packing, m_unpacked, file.folder, file.unpackedAtMost}, tell, m_stop);
    std::error_code code;
    // A bad archive with the right sum, or none: another try must not meet it again.
    if (!outcome && outcome.error().code == ErrorCode::BadInput)
        fs::remove(archive, code);
    return outcome;
}

Status Fetcher::replace(const fs::path& with)
{
    const auto old = besides(m_place, m_entry, ".old");
    std::error_code code;
    auto done = removeAll(old);
    const bool wasHere = done && fs::exists(m_place, code);
    if (wasHere)
        done = moveTo(m_place, old);
    if (!done)
        return done;
    done = moveTo(with, m_place);
    if (!done && wasHere && !moveTo(old, m_place))
        done.error().message += "; what was there is " + old.string() + " now";
    if (!done)
        return done;
    return removeAll(old).and_then([this] { return removeAll(m_downloads); }).and_then([this] {
        return syncFolder(m_place.parent_path());
    });
}

std::vector<std::string> notesOn(const CatalogEntry& entry)
{
    std::vector<std::string> notes;
    for (const auto& file : entry.files) {
        if (file.sha256.empty())
            notes.push_back("no checksum of " + file.name + " is known: only its size was checked");
        else if (!file.isFullyChecked())
            notes.push_back("only the first " + std::to_string(file.sha256.size()) + " digits of " +
                            file.name + "'s SHA-256 are known: those were checked");
    }
    return notes;
}

} // namespace

Result<FetchResult> fetch(const CatalogEntry& entry, const FetchOptions& options,
                          const FetchObserver& observer, const std::stop_token& stop)
{
    FetchResult result;
    result.place = placeOf(entry, options.to);
    result.reference = options.to.empty() ? entry.reference() : result.place.string();
    std::error_code code;
    const auto found = options.to.empty() ? foundPlace(entry) : std::optional<fs::path>();
    if (!options.again && (found || fs::exists(result.place, code))) {
        result.wasHere = true;
        result.place = found.value_or(result.place);
        return result;
    }
    auto outcome = Fetcher(entry, options, observer, stop).run();
    if (!outcome) {
        auto error = outcome.error();
        if (error.code == ErrorCode::RunFailed)
            error.message += "; by hand: " + handText(entry, options.to);
        return tl::unexpected(std::move(error));
    }
    result.outcome = *outcome;
    if (*outcome == Outcome::Done)
        result.notes = notesOn(entry);
    return result;
}

} // namespace frostline
