#pragma once

#include <QByteArray>
#include <QtEndian>

#include <turbojpeg.h>
#include <zlib.h>

/// Files of images, made byte by byte.
namespace image_bytes {

inline QByteArray bigEndian(quint32 number)
{
    QByteArray bytes(4, '\0');
    qToBigEndian(number, bytes.data());
    return bytes;
}

inline QByteArray chunk(const QByteArray& kind, const QByteArray& data)
{
    const auto covered = kind + data;
    const auto sum =
        crc32(0, reinterpret_cast<const Bytef*>(covered.constData()), static_cast<uInt>(covered.size()));
    return bigEndian(static_cast<quint32>(data.size())) + covered + bigEndian(static_cast<quint32>(sum));
}

enum Colour { Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, RgbAlpha = 6 };

struct Png {
    quint32 width = 1;
    quint32 height = 1;
    int depth = 8;
    Colour colour = Rgb;
    QByteArray rows = {};  ///< Each begins with its filter, 0 for none.
    QByteArray extra = {}; ///< Chunks before the image data.
    bool interlaced = false;

    QByteArray bytes() const
    {
        QByteArray header = bigEndian(width) + bigEndian(height);
        header.append(static_cast<char>(depth)).append(static_cast<char>(colour)).append(2, '\0');
        header.append(static_cast<char>(interlaced));
        // qCompress puts the length before what zlib gives.
        return QByteArray("\x89PNG\r\n\x1a\n") + chunk("IHDR", header) + extra +
               chunk("IDAT", qCompress(rows).sliced(4)) + chunk("IEND", {});
    }
};

/// A PNG of one colour.
inline QByteArray plainPng(quint32 width, quint32 height, const QByteArray& rgb)
{
    const auto row = QByteArray(1, '\0') + rgb.repeated(width);
    return Png{.width = width, .height = height, .rows = row.repeated(height)}.bytes();
}

/// A JPEG of given pixels: RGB, grey or CMYK as `format` says.
inline QByteArray jpeg(int width, int height, const QByteArray& pixels, TJPF format = TJPF_RGB)
{
    const auto handle = tjInitCompress();
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    tjCompress2(handle, reinterpret_cast<const unsigned char*>(pixels.constData()), width, 0, height, format,
                &bytes, &size, format == TJPF_GRAY ? TJSAMP_GRAY : TJSAMP_444, 95, 0);
    QByteArray file(reinterpret_cast<const char*>(bytes), static_cast<qsizetype>(size));
    tjFree(bytes);
    tjDestroy(handle);
    return file;
}

/// A JPEG whose pixels differ enough to need some bytes.
inline QByteArray busyJpeg(int width, int height)
{
    QByteArray pixels;
    for (int i = 0; i < width * height * 3; ++i)
        pixels.append(static_cast<char>(i * 37 + i / 7));
    return jpeg(width, height, pixels);
}

} // namespace image_bytes
