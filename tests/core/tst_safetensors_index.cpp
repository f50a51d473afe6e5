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

std::string member(const std::string& name, const std::string& shape, std::size_t begin, std::size_t end)
{
    return "\"" + name + "\":{\"dtype\":\"U8\",\"shape\":[" + shape + "],\"data_offsets\":[" +
           std::to_string(begin) + "," + std::to_string(end) + "]}";
}

Result<SafetensorsIndex> parsed(const std::string& bytes)
{
    return parseSafetensorsIndex(bytes, bytes.size(), "x.safetensors");
}

void row(const char* name, const std::string& bytes, const char* says)
{
    QTest::newRow(name) << QByteArray::fromStdString(bytes) << QString::fromLatin1(says);
}

void addFileRows()
{
    const std::string good = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
    row("empty", "", "too short");
    row("cut header", file(good, 8).substr(0, 20), "cut short");
    row("huge header", std::string("\xff\xff\xff\xff\xff\xff\xff\x7f", 8) + good, "cut short");
    row("cut data", file(good, 7),
        "/a/data_offsets: 0 to 8 lies outside the file, which has 7 bytes of data");
    row("too much data", file(good, 9), "9 bytes of data, its header tells of 8");
    row("not JSON", file("{oops", 0), "not valid JSON");
    row("a list", file("[1,2]", 0), "expected an object");
    row("no UTF-8", file("{\"a\xff\":0}", 0), "(header): not valid JSON at line 1, column 4");
    row("header beyond the file", std::string("\x0c\0\0\0\0\0\0\0{\"a\":null}", 18),
        "cut short: its header would be 12 bytes long");
    row("endless nesting", file(std::string(100'000, '['), 0), "nested more than 64 deep");
}

void addShapeRows()
{
    row("wrong shape", file(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8),
        "/a/data_offsets: 0 to 8 does not fit the shape, which takes 12 bytes");
    row("negative", file(R"({"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}})", 8),
        "/a/shape: expected numbers");
    row("overflow",
        file(R"({"a":{"dtype":"F64","shape":[281474976710656,281474976710656],"data_offsets":[0,8]}})", 8),
        "/a/shape: its lengths multiply to more than there can be");
    row("overflow behind a zero",
        file(R"({"a":{"dtype":"U8","shape":[0,281474976710656,281474976710656],"data_offsets":[0,0]}})", 0),
        "/a/shape: its lengths multiply to more than there can be");
    row("overflow before a zero",
        file(R"({"a":{"dtype":"U8","shape":[281474976710656,281474976710656,0],"data_offsets":[0,0]}})", 0),
        "/a/shape: its lengths multiply to more than there can be");
    std::string ones = "1";
    for (int i = 0; i < 64; ++i)
        ones += ",1";
    row("too many dimensions", file("{" + member("a", ones, 0, 1) + "}", 1),
        "/a/shape: expected at most 64 dimensions");
    row("huge length", file(R"({"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,8]}})", 8),
        "/a/shape: expected numbers");
    row("huge offset", file(R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,1e999]}})", 8),
        "/a/data_offsets/1: the number 1e999 is out of range");
    row("broken length", file(R"({"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,8]}})", 8),
        "/a/shape: expected whole numbers");
}

void addMemberRows()
{
    row("no shape", file(R"({"a":{"dtype":"F64","data_offsets":[0,8]}})", 8), "/a/shape: is missing");
    row("no type", file(R"({"a":{"shape":[8],"data_offsets":[0,8]}})", 8), "/a/dtype: a text is needed");
    row("no offsets", file(R"({"a":{"dtype":"U8","shape":[0]}})", 0),
        "/a/data_offsets: expected two numbers");
    row("three offsets", file(R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8,8]}})", 8),
        "/a/data_offsets: expected two numbers");
    row("no object", file(R"({"a":null})", 0), "/a: expected an object, found null");
    row("name twice",
        file(
            R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})",
            2),
        "/a: the key stands here twice");
    row("empty name", file(R"({"":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})", 8),
        "a tensor's name is empty");
    row("name with an escape", file("{" + member("a\\u001b[2J", "8", 0, 8) + "}", 8),
        "has control characters in it");
    row("metadata that is no text", file(R"({"__metadata__":{"step":3}})", 0),
        "/__metadata__/step: expected a text, found 3");
    row("metadata that is null", file(R"({"__metadata__":{"step":null}})", 0),
        "/__metadata__/step: expected a text, found null");
    row("unknown type", file(R"({"a":{"dtype":"F8","shape":[8],"data_offsets":[0,8]}})", 8),
        "type \"F8\" is not supported");
    row("offsets backwards", file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8),
        "/a/data_offsets: 8 to 0 ends before it begins");
    row("overlap",
        file(
            R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
            8),
        "/b: its bytes overlap those of /a");
    row("gap", file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8),
        "/a: its bytes leave a gap of 4 before them");
    row("unknown key", file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"stride":1}})", 8),
        "/a/stride: unknown key");
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
    void emptyTensorsMayStandAnywhere()
    {
        const auto header = "{" + member("b", "2", 0, 2) + "," + member("a", "0", 0, 0) + "," +
                            member("c", "3,0", 2, 2) + "}";
        const auto index = parsed(file(header, 2));
        QVERIFY2(index, index ? "" : index.error().message.c_str());
        QCOMPARE(index->tensors.size(), std::size_t{3});
    }
    void manyTensorsAreReadInNoTime()
    {
        constexpr std::size_t kMany = 50'000;
        std::string header = "{";
        for (std::size_t i = 0; i < kMany; ++i)
            header += (i > 0 ? "," : "") + member("layer" + std::to_string(i), "1", i, i + 1);
        const auto index = parsed(file(header + "}", kMany));
        QVERIFY2(index, index ? "" : index.error().message.c_str());
        QCOMPARE(index->tensors.size(), kMany);
    }
    void refusesWhatCannotBe_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        addFileRows();
        addShapeRows();
        addMemberRows();
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
        QVERIFY2(message.size() < 300, qPrintable(message));
    }
};

QTEST_APPLESS_MAIN(TestSafetensorsIndex)
#include "tst_safetensors_index.moc"
