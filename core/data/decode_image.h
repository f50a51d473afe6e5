#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"

namespace frostline {

struct ImageSize {
    int height = 0;
    int width = 0;

    bool operator==(const ImageSize&) const = default;
};

/// Whether a file begins as JPEG or PNG does.
bool isImage(std::span<const std::uint8_t> start);

/// Decodes JPEG and PNG, told apart by their content, to the RGB that PIL's convert("RGB") gives: alpha is
/// dropped, grey is repeated, CMYK is mixed, EXIF's orientation and gamma are not applied. Of 16 bits the
/// higher 8 are kept. An image of more than 64 megapixels is refused before anything is allocated for it. For
/// one thread at a time.
class ImageDecoder {
public:
    /// Height and width by the header. The file may be cut behind that; `where` is what errors name.
    Result<ImageSize> sizeOf(std::span<const std::uint8_t> file, const std::string& where);
    /// Pixels [H, W, 3] into `rgb`, which is given their size.
    Result<ImageSize> decode(std::span<const std::uint8_t> file, const std::string& where,
                             std::vector<std::uint8_t>& rgb);
    /// Bytes kept for the next image.
    std::size_t heldBytes() const { return m_cmyk.capacity(); }
    void giveBack() { m_cmyk = std::vector<std::uint8_t>(); }

private:
    Status decodeJpeg(std::span<const std::uint8_t> file, const std::string& where, ImageSize size,
                      bool isCmyk, std::vector<std::uint8_t>& rgb);
    Result<ImageSize> jpegSize(std::span<const std::uint8_t> file, const std::string& where, bool& isCmyk);
    void* jpeg();

    std::unique_ptr<void, int (*)(void*)> m_jpeg{nullptr, nullptr};
    std::vector<std::uint8_t> m_cmyk;
};

} // namespace frostline
