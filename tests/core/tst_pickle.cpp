#include <QTest>

#include "base/file.h"
#include "weights/pickle.h"
#include "weights/state_dict_index.h"

using namespace frostline;

namespace {

using Kind = PickleValue::Kind;

template <std::size_t Size>
std::string bytes(const char (&text)[Size])
{
    return std::string(text, Size - 1);
}

Result<Pickle> parsed(const std::string& body)
{
    return parsePickle("\x80\x02" + body, "x.pth");
}

/// The values as Python would write them; objects as what would be called.
std::string textOf(const Pickle& pickle, PickleValue::Index index);

std::string listOf(const Pickle& pickle, const PickleValue& value)
{
    std::string text;
    for (const auto item : value.items)
        text += (text.empty() ? "" : ",") + textOf(pickle, item);
    return text;
}

std::string textOf(const Pickle& pickle, PickleValue::Index index)
{
    const auto& value = pickle[index];
    switch (value.kind) {
    case Kind::None:
        return "None";
    case Kind::Bool:
        return value.integer ? "True" : "False";
    case Kind::Integer:
        return std::to_string(value.integer);
    case Kind::Number:
        return QString::number(value.number).toStdString();
    case Kind::Text:
        return "'" + value.text + "'";
    case Kind::Bytes:
        return "b" + std::to_string(value.text.size());
    case Kind::Tuple:
        return "(" + listOf(pickle, value) + ")";
    case Kind::List:
        return "[" + listOf(pickle, value) + "]";
    case Kind::Dict:
        return "{" + listOf(pickle, value) + "}";
    case Kind::Global:
        return value.text;
    case Kind::Call:
        return "call(" + listOf(pickle, value) + ")";
    case Kind::Persistent:
        return "id(" + listOf(pickle, value) + ")";
    }
    return "";
}

void row(const char* name, const std::string& body, const char* expected)
{
    QTest::newRow(name) << QByteArray::fromStdString(body) << QString::fromUtf8(expected);
}

void addNumberRows()
{
    row("none", "N.", "None");
    row("booleans", "\x88\x89\x86.", "(True,False)");
    row("bytes of integers", bytes("K\xffM\xff\xffJ\xff\xff\xff\xff\x87."), "(255,65535,-1)");
    row("long of none", bytes("\x8a\x00."), "0");
    row("long of two", bytes("\x8a\x02\x00\xff."), "-256");
    row("long of eight", bytes("\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x80."), "-9223372036854775808");
    row("long of four bytes' count", bytes("\x8b\x01\x00\x00\x00\x7f."), "127");
    row("long of ten", bytes("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."), "b10");
    row("number", bytes("G\xbf\xf8\x00\x00\x00\x00\x00\x00."), "-1.5");
}

void addTextRows()
{
    row("unicode", bytes("X\x02\x00\x00\x00\xc3\xa4."), "'\xc3\xa4'");
    row("short unicode",
        bytes("\x8c\x01"
              "a."),
        "'a'");
    row("long unicode",
        bytes("\x8d\x01\x00\x00\x00\x00\x00\x00\x00"
              "a."),
        "'a'");
    row("of Python 2",
        bytes("U\x01"
              "aT\x01\x00\x00\x00"
              "b\x86."),
        "('a','b')");
    row("bytes",
        bytes("C\x02"
              "abB\x01\x00\x00\x00"
              "c\x86."),
        "(b2,b1)");
    row("long bytes",
        bytes("\x8e\x01\x00\x00\x00\x00\x00\x00\x00"
              "a\x96\x00\x00\x00\x00\x00\x00\x00\x00\x86."),
        "(b1,b0)");
}

void addContainerRows()
{
    row("tuples", "(K\1K\2K\3K\4t)\x86.", "((1,2,3,4),())");
    row("list by one", "]K\1aK\2a.", "[1,2]");
    row("list by many", "](K\1K\2e.", "[1,2]");
    row("dict by one", "}K\1K\2s.", "{1,2}");
    row("dict by many", "}(K\1K\2K\3K\4u.", "{1,2,3,4}");
    row("set", "\x8f(K\1K\2\x90.", "[1,2]");
    row("frozen set", "(K\1K\2\x91.", "(1,2)");
    row("memo", bytes("]q\x00K\1q\x05h\x00h\x05\x87."), "(1,[],1)");
    row("long memo", bytes("K\1r\x00\x01\x00\x00K\2j\x00\x01\x00\x00\x87."), "(1,2,1)");
    row("memo by number", bytes("K\1\x94K\2\x94h\x00\x87."), "(1,2,1)");
    row("what is shared is one", bytes("]q\x00h\x00K\7a\x86."), "([7],[7])");
    row("copied and dropped",
        "K\1"
        "2K\2"
        "0\x86.",
        "(1,1)");
    row("dropped to the mark",
        "K\1(K\2K\3"
        "1.",
        "1");
    row("framed", bytes("\x95\x03\x00\x00\x00\x00\x00\x00\x00K\1."), "1");
}

void addObjectRows()
{
    const std::string dict = "ccollections\nOrderedDict\n";
    row("ordered dict", dict + ")R(K\1K\2u}b.", "{1,2}");
    row("ordered dict of Python 2", dict + "]]K\1aK\2aa\x85R.", "{1,2}");
    row("default dict", "ccollections\ndefaultdict\nc__builtin__\nlist\n\x85RK\1K\2s.", "{1,2}");
    row("size", "ctorch\nSize\nK\1K\2\x86\x85R.", "(1,2)");
    row("call", "cnumpy\nfloat64\nK\1\x85R.", "call(numpy.float64,(1))");
    row("object with a state", "cmodels\nNet\n)\x81}b.", "call(models.Net,(),{})");
    row("object with arguments by name", "cmodels\nNet\n)}\x92.", "call(models.Net,())");
    row("object that is a list", "cmodels\nNet\n)\x81(K\1K\2eK\3a.", "call(models.Net,())");
    row("object that is a dict", "cmodels\nNet\n)\x81K\1K\2s.", "call(models.Net,())");
    row("class from the stack",
        bytes("\x8c\x01"
              "a\x8c\x01"
              "b\x93."),
        "a.b");
    row("persistent", "K\1\x85Q.", "id((1))");
    row("what is only named", "cos\nsystem\n.", "os.system");
}

void addForbiddenRows()
{
    const std::string argument = bytes("X\x02\x00\x00\x00id\x85");
    row("os.system", "cos\nsystem\n" + argument + "R.",
        "it asks to call os.system, which is not part of a weights file; nothing was run");
    row("posix.system", "cposix\nsystem\n" + argument + "R.", "asks to call posix.system, which is not part");
    row("within a module", "cos.path\njoin\n" + argument + "R.", "asks to call os.path.join,");
    row("eval", "cbuiltins\neval\n" + argument + "R.", "asks to call builtins.eval,");
    row("eval of Python 2", "c__builtin__\neval\n" + argument + "R.", "asks to call __builtin__.eval,");
    row("as an object", "csubprocess\nPopen\n" + argument + "\x81.", "asks to call subprocess.Popen,");
    row("by the stack",
        bytes("\x8c\x05"
              "posix\x8c\x06"
              "system\x93") +
            argument + "R.",
        "asks to call posix.system,");
    row("beside weights", "}K\1cnt\nsystem\n" + argument + "Rs.", "asks to call nt.system,");
    row("escapes", "cos\n\x1b[2Jsystem\n" + argument + "R.", "asks to call os.?[2Jsystem,");
}

void addMistakeRows()
{
    row("unknown instruction", "Zabc.",
        "its instruction 90 is not one that PyTorch writes (byte 2 of the pickle)");
    row("text instruction", "I12\n.", "its instruction 73 is not one");
    row("extension", "\x82\1.", "its instruction 130 is not one");
    row("buffer of another file", "\x97.", "its instruction 151 is not one");
    row("nothing to end with", ".", "uses a value that is not there");
    row("too few for a tuple", "K\1\x86.", "uses a value that is not there");
    row("below the mark", "K\1(a.", "uses a value that is not there");
    row("no mark", "K\1t.", "ends a list that never began");
    row("append to a number", "K\1K\2a.", "appends to what is not a list");
    row("item of a list", "]K\1K\2s.", "sets items of what is not a dictionary");
    row("half an item", "}(K\1K\2K\3u.", "sets items of what is not a dictionary");
    row("class without a name", "K\1K\2\x93.", "the name of a class is not a text");
    row("arguments that are none", "cmodels\nNet\nK\1R.", "calls something with what are not arguments");
    row("pairs that are none", "ccollections\nOrderedDict\n]K\1a\x85R.",
        "a dictionary's items are not pairs");
    row("never kept", bytes("h\x09."), "refers to a value that it never kept");
    row("huge text",
        bytes("X\xff\xff\xff\xff"
              "a."),
        "cut short");
    row("huger text",
        bytes("\x8d\xff\xff\xff\xff\xff\xff\xff\xff"
              "a."),
        "cut short");
    row("huge long",
        bytes("\x8b\xff\xff\xff\xff"
              "a."),
        "cut short");
}

std::string text(const std::string& value)
{
    std::string length(4, '\0');
    for (std::size_t i = 0; i < 4; ++i)
        length[i] = static_cast<char>(value.size() >> (8 * i) & 0xff);
    return "X" + length + value;
}

std::string repeated(int times, const std::string& body)
{
    std::string whole;
    for (int i = 0; i < times; ++i)
        whole += body;
    return whole;
}

void addLimitRows()
{
    row("tuples in each other", "N" + std::string(100'000, '\x85') + ".",
        "nests more than 500 values in each other");
    row("lists in each other", std::string(100'000, ']') + std::string(99'999, 'a') + ".",
        "nests more than 500 values in each other");
    row("marks in each other", std::string(100'000, '('), "nests more than 500 values in each other");
    row("too many values", std::string(2'000'001, ']'), "holds more than 2000000 values");
    row("too many kept", "N" + std::string(2'000'001, '\x94'), "keeps more than 2000000 values");
    row("names of classes", "c" + std::string(300, 'm') + "\n" + std::string(300, 'n') + "\n.",
        "the name of a class has more than 500 letters");
    row("names of classes again and again",
        text(std::string(200, 'm')) + "q" + bytes("\0") + repeated(6000, bytes("h\0h\0\x93")),
        "copies more than 2000000 of its values and letters");
    row("one list in many dictionaries",
        "]q" + bytes("\0") + "(" + repeated(20'000, "NN\x86") + "e0ccollections\nOrderedDict\nq\1" +
            repeated(60, bytes("h\1h\0\x85R")),
        "copies more than 2000000 of its values and letters");
    row("too long", "B" + bytes("\xff\xff\xff\x01") + std::string(34 << 20, 'x') + ".", "longer than 32 MB");
}

/// A list that holds the one before twice, 60 times: 2^60 values for who would walk it, 60 for us.
std::string doubled()
{
    std::string body = "]";
    for (int i = 0; i < 60; ++i)
        body += "2\x86";
    return body + ".";
}

/// A state dict's pickle as Python 3.11 and torch 1.13 write it, cut out of a file.
std::string sample()
{
    return bytes(
        "\x80\x02"
        "ccollections\nOrderedDict\nq\x00)Rq\x01X\x01\x00\x00\x00wq\x02"
        "ctorch._utils\n_rebuild_tensor_v2\nq\x03((X\x07\x00\x00\x00storageq\x04"
        "ctorch\nFloatStorage\nq\x05X\x01\x00\x00\x00"
        "0q\x06X\x03\x00\x00\x00"
        "cpuq\x07K\x02tq\x08QK\x00"
        "K\x02\x85q\x09K\x01\x85q\x0a\x89h\x00)Rq\x0btq\x0cRq\x0ds}q\x0eX\x09\x00\x00\x00_metadataq\x0f"
        "h\x00)Rq\x10sb.");
}

} // namespace

class TestPickle : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsValues_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("expected");
        addNumberRows();
        addTextRows();
        addContainerRows();
        addObjectRows();
    }
    void readsValues()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, expected);
        const auto pickle = parsed(body.toStdString());
        QVERIFY2(pickle, pickle ? "" : pickle.error().message.c_str());
        QCOMPARE(QString::fromStdString(textOf(*pickle, pickle->root)), expected);
        QCOMPARE(pickle->size, static_cast<std::size_t>(body.size()) + 2);
    }
    void refusesCalls_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("says");
        addForbiddenRows();
        addMistakeRows();
        addLimitRows();
    }
    void refusesCalls()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, says);
        const auto pickle = parsed(body.toStdString());
        QVERIFY(!pickle);
        const auto message = QString::fromStdString(pickle.error().message);
        QVERIFY2(message.startsWith(QStringLiteral("x.pth: ")), qPrintable(message));
        QVERIFY2(message.contains(says), qPrintable(message));
        QVERIFY2(message.size() < 300, qPrintable(message));
    }
    void protocols()
    {
        for (char protocol = 0; protocol < 9; ++protocol) {
            const auto pickle = parsePickle(std::string{'\x80', protocol, 'N', '.'}, "x.pth");
            QCOMPARE(pickle.has_value(), protocol >= 2 && protocol <= 5);
        }
        QVERIFY(!parsePickle("", "x.pth"));
        QCOMPARE(parsePickle("(lp0\n.", "x.pth").error().message, std::string("x.pth: not a pickle"));
    }
    void sharedValuesStayShared()
    {
        const auto pickle = parsed(doubled());
        QVERIFY2(pickle, pickle ? "" : pickle.error().message.c_str());
        QVERIFY(pickle->values.size() < 100);
    }
    void aListMayHoldItself()
    {
        const auto pickle = parsed(bytes("]q\x00h\x00"
                                         "a."));
        QVERIFY2(pickle, pickle ? "" : pickle.error().message.c_str());
        QCOMPARE((*pickle)[pickle->root].items, std::vector<PickleValue::Index>{pickle->root});
    }
    void readsWhatPythonWrites()
    {
        const auto pickle = parsePickle(sample(), "x.pth");
        QVERIFY2(pickle, pickle ? "" : pickle.error().message.c_str());
        QCOMPARE(
            QString::fromStdString(textOf(*pickle, pickle->root)),
            QStringLiteral("{'w',call(torch._utils._rebuild_tensor_v2,(id(('storage',torch.FloatStorage,'0',"
                           "'cpu',2)),0,(2),(1),False,{}))}"));
        QVERIFY(pickle->member((*pickle)[pickle->root], "w") != 0);
        QCOMPARE(pickle->member((*pickle)[pickle->root], "v"), PickleValue::Index{0});
    }
    void refusesWhatIsCutAtAnyByte()
    {
        const auto whole = sample();
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const auto pickle = parsePickle(std::string_view(whole).substr(0, size), "x.pth");
            QVERIFY(!pickle);
            QVERIFY(pickle.error().message.find("cut short") != std::string::npos);
        }
    }
    void refusesFilesThatAreCutAtAnyByte_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("zip") << QFINDTESTDATA("../fuzz/corpus/pickle/torch.pth");
        QTest::newRow("before zip") << QFINDTESTDATA("../fuzz/corpus/pickle/legacy.pth");
    }
    void refusesFilesThatAreCutAtAnyByte()
    {
        QFETCH(QString, name);
        const auto whole = readFile(name.toStdString());
        QVERIFY(whole);
        const auto index = parseStateDict(*whole, "x.pth");
        QVERIFY2(index, index ? "" : index.error().message.c_str());
        QCOMPARE(index->tensors.size(), std::size_t{1});
        for (std::size_t size = 2; size < whole->size(); ++size) {
            const auto cut = parseStateDict(std::string_view(*whole).substr(0, size), "x.pth");
            QVERIFY(!cut);
            QVERIFY2(cut.error().message.find("cut short") != std::string::npos, cut.error().message.c_str());
        }
    }
    void whatComesAfterIsLeft()
    {
        const auto pickle = parsePickle(sample() + "more", "x.pth");
        QVERIFY(pickle);
        QCOMPARE(pickle->size, sample().size());
    }
};

QTEST_APPLESS_MAIN(TestPickle)
#include "tst_pickle.moc"
