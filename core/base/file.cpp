#include "base/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <memory>
#include <system_error>
#include <utility>

#include "base/sha256.h"

namespace frostline {

namespace {

Status refused(const std::string& what, const std::filesystem::path& file, int errorNumber)
{
    return failure(ErrorCode::FileSystem, what + " " + file.string() + ": " + systemMessage(errorNumber));
}

} // namespace

std::string systemMessage(int errorNumber)
{
    return std::generic_category().message(errorNumber);
}

Result<std::string> readFile(const std::filesystem::path& file)
{
    std::error_code code;
    if (std::filesystem::is_directory(file, code))
        return failure(ErrorCode::FileSystem, "cannot read " + file.string() + ": it is a folder");
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return failure(ErrorCode::FileSystem, "cannot read " + file.string() + ": " + systemMessage(errno));
    std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (stream.bad())
        return failure(ErrorCode::FileSystem, "cannot read " + file.string() + ": " + systemMessage(errno));
    return bytes;
}

AtomicFile::AtomicFile(std::filesystem::path file, std::filesystem::path part, int descriptor)
    : m_file(std::move(file)),
      m_part(std::move(part)),
      m_descriptor(descriptor)
{
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : m_file(std::move(other.m_file)),
      m_part(std::move(other.m_part)),
      m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

AtomicFile::~AtomicFile()
{
    if (m_descriptor < 0)
        return;
    ::close(m_descriptor);
    ::unlink(m_part.c_str());
}

Result<AtomicFile> AtomicFile::create(const std::filesystem::path& file)
{
    auto part = file;
    part += ".part";
    // What stands there may be a link, put there to have another file written over.
    ::unlink(part.c_str());
    const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return tl::unexpected(refused("cannot write", file, errno).error());
    return AtomicFile(file, std::move(part), descriptor);
}

Status AtomicFile::write(std::string_view bytes)
{
    return writeBytes(m_descriptor, bytes, m_file);
}

Status AtomicFile::commit()
{
    const bool synced = ::fsync(m_descriptor) == 0;
    const int syncError = errno;
    const bool closed = ::close(std::exchange(m_descriptor, -1)) == 0;
    if (!synced || !closed || ::rename(m_part.c_str(), m_file.c_str()) != 0) {
        const int error = synced ? errno : syncError;
        ::unlink(m_part.c_str());
        return refused("cannot write", m_file, error);
    }
    return syncFolder(m_file.has_parent_path() ? m_file.parent_path() : std::filesystem::path("."));
}

Status writeBytes(int descriptor, std::string_view bytes, const std::filesystem::path& file)
{
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return refused("cannot write", file, errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Status writeFile(const std::filesystem::path& file, std::string_view bytes)
{
    auto out = AtomicFile::create(file);
    if (!out)
        return tl::unexpected(out.error());
    return out->write(bytes).and_then([&out] { return out->commit(); });
}

Status syncFolder(const std::filesystem::path& folder)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0)
        ::close(descriptor);
    return synced ? Status() : refused("cannot write", folder, error);
}

Status makeFolder(const std::filesystem::path& folder)
{
    std::error_code code;
    std::filesystem::create_directories(folder, code);
    if (code)
        return failure(ErrorCode::FileSystem,
                       "cannot make folder " + folder.string() + ": " + code.message());
    return {};
}

Result<std::string> sha256OfFile(const std::filesystem::path& file, const std::stop_token& stop)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return failure(ErrorCode::FileSystem, "cannot read " + file.string() + ": " + systemMessage(errno));
    Sha256 sum;
    std::array<char, 1 << 16> block{};
    while (!stop.stop_requested() && (stream.read(block.data(), block.size()) || stream.gcount() > 0))
        sum.add(block.data(), static_cast<std::size_t>(stream.gcount()));
    if (stop.stop_requested())
        return failure(ErrorCode::RunFailed, "reading " + file.string() + " was stopped");
    return sum.finish();
}

} // namespace frostline
