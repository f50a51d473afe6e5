#include "fetch/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/json.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBlock = 1 << 16;
constexpr std::int64_t kMostEntries = 2'000'000;
constexpr std::size_t kLongestPath = 1000;

using Archive = std::unique_ptr<archive, decltype(&archive_read_free)>;

/// One archive being read.
class Unpacker {
public:
    Unpacker(const UnpackRequest& request, const UnpackObserver& observer, const std::stop_token& stop)
        : m_request(request),
          m_observer(observer),
          m_stop(stop),
          m_archive(archive_read_new(), archive_read_free)
    {
    }

    Result<Outcome> run();

private:
    Status open();
    Status take(archive_entry* entry);
    Result<std::optional<fs::path>> placeOf(archive_entry* entry) const;
    Status writeFile(const fs::path& place);
    Status writeTo(int descriptor, const fs::path& place);
    void tell() const;
    tl::unexpected<Error> refused(const std::string& reason) const;
    tl::unexpected<Error> damaged() const;

    const UnpackRequest& m_request;
    const UnpackObserver& m_observer;
    const std::stop_token& m_stop;
    Archive m_archive;
    std::int64_t m_size = 0;
    std::int64_t m_entries = 0;
    std::int64_t m_bytes = 0;
    std::int64_t m_files = 0;
};

tl::unexpected<Error> Unpacker::refused(const std::string& reason) const
{
    return badInput("the archive " + m_request.archive.filename().string() + " is refused: " + reason);
}

tl::unexpected<Error> Unpacker::damaged() const
{
    const auto* words = archive_error_string(m_archive.get());
    return badInput("the archive " + m_request.archive.filename().string() +
                    " cannot be unpacked: " + (words ? words : "it is damaged"));
}

Status Unpacker::open()
{
    auto* reader = m_archive.get();
    // Only what the catalogue says it is: every further format is a further parser to get wrong.
    if (m_request.packing == Packing::Zip)
        archive_read_support_format_zip(reader);
    else if (m_request.packing == Packing::Gzip)
        archive_read_support_format_raw(reader);
    else
        archive_read_support_format_tar(reader);
    if (m_request.packing != Packing::Zip)
        archive_read_support_filter_gzip(reader);
    std::error_code code;
    m_size = static_cast<std::int64_t>(fs::file_size(m_request.archive, code));
    if (archive_read_open_filename(reader, m_request.archive.c_str(), kBlock) != ARCHIVE_OK)
        return damaged();
    return {};
}

Result<Outcome> Unpacker::run()
{
    if (const auto opened = open(); !opened)
        return tl::unexpected(opened.error());
    for (;;) {
        if (m_stop.stop_requested())
            return Outcome::Stopped;
        archive_entry* entry = nullptr;
        const int result = archive_read_next_header(m_archive.get(), &entry);
        if (result == ARCHIVE_EOF)
            break;
        // A warning is a name that this locale cannot say, or an attribute that nobody asked for.
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
            return damaged();
        if (++m_entries > kMostEntries)
            return refused("it has more than " + std::to_string(kMostEntries) + " files");
        if (const auto taken = take(entry); !taken)
            return tl::unexpected(taken.error());
    }
    if (m_stop.stop_requested())
        return Outcome::Stopped;
    if (m_files == 0)
        return refused(m_request.wanted.empty() ? "nothing is in it"
                                                : "no folder \"" + m_request.wanted + "\" is in it");
    return Outcome::Done;
}

/// Where an entry goes; nothing where it is not wanted. What is unsafe is refused, wanted or not.
Result<std::optional<fs::path>> Unpacker::placeOf(archive_entry* entry) const
{
    const char* name = archive_entry_pathname_utf8(entry);
    const std::string path = name ? name : archive_entry_pathname(entry) ? archive_entry_pathname(entry) : "";
    const auto inside = fs::path(path).lexically_normal();
    const auto quoted = "\"" + shortened(path) + "\"";
    if (path.empty() || path.size() > kLongestPath)
        return refused("a file in it has no usable name");
    if (fs::path(path).is_absolute())
        return refused(quoted + " is an absolute path");
    for (const auto& part : fs::path(path)) {
        if (part == "..")
            return refused(quoted + " leads out of its folder");
    }
    if (archive_entry_hardlink(entry) || archive_entry_symlink(entry))
        return refused(quoted + " is a link");
    const auto type = archive_entry_filetype(entry);
    if (type != AE_IFREG && type != AE_IFDIR)
        return refused(quoted + " is neither a file nor a folder");
    if (m_request.wanted.empty())
        return std::optional(inside);
    const auto relative = inside.lexically_relative(m_request.wanted);
    if (relative.empty() || *relative.begin() == "..")
        return std::optional<fs::path>();
    return std::optional(relative);
}

Status Unpacker::take(archive_entry* entry)
{
    if (m_request.packing == Packing::Gzip) {
        ++m_files;
        return writeFile(m_request.folder / m_request.archive.stem());
    }
    const auto inside = placeOf(entry);
    if (!inside)
        return tl::unexpected(inside.error());
    if (!*inside)
        return {};
    const auto place = m_request.folder / **inside;
    if (archive_entry_filetype(entry) == AE_IFDIR)
        return makeFolder(place);
    ++m_files;
    return makeFolder(place.parent_path()).and_then([&] { return writeFile(place); });
}

Status Unpacker::writeFile(const fs::path& place)
{
    // Nothing is written over: not even by an archive that has a file twice.
    const int descriptor = ::open(place.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (descriptor < 0 && errno == EEXIST)
        return refused("\"" + shortened(place.filename().string()) + "\" is in it twice");
    if (descriptor < 0)
        return failure(ErrorCode::FileSystem, "cannot write " + place.string() + ": " + systemMessage(errno));
    auto written = writeTo(descriptor, place);
    if (::close(descriptor) != 0 && written)
        written =
            failure(ErrorCode::FileSystem, "cannot write " + place.string() + ": " + systemMessage(errno));
    return written;
}

Status Unpacker::writeTo(int descriptor, const fs::path& place)
{
    std::vector<char> block(kBlock);
    while (!m_stop.stop_requested()) {
        const auto count = archive_read_data(m_archive.get(), block.data(), block.size());
        if (count < 0)
            return damaged();
        if (count == 0)
            return {};
        m_bytes += count;
        if (m_bytes > m_request.atMost)
            return refused("more than " + std::to_string(m_request.atMost) + " bytes come out of it");
        if (auto written = writeBytes(descriptor, {block.data(), static_cast<std::size_t>(count)}, place);
            !written)
            return written;
        tell();
    }
    return {};
}

void Unpacker::tell() const
{
    if (m_observer)
        m_observer(archive_filter_bytes(m_archive.get(), -1), m_size);
}

} // namespace

Result<Outcome> unpack(const UnpackRequest& request, const UnpackObserver& observer,
                       const std::stop_token& stop)
{
    return Unpacker(request, observer, stop).run();
}

} // namespace frostline
