#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <png.h>

namespace frostline {

/// One PNG in memory. libpng reports errors by longjmp: each function that calls it keeps to plain values.
class PngReader {
public:
    explicit PngReader(std::span<const std::uint8_t> file);
    ~PngReader();
    PngReader(const PngReader&) = delete;
    PngReader& operator=(const PngReader&) = delete;

    /// Reads up to the image data. False where it is damaged.
    bool readHeader();
    std::uint32_t height() const { return png_get_image_height(m_png, m_info); }
    std::uint32_t width() const { return png_get_image_width(m_png, m_info); }
    /// RGB, 8 bits each, into rows of `rgb`, which has that size. After readHeader().
    bool readPixels(std::vector<std::uint8_t>& rgb);
    /// What libpng says is wrong.
    std::string error() const { return m_error.data(); }
    /// Whether more was wanted than the file has.
    bool isCut() const { return m_isCut; }

private:
    static void take(png_structp png, png_bytep bytes, std::size_t count);
    static void fail(png_structp png, png_const_charp message);
    static void ignore(png_structp png, png_const_charp message);
    bool readRows(png_bytepp rows);

    std::span<const std::uint8_t> m_rest;
    std::array<char, 120> m_error{};
    bool m_isCut = false;
    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
};

} // namespace frostline
