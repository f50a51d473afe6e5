#include <QTest>

#include "data/decode_image.h"
#include "image_bytes.h"

using namespace frostline;
using image_bytes::Png;

namespace {

/// Text with any bytes in it, zeros too.
QByteArray hex(const char* digits)
{
    return QByteArray::fromHex(digits);
}

std::span<const std::uint8_t> spanOf(const QByteArray& bytes)
{
    return {reinterpret_cast<const std::uint8_t*>(bytes.constData()), static_cast<std::size_t>(bytes.size())};
}

QByteArray decoded(const QByteArray& file, Result<ImageSize>& size)
{
    ImageDecoder decoder;
    std::vector<std::uint8_t> rgb;
    size = decoder.decode(spanOf(file), "x.png", rgb);
    return QByteArray(reinterpret_cast<const char*>(rgb.data()), static_cast<qsizetype>(rgb.size()));
}

/// The height and width in a JPEG's frame header.
QByteArray withSize(QByteArray jpeg, quint16 height, quint16 width)
{
    const auto frame = jpeg.indexOf(hex("ffc0"));
    qToBigEndian(height, jpeg.data() + frame + 5);
    qToBigEndian(width, jpeg.data() + frame + 7);
    return jpeg;
}

QByteArray changed(QByteArray bytes, qsizetype place)
{
    bytes[place] = static_cast<char>(bytes[place] ^ 0x55);
    return bytes;
}

} // namespace

class TestDecodeImage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pngBecomesRgb_data()
    {
        using namespace image_bytes;
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("rgb");
        const auto palette = chunk("PLTE", hex("0a0b0c141516"));
        QTest::newRow("rgb") << Png{.width = 2, .rows = hex("00010203fffefd")}.bytes() << hex("010203fffefd");
        QTest::newRow("grey") << Png{.width = 2, .colour = Grey, .rows = hex("0007c8")}.bytes()
                              << hex("070707c8c8c8");
        QTest::newRow("1 bit") << Png{.width = 2, .depth = 1, .colour = Grey, .rows = hex("0040")}.bytes()
                               << hex("000000ffffff");
        QTest::newRow("2 bits") << Png{.width = 2, .depth = 2, .colour = Grey, .rows = hex("0060")}.bytes()
                                << hex("555555aaaaaa");
        QTest::newRow("4 bits") << Png{.width = 2, .depth = 4, .colour = Grey, .rows = hex("001f")}.bytes()
                                << hex("111111ffffff");
        QTest::newRow("16 bits grey")
            << Png{.depth = 16, .colour = Grey, .rows = hex("0012ff")}.bytes() << hex("121212");
        QTest::newRow("16 bits") << Png{.depth = 16, .rows = hex("00018002ff0300")}.bytes() << hex("010203");
        QTest::newRow("palette")
            << Png{.width = 2, .colour = Palette, .rows = hex("000100"), .extra = palette}.bytes()
            << hex("1415160a0b0c");
        QTest::newRow("palette with alpha") << Png{.width = 2,
                                                   .colour = Palette,
                                                   .rows = hex("000100"),
                                                   .extra = palette + chunk("tRNS", hex("0080"))}
                                                   .bytes()
                                            << hex("1415160a0b0c");
        QTest::newRow("palette, 1 bit")
            << Png{.width = 2, .depth = 1, .colour = Palette, .rows = hex("0080"), .extra = palette}.bytes()
            << hex("1415160a0b0c");
        QTest::newRow("rgb with alpha")
            << Png{.colour = RgbAlpha, .rows = hex("0001020300")}.bytes() << hex("010203");
        QTest::newRow("grey with alpha")
            << Png{.colour = GreyAlpha, .rows = hex("000900")}.bytes() << hex("090909");
        QTest::newRow("gamma is not applied")
            << Png{.rows = hex("00408020"), .extra = chunk("gAMA", bigEndian(100000))}.bytes()
            << hex("408020");
        // Passes 1, 6 and 7 have pixels: the first, the one beside it, the second row.
        QTest::newRow("interlaced") << Png{.width = 2,
                                           .height = 2,
                                           .colour = Grey,
                                           .rows = hex("0001"
                                                       "0002"
                                                       "000304"),
                                           .interlaced = true}
                                           .bytes()
                                    << hex("010101020202030303040404");
    }
    void pngBecomesRgb()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, rgb);
        Result<ImageSize> size;
        QCOMPARE(decoded(file, size).toHex(), rgb.toHex());
        QVERIFY2(size, size ? "" : size.error().message.c_str());
    }
    void jpegBecomesRgb_data()
    {
        QTest::addColumn<QByteArray>("pixel");
        QTest::addColumn<int>("format");
        QTest::addColumn<QByteArray>("rgb");
        QTest::newRow("rgb") << hex("c86432") << int(TJPF_RGB) << hex("c86432");
        QTest::newRow("grey") << hex("64") << int(TJPF_GRAY) << hex("646464");
        // Inverted: ink that is not there is 255. 200 * 128 / 255 is 100.
        QTest::newRow("cmyk") << hex("c8ff0080") << int(TJPF_CMYK) << hex("648000");
    }
    void jpegBecomesRgb()
    {
        QFETCH(QByteArray, pixel);
        QFETCH(int, format);
        QFETCH(QByteArray, rgb);
        constexpr int kWidth = 24;
        constexpr int kHeight = 17;
        const auto file = image_bytes::jpeg(kWidth, kHeight, pixel.repeated(kWidth * kHeight), TJPF(format));
        Result<ImageSize> size;
        const auto pixels = decoded(file, size);
        QVERIFY2(size, size ? "" : size.error().message.c_str());
        QCOMPARE(*size, (ImageSize{kHeight, kWidth}));
        QCOMPARE(pixels.size(), qsizetype{kWidth * kHeight * 3});
        for (qsizetype i = 0; i < pixels.size(); ++i)
            QVERIFY(qAbs(static_cast<uchar>(pixels[i]) - static_cast<uchar>(rgb[i % 3])) <= 2);
    }
    void sizeFollowsFromTheHeaderAlone()
    {
        ImageDecoder decoder;
        const auto jpeg = image_bytes::busyJpeg(64, 48);
        const auto png = image_bytes::plainPng(64, 48, hex("010203"));
        for (const auto& start : {jpeg.first(jpeg.indexOf(hex("ffda")) + 20), png.first(50)}) {
            const auto size = decoder.sizeOf(spanOf(start), "x");
            QVERIFY2(size, size ? "" : size.error().message.c_str());
            QCOMPARE(*size, (ImageSize{48, 64}));
        }
    }
    void oneDecoderReadsOneImageAfterTheOther()
    {
        ImageDecoder decoder;
        std::vector<std::uint8_t> rgb;
        const auto good = image_bytes::busyJpeg(32, 32);
        QVERIFY(decoder.decode(spanOf(good), "x", rgb));
        const auto first = rgb;
        QVERIFY(!decoder.decode(spanOf(good.first(good.size() / 2)), "x", rgb));
        QVERIFY(decoder.decode(spanOf(image_bytes::plainPng(2, 3, hex("010203"))), "x", rgb));
        QCOMPARE(rgb.size(), std::size_t{18});
        QVERIFY(decoder.decode(spanOf(good), "x", rgb));
        QCOMPARE(rgb, first);
    }
    void harmlessWarningsDoNotCount()
    {
        const auto jpeg = image_bytes::busyJpeg(16, 16);
        Result<ImageSize> size;
        const auto expected = decoded(jpeg, size);
        QCOMPARE(decoded(jpeg.chopped(2) + hex("0102") + jpeg.last(2), size), expected);
        QVERIFY2(size, size ? "" : size.error().message.c_str());
    }
    /// libjpeg tells the first warning alone, which here is of no harm.
    void aCutBehindAHarmlessWarningIsSeen()
    {
        auto jpeg = image_bytes::busyJpeg(64, 64);
        jpeg.insert(jpeg.indexOf(hex("ffda")), hex("0102"));
        Result<ImageSize> size;
        decoded(jpeg, size);
        QVERIFY2(size, size ? "" : size.error().message.c_str());
        const auto cut = jpeg.first(jpeg.size() / 2);
        // A small picture in the header is whole, and does not count.
        const auto small = hex("ffe10008ffda0000ffd9");
        for (const auto& file : {cut, cut.first(2) + small + cut.sliced(2)}) {
            decoded(file, size);
            QVERIFY(!size);
            QVERIFY2(size.error().message.find("is cut short") != std::string::npos,
                     size.error().message.c_str());
        }
    }
    void badFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("says");
        const auto jpeg = image_bytes::busyJpeg(64, 64);
        const auto png = image_bytes::plainPng(40, 40, hex("010203"));
        QTest::newRow("empty") << QByteArray() << "is empty, 0 bytes";
        QTest::newRow("text") << QByteArray("class,file\n0,cat.jpg\n")
                              << "is not an image; expected JPEG or PNG";
        QTest::newRow("GIF") << QByteArray("GIF89a\1\0\1\0", 10) << "looks like GIF";
        QTest::newRow("JPEG, its start alone") << hex("ffd8") << "cut short";
        QTest::newRow("JPEG, cut header") << jpeg.first(100) << "cut short";
        QTest::newRow("JPEG, half") << jpeg.first(jpeg.size() / 2) << "cut short";
        QTest::newRow("JPEG, last bytes missing") << jpeg.chopped(8) << "cut short";
        QTest::newRow("JPEG, impossible table") << changed(jpeg, jpeg.indexOf(hex("ffc4")) + 6)
                                                << "damaged JPEG (Bogus Huffman table definition)";
        QTest::newRow("JPEG, bomb") << withSize(jpeg, 65000, 65000)
                                    << "promises 65000x65000 pixels; at most 64 megapixels";
        QTest::newRow("JPEG, no height") << withSize(jpeg, 0, 64) << "damaged JPEG";
        QTest::newRow("PNG, its start alone") << png.first(8) << "cut short";
        QTest::newRow("PNG, cut header") << png.first(20) << "cut short";
        QTest::newRow("PNG, cut") << png.chopped(20) << "cut short";
        QTest::newRow("PNG, wrong checksum")
            << changed(png, png.size() - 13) << "damaged PNG (IDAT: CRC error)";
        QTest::newRow("PNG, too few rows")
            << Png{.width = 2, .height = 2, .rows = hex("00010203fffefd")}.bytes() << "damaged PNG";
        QTest::newRow("PNG, bomb") << Png{.width = 100'000, .height = 100'000, .rows = hex("00")}.bytes()
                                   << "promises 100000x100000 pixels; at most 64 megapixels";
        QTest::newRow("PNG, no width") << Png{.width = 0, .rows = hex("00")}.bytes() << "damaged PNG";
        QTest::newRow("PNG, no palette")
            << Png{.colour = image_bytes::Palette, .rows = hex("0000")}.bytes() << "damaged PNG";
        QTest::newRow("PNG, no such colours")
            << Png{.colour = static_cast<image_bytes::Colour>(5), .rows = hex("0000")}.bytes()
            << "damaged PNG";
    }
    void badFilesAreRefused()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, says);
        Result<ImageSize> size;
        decoded(file, size);
        QVERIFY(!size);
        const auto message = QString::fromStdString(size.error().message);
        QVERIFY2(message.startsWith(QStringLiteral("x.png: ")), qPrintable(message));
        QVERIFY2(message.contains(says), qPrintable(message));
    }
    void everyCutIsRefusedOrHarmless()
    {
        const auto png = Png{.width = 2, .rows = hex("00010203fffefd")}.bytes();
        const auto jpeg = image_bytes::busyJpeg(16, 16);
        Result<ImageSize> size;
        for (qsizetype length = 0; length < png.size() - 12; ++length) {
            decoded(png.first(length), size);
            QVERIFY2(!size, qPrintable(QString::number(length)));
        }
        // The last byte of the scan may hold nothing but filling.
        for (qsizetype length = 0; length < jpeg.size() - 3; ++length) {
            decoded(jpeg.first(length), size);
            QVERIFY2(!size, qPrintable(QStringLiteral("%1 of %2").arg(length).arg(jpeg.size())));
        }
    }
};

QTEST_APPLESS_MAIN(TestDecodeImage)
#include "tst_decode_image.moc"
