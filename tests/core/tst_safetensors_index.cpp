#include <QTest>

#include <cstring>

#include "weights/safetensors_index.h"

using namespace frostline;

namespace {

std::string file(const std::string& header, std::size_t dataBytes)
{
    const std::uint64_t length = header.size();
    std::string bytes(8, '\0');
    std::memcpy(bytes.data(), &length, 8);
    return bytes + header + std::string(dataBytes, 'x');
}

Result<SafetensorsIndex> parsed(const std::string& bytes)
{
    return parseSafetensorsIndex(bytes, bytes.size(), "x.safetensors");
}

} // namespace

class TestSafetensorsIndex : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatItWrites()
    {
        std::vector<TensorEntry> entries{
            {"a.weight", "F32", {2, 3}, 0, 0}, {"b", "I64", {}, 0, 0}, {"c", "F16", {0, 4}, 0, 0}};
        const auto header = safetensorsHeader(entries, {{"step", "12"}});
        QCOMPARE(header.size() % 8, std::size_t{0});
        const auto index = parsed(header + std::string(32, 'x'));
        QVERIFY2(index, index ? "" : index.error().message.c_str());
        QCOMPARE(index->dataOffset, header.size());
        QCOMPARE(index->metadata.at("step"), std::string("12"));
        QCOMPARE(index->tensors.size(), std::size_t{3});
        QCOMPARE(index->tensors[0].shape, (std::vector<std::int64_t>{2, 3}));
        QCOMPARE(index->tensors[1].begin, std::uint64_t{24});
        QCOMPARE(index->tensors[1].end, std::uint64_t{32});
    }
    void refusesWhatCannotBe_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const std::string& bytes, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromLatin1(says);
        };
        const std::string good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
        row("empty", "", "too short");
        row("cut header", file(good, 8).substr(0, 20), "cut short");
        row("huge header", std::string("\xff\xff\xff\xff\xff\xff\xff\x7f", 8) + good, "cut short");
        row("cut data", file(good, 7), "lie outside the file");
        row("too much data", file(good, 9), "9 bytes of data, its header tells of 8");
        row("not JSON", file("{oops", 0), "not valid JSON");
        row("a list", file("[1,2]", 0), "expected an object");
        row("wrong shape", file(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8),
            "do not fit the shape");
        row("negative", file(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8),
            "/a/shape: expected numbers");
        row("overflow",
            file(R"({"a":{"dtype":"F64","shape":[281474976710656,281474976710656],"data_offsets":[0,8]}})",
                 8),
            "do not fit the shape");
        row("unknown type", file(R"({"a":{"dtype":"F8","shape":[8],"data_offsets":[0,8]}})", 8),
            "type \"F8\" is not supported");
        row("offsets backwards", file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8),
            "do not fit");
        row("overlap",
            file(
                R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                8),
            "overlap");
        row("gap", file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8), "leave a gap");
        row("unknown key", file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"stride":1}})", 8),
            "/a/stride: unknown key");
    }
    void refusesWhatCannotBe()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const auto index = parsed(bytes.toStdString());
        QVERIFY(!index);
        const auto message = QString::fromStdString(index.error().message);
        QVERIFY2(message.startsWith(QStringLiteral("x.safetensors")), qPrintable(message));
        QVERIFY2(message.contains(says), qPrintable(message));
    }
};

QTEST_APPLESS_MAIN(TestSafetensorsIndex)
#include "tst_safetensors_index.moc"
