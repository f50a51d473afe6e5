// journal.jsonl as a file: appended, synced, locked while its process lives.

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/file.h"
#include "session/journal.h"

namespace frostline {

namespace {

Status refused(const std::filesystem::path& file, int errorNumber)
{
    return failure(ErrorCode::FileSystem,
                   "cannot write " + file.string() + ": " + systemMessage(errorNumber));
}

} // namespace

/// It appears under its name locked and with its first line: nobody can take it for one that was left behind.
Result<JournalFile> JournalFile::create(const std::filesystem::path& sessionFolder, const JournalStart& start)
{
    const auto path = sessionFolder / kName;
    auto part = path;
    part += ".part";
    ::unlink(part.c_str());
    const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return tl::unexpected(refused(path, errno).error());
    JournalFile file(path, descriptor);
    ::flock(descriptor, LOCK_EX | LOCK_NB);
    auto begun = file.append(journalLine(start)).and_then([&file] { return file.sync(); });
    if (begun && ::link(part.c_str(), path.c_str()) != 0)
        begun = errno == EEXIST ? Status(badInput(sessionFolder.string() +
                                                  ": the session is running already: it has a journal"))
                                : refused(path, errno);
    ::unlink(part.c_str());
    if (begun)
        begun = syncFolder(sessionFolder);
    if (!begun)
        return tl::unexpected(begun.error());
    return file;
}

JournalFile::JournalFile(JournalFile&& other) noexcept
    : m_file(std::move(other.m_file)),
      m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_size(other.m_size)
{
}

JournalFile& JournalFile::operator=(JournalFile&& other) noexcept
{
    close();
    m_file = std::move(other.m_file);
    m_descriptor = std::exchange(other.m_descriptor, -1);
    m_size = other.m_size;
    return *this;
}

JournalFile::~JournalFile()
{
    close();
}

void JournalFile::close()
{
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
}

/// A file that was removed under a process can still be written to; nobody would ever read it.
Status JournalFile::checkStillThere() const
{
    struct ::stat status {};
    if (::fstat(m_descriptor, &status) == 0 && status.st_nlink > 0)
        return {};
    return failure(ErrorCode::Gone, m_file.string() + " was removed while the run goes on");
}

Status JournalFile::append(std::string_view lines)
{
    if (const auto there = checkStillThere(); !there)
        return there;
    auto written = writeBytes(m_descriptor, lines, m_file);
    if (written)
        m_size += static_cast<std::int64_t>(lines.size());
    else // What was written of it would tear the file in the middle.
        static_cast<void>(::ftruncate(m_descriptor, m_size));
    return written;
}

Status JournalFile::sync()
{
    return ::fdatasync(m_descriptor) == 0 ? Status() : refused(m_file, errno);
}

Status JournalFile::remove()
{
    const bool removed = ::unlink(m_file.c_str()) == 0 || errno == ENOENT;
    const int error = errno;
    close();
    return removed ? Status()
                   : failure(ErrorCode::FileSystem,
                             "cannot remove " + m_file.string() + ": " + systemMessage(error));
}

bool JournalFile::isHeld(const std::filesystem::path& sessionFolder)
{
    const int descriptor =
        ::open((sessionFolder / kName).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0)
        return false;
    const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(descriptor);
    return held;
}

} // namespace frostline
