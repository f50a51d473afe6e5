#include "data/png_reader.h"

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <new>

namespace frostline {

PngReader::PngReader(std::span<const std::uint8_t> file)
    : m_rest(file),
      m_png(png_create_read_struct(PNG_LIBPNG_VER_STRING, this, &fail, &ignore)),
      m_info(m_png ? png_create_info_struct(m_png) : nullptr)
{
    if (!m_info) {
        png_destroy_read_struct(&m_png, nullptr, nullptr);
        throw std::bad_alloc();
    }
    png_set_read_fn(m_png, this, &take);
}

PngReader::~PngReader()
{
    png_destroy_read_struct(&m_png, &m_info, nullptr);
}

void PngReader::take(png_structp png, png_bytep bytes, std::size_t count)
{
    auto* reader = static_cast<PngReader*>(png_get_io_ptr(png));
    if (count > reader->m_rest.size()) {
        reader->m_isCut = true;
        png_error(png, "it ends too early");
    }
    std::memcpy(bytes, reader->m_rest.data(), count);
    reader->m_rest = reader->m_rest.subspan(count);
}

void PngReader::fail(png_structp png, png_const_charp message)
{
    auto* reader = static_cast<PngReader*>(png_get_error_ptr(png));
    std::snprintf(reader->m_error.data(), reader->m_error.size(), "%s", message);
    png_longjmp(png, 1);
}

void PngReader::ignore(png_structp /*png*/, png_const_charp /*message*/) {}

bool PngReader::readHeader()
{
    if (setjmp(png_jmpbuf(m_png)))
        return false;
    png_read_info(m_png, m_info);
    return true;
}

bool PngReader::readRows(png_bytepp rows)
{
    if (setjmp(png_jmpbuf(m_png)))
        return false;
    png_set_expand(m_png);
    png_set_strip_16(m_png);
    png_set_strip_alpha(m_png);
    png_set_gray_to_rgb(m_png);
    png_set_interlace_handling(m_png);
    png_read_update_info(m_png, m_info);
    if (png_get_rowbytes(m_png, m_info) != png_get_image_width(m_png, m_info) * std::size_t{3})
        png_error(m_png, "its pixels cannot be made RGB");
    png_read_image(m_png, rows);
    return true;
}

bool PngReader::readPixels(std::vector<std::uint8_t>& rgb)
{
    std::vector<png_bytep> rows;
    for (std::size_t y = 0; y < height(); ++y)
        rows.push_back(rgb.data() + y * width() * 3);
    return readRows(rows.data());
}

} // namespace frostline
