#include "data/image_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <new>
#include <type_traits>

#include "base/file.h"
#include "data/resize.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kHeaderBytes = 64 << 10; ///< Enough for most headers; the others cost a second reading.
constexpr std::size_t kLargestFile = 1 << 30;
constexpr std::size_t kKeptBytes = 16 << 20; ///< What a thread may keep for its next image.
constexpr std::size_t kKeptResizers = 64;

/// What a thread needs for one image after the other.
struct Workbench {
    ImageDecoder decoder;
    std::vector<std::uint8_t> file;
    std::vector<std::uint8_t> rgb;
    Resizer::Scratch scratch;
    std::map<std::array<int, 4>, Resizer> resizers;

    const Resizer& resizer(ImageSize from, ImageSize to)
    {
        const std::array<int, 4> key{from.height, from.width, to.height, to.width};
        if (resizers.size() >= kKeptResizers && !resizers.contains(key))
            resizers.clear();
        return resizers.try_emplace(key, from.height, from.width, to.height, to.width).first->second;
    }
    void tidy()
    {
        if (file.capacity() + rgb.capacity() + scratch.capacity() * sizeof scratch[0] + decoder.heldBytes() <=
            kKeptBytes)
            return;
        // An empty list in braces would leave a vector its memory.
        file = std::vector<std::uint8_t>();
        rgb = std::vector<std::uint8_t>();
        scratch = Resizer::Scratch();
        decoder.giveBack();
    }
};

Workbench& workbench()
{
    thread_local Workbench bench;
    return bench;
}

/// Does `work` at the thread's workbench, and leaves it tidy.
template <class Work>
std::invoke_result_t<Work, Workbench&> atWorkbench(const fs::path& file, Work work)
{
    auto& bench = workbench();
    try {
        auto done = work(bench);
        bench.tidy();
        return done;
    } catch (const std::bad_alloc&) {
        bench.tidy();
        return failure(ErrorCode::RunFailed, file.string() + ": there is not enough memory to decode it");
    }
}

class Descriptor {
public:
    explicit Descriptor(const fs::path& file) : m_number(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return m_number; }

private:
    int m_number;
};

Status unreadable(const fs::path& file)
{
    return failure(ErrorCode::FileSystem, "cannot read " + file.string() + ": " + systemMessage(errno));
}

/// The first `most` bytes, or all where there are fewer.
Status readStart(const fs::path& file, std::size_t most, std::vector<std::uint8_t>& bytes)
{
    const Descriptor descriptor(file);
    struct stat facts {};
    if (descriptor.number() < 0 || ::fstat(descriptor.number(), &facts) != 0)
        return unreadable(file);
    const auto length = static_cast<std::size_t>(facts.st_size);
    if (length > kLargestFile)
        return badInput(file.string() + ": has " + std::to_string(length) + " bytes; no image is that large");
    bytes.resize(std::min(length, most));
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto got = ::read(descriptor.number(), bytes.data() + done, bytes.size() - done);
        if (got < 0 && errno != EINTR)
            return unreadable(file);
        if (got == 0)
            break;
        done += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }
    bytes.resize(done);
    return {};
}

Status readInto(Workbench& bench, const fs::path& file, ImageSize to, std::span<std::uint8_t> pixels)
{
    if (auto read = readStart(file, kLargestFile, bench.file); !read)
        return read;
    const auto from = bench.decoder.decode(bench.file, file.string(), bench.rgb);
    if (!from)
        return tl::unexpected(from.error());
    bench.resizer(*from, to).applyInterleaved(bench.rgb, 3, pixels, bench.scratch);
    return {};
}

Result<ImageSize> readSize(Workbench& bench, const fs::path& file)
{
    Result<ImageSize> size;
    for (const auto most : {kHeaderBytes, kLargestFile}) {
        if (const auto read = readStart(file, most, bench.file); !read)
            return tl::unexpected(read.error());
        size = bench.decoder.sizeOf(bench.file, file.string());
        if (size || bench.file.size() < most || !isImage(bench.file))
            break;
    }
    return size;
}

} // namespace

ImageFiles::ImageFiles(fs::path root, std::vector<std::string> files, ImageSize size)
    : m_root(std::move(root)),
      m_files(std::move(files)),
      m_size(size)
{
}

fs::path ImageFiles::file(std::int64_t index) const
{
    return m_root / m_files[static_cast<std::size_t>(index)];
}

Status ImageFiles::read(std::int64_t index, std::span<std::uint8_t> pixels) const
{
    const auto from = file(index);
    return atWorkbench(from, [&](Workbench& bench) { return readInto(bench, from, m_size, pixels); });
}

Result<ImageSize> ImageFiles::storedSize(std::int64_t index) const
{
    const auto from = file(index);
    return atWorkbench(from, [&](Workbench& bench) { return readSize(bench, from); });
}

std::shared_ptr<const ImageStream> ImageFiles::subset(const std::vector<std::int64_t>& indices) const
{
    std::vector<std::string> files;
    files.reserve(indices.size());
    for (const auto index : indices)
        files.push_back(m_files[static_cast<std::size_t>(index)]);
    return std::make_shared<ImageFiles>(m_root, std::move(files), m_size);
}

} // namespace frostline
