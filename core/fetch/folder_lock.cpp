#include "fetch/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/file.h"

namespace frostline {

namespace {

/// Who had it before may have removed it.
bool isStill(const std::filesystem::path& folder, int descriptor)
{
    struct stat ours = {};
    struct stat there = {};
    return ::fstat(descriptor, &ours) == 0 && ::stat(folder.c_str(), &there) == 0 &&
           ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

} // namespace

FolderLock::FolderLock(FolderLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FolderLock::~FolderLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder)
{
    if (const auto made = makeFolder(folder); !made)
        return tl::unexpected(made.error());
    FolderLock lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock.m_descriptor < 0)
        return failure(ErrorCode::FileSystem, "cannot open " + folder.string() + ": " + systemMessage(errno));
    // Some file systems, NFS among them, lock no folders: there the locks of the parts have to do.
    const bool isTaken = ::flock(lock.m_descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (isTaken || !isStill(folder, lock.m_descriptor))
        return failure(ErrorCode::FileSystem, folder.string() + " is being written by another program");
    return lock;
}

} // namespace frostline
