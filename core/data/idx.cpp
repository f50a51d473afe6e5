#include "data/idx.h"

#include <zlib.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <memory>
#include <span>

#include "base/file.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kLargestFile = std::int64_t{1} << 34;
constexpr std::int64_t kMostExpansion = 1100; ///< DEFLATE cannot expand more than about 1,032 times.

using GzFile = std::unique_ptr<gzFile_s, decltype(&gzclose)>;

std::uint32_t bigEndian(std::span<const std::uint8_t> bytes)
{
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 |
           bytes[3];
}

/// Fills `bytes`, from a plain or a compressed file alike.
Status readExactly(gzFile file, std::span<std::uint8_t> bytes, const fs::path& path, const char* what)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto part = static_cast<unsigned>(std::min<std::size_t>(bytes.size() - done, 1 << 26));
        const int got = gzread(file, bytes.data() + done, part);
        if (got < 0) {
            int code = 0;
            const std::string detail = gzerror(file, &code);
            return badInput(path.string() + ": damaged gzip data (" + detail + ")");
        }
        if (got == 0)
            return badInput(path.string() + ": ends inside its " + what + ", after " + std::to_string(done) +
                            " of " + std::to_string(bytes.size()) + " bytes");
        done += static_cast<std::size_t>(got);
    }
    return {};
}

Result<std::vector<std::int64_t>> readShape(gzFile file, const fs::path& path, int dimensions)
{
    std::array<std::uint8_t, 4> magic{};
    if (const auto read = readExactly(file, magic, path, "header"); !read)
        return tl::unexpected(read.error());
    if (magic[0] != 0 || magic[1] != 0)
        return badInput(path.string() + ": not an IDX file: it does not begin with two zero bytes");
    if (magic[2] != 0x08)
        return badInput(path.string() + ": IDX type " + std::to_string(magic[2]) +
                        " is not supported; expected 8, unsigned bytes");
    if (magic[3] != dimensions)
        return badInput(path.string() + ": has " + std::to_string(magic[3]) + " dimensions, expected " +
                        std::to_string(dimensions));
    std::vector<std::uint8_t> lengths(static_cast<std::size_t>(dimensions) * 4);
    if (const auto read = readExactly(file, lengths, path, "header"); !read)
        return tl::unexpected(read.error());
    std::vector<std::int64_t> shape;
    for (std::size_t i = 0; i < lengths.size(); i += 4)
        shape.push_back(bigEndian(std::span(lengths).subspan(i, 4)));
    return shape;
}

/// What a gzip file's last four bytes say its content comes to, modulo 2^32.
std::uint32_t gzipLength(const fs::path& path)
{
    std::array<char, 4> tail{};
    std::ifstream file(path, std::ios::binary);
    file.seekg(-4, std::ios::end).read(tail.data(), tail.size());
    std::uint32_t length = 0;
    for (std::size_t i = tail.size(); i-- > 0;)
        length = length << 8 | static_cast<unsigned char>(tail[i]);
    return length;
}

/// How many bytes the shape promises, or an error where the file cannot hold them.
Result<std::int64_t> promisedBytes(const fs::path& path, const std::vector<std::int64_t>& shape,
                                   bool compressed)
{
    std::int64_t bytes = 1;
    for (const auto length : shape) {
        if (length <= 0 || bytes > kLargestFile / length)
            return badInput(path.string() + ": its header promises an impossible size");
        bytes *= length;
    }
    std::error_code code;
    const auto onDisk = static_cast<std::int64_t>(fs::file_size(path, code));
    const auto header = static_cast<std::int64_t>(4 + 4 * shape.size());
    if (compressed && bytes <= onDisk * kMostExpansion &&
        gzipLength(path) != static_cast<std::uint32_t>(bytes + header))
        return badInput(
            path.string() + ": its header promises " + std::to_string(bytes) +
            " bytes of data, the gzip file's end tells of another size; it is damaged or cut short");
    const bool impossible = compressed ? bytes > onDisk * kMostExpansion : bytes != onDisk - header;
    if (impossible)
        return badInput(path.string() + ": its header promises " + std::to_string(bytes) +
                        " bytes of data, the file has " +
                        std::to_string(compressed ? onDisk : onDisk - header) +
                        (compressed ? " compressed" : ""));
    return bytes;
}

} // namespace

Result<IdxArray> readIdx(const fs::path& path, int dimensions)
{
    std::error_code code;
    if (!fs::is_regular_file(path, code))
        return failure(ErrorCode::FileSystem, "cannot read " + path.string() + ": there is no such file");
    const GzFile file(gzopen(path.c_str(), "rb"), &gzclose);
    if (!file)
        return failure(ErrorCode::FileSystem, "cannot read " + path.string() + ": " + systemMessage(errno));
    auto shape = readShape(file.get(), path, dimensions);
    if (!shape)
        return tl::unexpected(shape.error());
    const auto bytes = promisedBytes(path, *shape, gzdirect(file.get()) == 0);
    if (!bytes)
        return tl::unexpected(bytes.error());
    IdxArray array{std::move(*shape), std::vector<std::uint8_t>(static_cast<std::size_t>(*bytes))};
    if (const auto read = readExactly(file.get(), array.bytes, path, "data"); !read)
        return tl::unexpected(read.error());
    std::uint8_t extra = 0;
    const int after = gzread(file.get(), &extra, 1);
    int zlibCode = Z_OK;
    gzerror(file.get(), &zlibCode);
    if (after != 0 || zlibCode != Z_OK)
        return badInput(path.string() + (after > 0 ? ": goes on after the data its header promises"
                                                   : ": damaged gzip data at its end"));
    return array;
}

} // namespace frostline
