#include "data/decode_image.h"

#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <new>
#include <string_view>

#include "data/png_reader.h"

namespace frostline {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::int64_t kMostPixels = 64'000'000;

enum class Kind { Jpeg, Png };

constexpr std::string_view kJpegStart = "\xff\xd8";
constexpr std::string_view kPngStart = "\x89PNG\r\n\x1a\n";

bool startsWith(Bytes file, std::string_view start)
{
    return std::string_view(reinterpret_cast<const char*>(file.data()), file.size()).starts_with(start);
}

Result<Kind> kindOf(Bytes file, const std::string& where)
{
    struct Start {
        std::string_view bytes;
        const char* name;
    };
    constexpr std::array<Start, 5> kOthers{
        {{"GIF8", "GIF"}, {"RIFF", "WebP"}, {"BM", "BMP"}, {"II*", "TIFF"}, {"MM", "TIFF"}}};
    if (startsWith(file, kJpegStart))
        return Kind::Jpeg;
    if (startsWith(file, kPngStart))
        return Kind::Png;
    if (file.empty())
        return badInput(where + ": is empty, 0 bytes; expected a JPEG or PNG image");
    for (const auto& other : kOthers) {
        if (startsWith(file, other.bytes))
            return badInput(where + ": looks like " + other.name + "; expected a JPEG or PNG image");
    }
    return badInput(where + ": is not an image; expected JPEG or PNG, whose first bytes differ from these");
}

Status checkSize(std::int64_t height, std::int64_t width, const std::string& where)
{
    if (height * width <= kMostPixels)
        return {};
    return badInput(where + ": its header promises " + std::to_string(width) + "x" + std::to_string(height) +
                    " pixels; at most " + std::to_string(kMostPixels / 1'000'000) + " megapixels are read");
}

tl::unexpected<Error> cutShort(const std::string& where)
{
    return badInput(where + ": is cut short: it ends inside the image");
}

/// What libjpeg warns of without anything being missing in the picture. Its code for warnings tells nothing:
/// after a warning it stands for errors too.
bool isHarmless(std::string_view message)
{
    constexpr std::array<std::string_view, 4> kHarmless{
        "extraneous bytes before marker", "unknown JFIF revision number", "Unknown Adobe color transform",
        "Invalid SOS parameters"};
    return std::ranges::any_of(kHarmless, [&](auto known) { return message.find(known) != message.npos; });
}

/// Whether there is an end marker behind the beginning of the first scan. Segments before that are stepped
/// over: a small picture in one of them has an end of its own.
bool hasEnd(Bytes file)
{
    constexpr std::uint8_t kMarker = 0xff;
    constexpr std::uint8_t kScan = 0xda;
    constexpr std::array<std::uint8_t, 2> kEnd{kMarker, 0xd9};
    std::size_t at = kJpegStart.size();
    while (at + 4 <= file.size() && !(file[at] == kMarker && file[at + 1] == kScan)) {
        const bool isSegment = file[at] == kMarker && file[at + 1] != kMarker && file[at + 1] != 0;
        const auto length = static_cast<std::size_t>(file[at + 2]) << 8 | file[at + 3];
        at += isSegment ? 2 + length : 1;
    }
    if (at >= file.size())
        return false;
    const auto rest = file.subspan(at);
    return std::search(rest.begin(), rest.end(), kEnd.begin(), kEnd.end()) != rest.end();
}

Status jpegFailure(void* jpeg, const std::string& where)
{
    const std::string_view message = tjGetErrorStr2(jpeg);
    if (isHarmless(message))
        return {};
    if (message.starts_with("Premature end"))
        return cutShort(where);
    return badInput(where + ": damaged JPEG (" + std::string(message) + ")");
}

/// a * b / 255, rounded.
int share(int a, int b)
{
    const int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

/// Inverted, as Adobe writes it and everyone follows.
void mixCmyk(const std::vector<std::uint8_t>& cmyk, std::vector<std::uint8_t>& rgb)
{
    for (std::size_t i = 0; i < rgb.size(); ++i) {
        const int white = cmyk[i / 3 * 4 + 3];
        rgb[i] = static_cast<std::uint8_t>(white - share(255 - cmyk[i / 3 * 4 + i % 3], white));
    }
}

tl::unexpected<Error> pngFailure(const PngReader& reader, const std::string& where)
{
    return reader.isCut() ? cutShort(where) : badInput(where + ": damaged PNG (" + reader.error() + ")");
}

Result<ImageSize> pngSize(PngReader& reader, const std::string& where)
{
    if (!reader.readHeader())
        return pngFailure(reader, where);
    if (const auto checked = checkSize(reader.height(), reader.width(), where); !checked)
        return tl::unexpected(checked.error());
    return ImageSize{static_cast<int>(reader.height()), static_cast<int>(reader.width())};
}

Result<ImageSize> decodePng(Bytes file, const std::string& where, std::vector<std::uint8_t>& rgb)
{
    PngReader reader(file);
    const auto size = pngSize(reader, where);
    if (!size)
        return size;
    rgb.resize(static_cast<std::size_t>(size->height) * static_cast<std::size_t>(size->width) * 3);
    if (!reader.readPixels(rgb))
        return pngFailure(reader, where);
    return size;
}

} // namespace

bool isImage(Bytes start)
{
    return startsWith(start, kJpegStart) || startsWith(start, kPngStart);
}

void* ImageDecoder::jpeg()
{
    if (!m_jpeg) {
        m_jpeg = {tjInitDecompress(), &tjDestroy};
        if (!m_jpeg)
            throw std::bad_alloc();
    }
    return m_jpeg.get();
}

Result<ImageSize> ImageDecoder::jpegSize(Bytes file, const std::string& where, bool& isCmyk)
{
    int width = 0;
    int height = 0;
    int sampling = 0;
    int colours = -1;
    // It also gives -1 for samplings that it has no name for, and yet decodes.
    tjDecompressHeader3(jpeg(), file.data(), file.size(), &width, &height, &sampling, &colours);
    if (width < 1 || height < 1 || colours < 0) {
        const auto failed = jpegFailure(jpeg(), where);
        return failed ? cutShort(where) : tl::unexpected(failed.error());
    }
    if (const auto checked = checkSize(height, width, where); !checked)
        return tl::unexpected(checked.error());
    isCmyk = colours == TJCS_CMYK || colours == TJCS_YCCK;
    return ImageSize{height, width};
}

Status ImageDecoder::decodeJpeg(Bytes file, const std::string& where, ImageSize size, bool isCmyk,
                                std::vector<std::uint8_t>& rgb)
{
    const auto pixels = static_cast<std::size_t>(size.height) * static_cast<std::size_t>(size.width);
    rgb.resize(pixels * 3);
    auto& target = isCmyk ? m_cmyk : rgb;
    target.resize(pixels * (isCmyk ? 4 : 3));
    const int done = tjDecompress2(jpeg(), file.data(), file.size(), target.data(), size.width, 0,
                                   size.height, isCmyk ? TJPF_CMYK : TJPF_RGB, TJFLAG_LIMITSCANS);
    if (done != 0) {
        if (auto failed = jpegFailure(jpeg(), where); !failed)
            return failed;
        // Of several warnings libjpeg tells the first, and that the file is cut may be a later one.
        if (!hasEnd(file))
            return cutShort(where);
    }
    if (isCmyk)
        mixCmyk(m_cmyk, rgb);
    return {};
}

Result<ImageSize> ImageDecoder::sizeOf(Bytes file, const std::string& where)
{
    const auto kind = kindOf(file, where);
    if (!kind)
        return tl::unexpected(kind.error());
    if (*kind == Kind::Png) {
        PngReader reader(file);
        return pngSize(reader, where);
    }
    bool isCmyk = false;
    return jpegSize(file, where, isCmyk);
}

Result<ImageSize> ImageDecoder::decode(Bytes file, const std::string& where, std::vector<std::uint8_t>& rgb)
{
    const auto kind = kindOf(file, where);
    if (!kind)
        return tl::unexpected(kind.error());
    if (*kind == Kind::Png)
        return decodePng(file, where, rgb);
    bool isCmyk = false;
    const auto size = jpegSize(file, where, isCmyk);
    if (!size)
        return size;
    if (const auto decoded = decodeJpeg(file, where, *size, isCmyk, rgb); !decoded)
        return tl::unexpected(decoded.error());
    return size;
}

} // namespace frostline
