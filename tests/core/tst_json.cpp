#include <QTest>

#include "base/json.h"

using namespace frostline;

namespace {

std::string repeated(std::string_view text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

class TestJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void buildsTheSameTreeAsTheLibrary_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("scalars") << QByteArray(R"([null, true, false, 1, -2, 1.5, 1e300, "ünï\n\u0041"])");
        QTest::newRow("a text") << QByteArray(R"("x")");
        QTest::newRow("nothing in it") << QByteArray(R"({"a": {}, "b": [], "c": [[], {}]})");
        QTest::newRow("order") << QByteArray(R"({"z": 1, "a": {"z": [{"y": 2}], "b": 3}, "m": "last"})");
        QTest::newRow("same key, other object") << QByteArray(R"({"a": {"a": {"a": 1}}, "b": {"a": 2}})");
        QTest::newRow("large integers") << QByteArray("[18446744073709551615, -9223372036854775808]");
        std::string many;
        for (int i = 0; i < 100; ++i)
            many += (i > 0 ? ", \"" : "\"") + std::to_string(i) + "\": [" + std::to_string(i) + "]";
        QTest::newRow("many members") << QByteArray::fromStdString("{" + many + "}");
        QTest::newRow("as deep as it goes")
            << QByteArray::fromStdString(repeated("[", 64) + repeated("]", 64));
        QTest::newRow("brackets in texts")
            << QByteArray::fromStdString("[\"" + repeated("[{\\\"", 100) + "\"]");
    }
    void buildsTheSameTreeAsTheLibrary()
    {
        QFETCH(QByteArray, text);
        const auto json = parseJson(text.toStdString(), "x.json");
        QVERIFY2(json, json ? "" : json.error().message.c_str());
        QVERIFY(*json == Json::parse(text.toStdString()));
        QCOMPARE(jsonText(*json), Json::parse(text.toStdString()).dump());
    }
    void refusesWithThePlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const std::string& text, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(text) << QString::fromLatin1(says);
        };
        row("empty", "", "x.json: not valid JSON at line 1, column 1");
        row("cut", "{\"a\": [1, 2", "x.json: not valid JSON at line 1, column 12");
        row("two values", "1 2", "x.json: not valid JSON at line 1, column 3");
        row("no UTF-8", "[\"\xff\"]", "x.json: not valid JSON at line 1, column 3");
        row("a NUL", std::string("[\0]", 3), "x.json: not valid JSON at line 1, column 2");
        row("too deep", "{\n \"a\": " + repeated("[", 64),
            "x.json: lists and objects are nested more than 64 deep at line 2, column 70");
        row("too deep after texts", "[\"]]\\\"]]\", " + repeated("{\"a\":", 64),
            "x.json: lists and objects are nested more than 64 deep at line 1, column 327");
        row("a million deep", repeated("[", 1'000'000),
            "x.json: lists and objects are nested more than 64 deep at line 1, column 65");
        row("twice the key", R"({"a": 1, "b": {}, "a": 2})", "x.json: /a: the key stands here twice");
        row("twice inside", R"({"l": [{}, {"o": {"x": 1, "x": 1}}]})",
            "x.json: /l/1/o/x: the key stands here twice");
        row("twice by an escape", R"({"a": 1, "\u0061": 2})", "x.json: /a: the key stands here twice");
        std::string many;
        for (int i = 0; i < 100; ++i)
            many += "\"" + std::to_string(i) + "\": 0, ";
        row("twice among many", "{" + many + "\"7\": 1}", "x.json: /7: the key stands here twice");
        row("huge", R"({"a": 1e999})",
            "x.json: /a: the number 1e999 is out of range, the largest is 1.7976931348623157e+308");
        row("huge in a list", R"({"a": {"b": [1, 2, -1e400]}})",
            "x.json: /a/b/2: the number -1e400 is out of range");
        row("huge in long", "[" + repeated("9", 10'000) + "]", "x.json: /0: the number 9999999999");
    }
    void refusesWithThePlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, says);
        const auto json = parseJson(text.toStdString(), "x.json");
        QVERIFY(!json);
        const auto message = QString::fromStdString(json.error().message);
        QVERIFY2(message.startsWith(says), qPrintable(message));
        QVERIFY(message.size() < 300);
    }
    void numbersThatDoNotFitAreNamedByTheReader_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("beyond 64 bits") << QByteArray("99999999999999999999");
        QTest::newRow("beyond the sign") << QByteArray("9223372036854775808");
        QTest::newRow("below") << QByteArray("-99999999999999999999");
        QTest::newRow("a fraction") << QByteArray("1.5");
        QTest::newRow("as a fraction") << QByteArray("1e300");
    }
    void numbersThatDoNotFitAreNamedByTheReader()
    {
        QFETCH(QByteArray, value);
        const auto json =
            parseJson("{\"n\": " + value.toStdString() + ", \"l\": [" + value.toStdString() + "]}", "x.json");
        QVERIFY2(json, json ? "" : json.error().message.c_str());
        std::optional<Error> error;
        JsonReader(*json, "x.json", error).integer("n", 0, INT64_MIN, INT64_MAX);
        QVERIFY(error);
        QVERIFY2(error->message.starts_with("x.json: /n: expected a whole number from"),
                 error->message.c_str());
        error.reset();
        JsonReader(*json, "x.json", error).integers("l", INT64_MIN, INT64_MAX);
        QVERIFY(error);
        QVERIFY2(error->message.starts_with("x.json: /l: expected"), error->message.c_str());
    }
    void longNamesAreCutInMessages()
    {
        const auto json = parseJson("{\"" + repeated("é", 1'000'000) + "\": 1}", "x.json");
        QVERIFY(json);
        std::optional<Error> error;
        JsonReader reader(*json, "x.json", error);
        reader.text("name", "");
        reader.finish();
        QVERIFY(error);
        QCOMPARE(error->message, "x.json: /" + repeated("é", 30) + "...: unknown key");
    }
    void remainingKeepsWhatNobodyAskedFor()
    {
        const auto json = parseJson(R"({"b": [1], "known": 2, "a": {"x": null}})", "x.json");
        QVERIFY(json);
        std::optional<Error> error;
        JsonReader reader(*json, "x.json", error);
        reader.integer("known", 0, 0, 9);
        QCOMPARE(jsonText(reader.remaining()), std::string(R"({"b":[1],"a":{"x":null}})"));
    }
};

QTEST_APPLESS_MAIN(TestJson)
#include "tst_json.moc"
