#include "fetch/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "base/file.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

fs::path withEnding(const fs::path& file, const char* ending)
{
    auto other = file;
    other += ending;
    return other;
}

/// It goes into a header of the next request.
bool isTag(const std::string& text)
{
    constexpr std::size_t kLongest = 200;
    return text.size() <= kLongest && text.find_first_of("\r\n") == std::string::npos;
}

Status refused(const std::string& what, const fs::path& file, int errorNumber)
{
    return failure(ErrorCode::FileSystem, what + " " + file.string() + ": " + systemMessage(errorNumber));
}

} // namespace

PartFile::PartFile(fs::path file)
    : m_file(std::move(file)),
      m_part(withEnding(m_file, ".part")),
      m_tagFile(withEnding(m_file, ".part.tag")),
      m_sum(std::make_unique<Sha256>())
{
}

PartFile::~PartFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

Result<std::unique_ptr<PartFile>> PartFile::open(const fs::path& file, const std::stop_token& stop)
{
    std::unique_ptr<PartFile> part(new PartFile(file));
    const auto opened = part->lock().and_then([&] { return part->readBack(stop); });
    if (!opened)
        return tl::unexpected(opened.error());
    return *opened == Outcome::Done ? std::move(part) : nullptr;
}

Status PartFile::lock()
{
    // Not through a link, which could have been put there to have another file written over.
    m_descriptor = ::open(m_part.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (m_descriptor < 0)
        return refused("cannot write", m_part, errno);
    struct stat facts = {};
    if (::fstat(m_descriptor, &facts) != 0 || !S_ISREG(facts.st_mode))
        return failure(ErrorCode::FileSystem, "cannot write " + m_part.string() + ": it is not a file");
    if (::flock(m_descriptor, LOCK_EX | LOCK_NB) != 0)
        return failure(ErrorCode::FileSystem, m_part.string() + " is being written by another program");
    return {};
}

/// The sum goes over all bytes, those of an earlier try included.
Result<Outcome> PartFile::readBack(const std::stop_token& stop)
{
    std::vector<char> block(1 << 16);
    for (;;) {
        if (stop.stop_requested())
            return Outcome::Stopped;
        const auto count = ::read(m_descriptor, block.data(), block.size());
        if (count < 0)
            return tl::unexpected(refused("cannot read", m_part, errno).error());
        if (count == 0)
            break;
        m_sum->add(block.data(), static_cast<std::size_t>(count));
        m_size += count;
    }
    if (const auto tag = readFile(m_tagFile); tag && m_size > 0 && isTag(*tag))
        m_tag = *tag;
    return Outcome::Done;
}

Status PartFile::append(std::string_view bytes)
{
    auto written = writeBytes(m_descriptor, bytes, m_part);
    if (!written) {
        // Some of them may stand there, which the sum has not seen.
        if (::ftruncate(m_descriptor, m_size) == 0)
            ::lseek(m_descriptor, m_size, SEEK_SET);
        return written;
    }
    m_sum->add(bytes.data(), bytes.size());
    m_size += static_cast<std::int64_t>(bytes.size());
    return {};
}

Status PartFile::restart()
{
    if (::ftruncate(m_descriptor, 0) != 0 || ::lseek(m_descriptor, 0, SEEK_SET) != 0)
        return refused("cannot write", m_part, errno);
    m_sum = std::make_unique<Sha256>();
    m_size = 0;
    setTag({});
    return {};
}

void PartFile::setTag(const std::string& tag)
{
    m_tag = isTag(tag) ? tag : std::string();
    std::error_code code;
    // Without it the next try begins anew, or trusts the sum at the end.
    if (m_tag.empty() || !writeFile(m_tagFile, m_tag))
        fs::remove(m_tagFile, code);
}

Status PartFile::commit()
{
    if (::fsync(m_descriptor) != 0 || ::rename(m_part.c_str(), m_file.c_str()) != 0)
        return refused("cannot write", m_file, errno);
    std::error_code code;
    fs::remove(m_tagFile, code);
    return syncFolder(m_file.parent_path());
}

void PartFile::remove()
{
    std::error_code code;
    fs::remove(m_part, code);
    fs::remove(m_tagFile, code);
}

} // namespace frostline
