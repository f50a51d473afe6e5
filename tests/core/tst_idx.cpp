#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>

#include "data/idx.h"

using namespace frostline;

namespace {

QByteArray header(int type, const QList<int>& lengths)
{
    QByteArray bytes;
    bytes.append('\0').append('\0').append(static_cast<char>(type)).append(static_cast<char>(lengths.size()));
    for (const int length : lengths) {
        for (const int shift : {24, 16, 8, 0})
            bytes.append(static_cast<char>(length >> shift));
    }
    return bytes;
}

QByteArray goodFile()
{
    return header(8, {2, 2, 3}) + QByteArray("abcdefghijkl");
}

QByteArray compressed(const QByteArray& bytes)
{
    QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("x.gz"));
    gzFile out = gzopen(file.toUtf8().constData(), "wb");
    gzwrite(out, bytes.constData(), static_cast<unsigned>(bytes.size()));
    gzclose(out);
    QFile read(file);
    return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
}

QByteArray flipped(QByteArray bytes, qsizetype at)
{
    bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    return bytes;
}

} // namespace

class TestIdx : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsPlainAndCompressed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("plain") << goodFile();
        QTest::newRow("gzip") << compressed(goodFile());
    }
    void readsPlainAndCompressed()
    {
        QFETCH(QByteArray, bytes);
        const auto array = readIdx(written(bytes), 3);
        QVERIFY2(array, array ? "" : array.error().message.c_str());
        QCOMPARE(array->shape, (std::vector<std::int64_t>{2, 2, 3}));
        QCOMPARE(QByteArray(reinterpret_cast<const char*>(array->bytes.data()), 12),
                 QByteArray("abcdefghijkl"));
    }
    void refusesDamagedFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto gzip = compressed(header(8, {100, 10, 10}) + QByteArray(10000, 'x'));
        QTest::newRow("empty") << QByteArray() << "ends inside its header";
        QTest::newRow("not IDX") << QByteArray("PK\3\4 is a zip archive") << "not an IDX file";
        QTest::newRow("wrong type") << header(13, {2, 2, 3}) + QByteArray(48, 'x')
                                    << "IDX type 13 is not supported";
        QTest::newRow("labels for images")
            << header(8, {12}) + QByteArray(12, 'x') << "has 1 dimensions, expected 3";
        QTest::newRow("cut header") << header(8, {2, 2, 3}).left(9) << "ends inside its header";
        QTest::newRow("cut data") << goodFile().chopped(1) << "promises 12 bytes of data, the file has 11";
        QTest::newRow("too long") << goodFile() + "z"
                                  << "promises 12 bytes of data, the file has 13";
        QTest::newRow("huge") << header(8, {0x7fffffff, 0x7fffffff, 0x7fffffff}) << "impossible size";
        QTest::newRow("empty dimension") << header(8, {0, 28, 28}) << "impossible size";
        QTest::newRow("huge, compressed")
            << compressed(header(8, {60000, 1000, 100})) << "promises 6000000000 bytes";
        QTest::newRow("cut gzip") << gzip.chopped(12) << "another size; it is damaged or cut short";
        QTest::newRow("cut inside the checksum")
            << gzip.chopped(4) << "another size; it is damaged or cut short";
        QTest::newRow("corrupt gzip") << flipped(gzip, gzip.size() - 6) << "damaged gzip data";
        QTest::newRow("corrupt gzip, middle") << flipped(gzip, gzip.size() / 2) << "damaged gzip data";
    }
    void refusesDamagedFiles()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const auto array = readIdx(written(bytes), 3);
        QVERIFY(!array);
        QVERIFY2(QString::fromStdString(array.error().message).contains(says), array.error().message.c_str());
    }
    void saysThatAFileIsMissing()
    {
        const auto array = readIdx("/nowhere/train-images-idx3-ubyte", 3);
        QVERIFY(!array);
        QCOMPARE(array.error().code, ErrorCode::FileSystem);
        QVERIFY(array.error().message.find("/nowhere/train-images-idx3-ubyte") != std::string::npos);
    }

private:
    std::filesystem::path written(const QByteArray& bytes) const
    {
        QFile file(m_folder.filePath(QStringLiteral("x.idx")));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("the test's own file cannot be written");
        return file.fileName().toStdString();
    }

    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(TestIdx)
#include "tst_idx.moc"
