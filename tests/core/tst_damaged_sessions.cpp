#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>

#include <fstream>
#include <map>

#include "base/file.h"
#include "base/json.h"
#include "fashion_recipe.h"
#include "session/journal.h"
#include "session/session_store.h"
#include "weights/safetensors_index.h"

using namespace frostline;

namespace fs = std::filesystem;

namespace {

/// Everything under a folder: files with their bytes, links with where they point.
using Snapshot = std::map<std::string, std::string>;

Snapshot snapshotOf(const fs::path& folder)
{
    Snapshot files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const auto name = entry.path().lexically_relative(folder).string();
        if (entry.is_symlink())
            files[name] = "-> " + fs::read_symlink(entry.path()).string();
        else
            files[name] = entry.is_directory() ? "/" : readFile(entry.path()).value_or("unreadable");
    }
    return files;
}

void put(const fs::path& file, std::string_view bytes)
{
    std::ofstream(file, std::ios::binary) << bytes;
}

std::vector<MetricPoint> pointsFrom(Step first, int count)
{
    std::vector<MetricPoint> points;
    for (Step step = first; step < first + count; ++step)
        points.push_back({step, 1, 1.5, 0.5, 0.001, 0.0, 0.1});
    return points;
}

EpochRecord epochAt(Step step)
{
    EpochRecord epoch;
    epoch.step = step;
    epoch.train = {1.0, 0.5};
    epoch.validation = Scores{0.9, 0.75};
    epoch.layers = {{"fc", 0.25, 0.125, 0.0}};
    return epoch;
}

Session sampleSession(SessionState state)
{
    Session session;
    session.id = "trial";
    session.name = "A trial";
    session.recipe = tests::fashionRecipe();
    session.state = state;
    LayerInfo layer;
    layer.path = layer.name = "fc";
    layer.kind = "Linear";
    layer.parameters = layer.prunable = 10;
    session.layers = {layer};
    session.checkpoints = {
        {2, 1, "checkpoints/step-000002.safetensors", std::string(64, 'a'), 123, true, false, 0}};
    session.interventions = {{1, {ChangeKind::LearningRate, "", 1e-4}, Origin::User, ""}};
    session.steps = pointsFrom(0, 2);
    session.epochs = {epochAt(2)};
    return session;
}

const std::vector<std::string>& journalLines()
{
    static const std::vector<std::string> lines{
        journalLine(JournalStart{"trial", 2, 1, 1}),
        journalLine(JournalEntry(pointsFrom(2, 2))),
        journalLine(JournalEntry(Intervention{4, {ChangeKind::Trainable, "fc", false}, Origin::User, ""})),
        journalLine(JournalEntry(pointsFrom(4, 3))),
        journalLine(JournalEntry(epochAt(7))),
        journalLine(JournalEntry(CheckpointRemoval{"checkpoints/step-000002.safetensors"})),
    };
    return lines;
}

std::string journalText()
{
    std::string text;
    for (const auto& line : journalLines())
        text += line;
    return text;
}

/// A line as the journal has it, but of any text.
std::string lineWithSum(std::string text)
{
    text.pop_back();
    char digits[9] = {};
    std::snprintf(digits, sizeof digits, "%08lx",
                  ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
    return text + ",\"crc32\":\"" + digits + "\"}\n";
}

std::string sampleWeights()
{
    std::vector<TensorEntry> tensors{{"fc.weight", "F32", {2, 3}, 0, 0}, {"fc.bias", "I64", {}, 0, 0}};
    return safetensorsHeader(tensors, {{"step", "2"}}) + std::string(32, 'w');
}

} // namespace

class TestDamagedSessions : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_root;
    std::string m_record;

    fs::path root() const { return m_root.path().toStdString(); }
    fs::path folder() const { return root() / "sessions/trial"; }

    /// The session's folder as it shall be, whatever the last test left.
    void restore(const std::string& record, const std::string& journal = "")
    {
        fs::remove_all(folder());
        fs::create_directories(folder() / "checkpoints");
        put(folder() / "checkpoints/step-000002.safetensors", sampleWeights());
        put(folder() / "session.json", record);
        if (!journal.empty())
            put(folder() / "journal.jsonl", journal);
    }
    std::string recordOf(SessionState state)
    {
        restore("");
        const bool saved = SessionStore::save(sampleSession(state), folder()).has_value();
        return saved ? *readFile(folder() / "session.json") : std::string();
    }
    /// An error that names the file and can be read, and nothing changed.
    void checkRefused(const Snapshot& before, const Error& error, const char* file = "session.json")
    {
        const auto& message = error.message;
        QVERIFY2(message.find((folder() / file).string()) != message.npos, message.c_str());
        QVERIFY2(message.size() < 500, message.c_str());
        QVERIFY2(std::ranges::none_of(message, [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
                 message.c_str());
        QVERIFY(snapshotOf(root()) == before);
    }

private Q_SLOTS:
    void initTestCase()
    {
        fs::create_directories(root() / "sessions");
        put(root() / "outside.json", "private");
        m_record = recordOf(SessionState::Stopped);
        QVERIFY(m_record.size() > 1000);
    }
    void aRecordCutAnywhereIsRefused()
    {
        const auto end = m_record.rfind('}');
        restore(m_record);
        for (std::size_t size = 0; size <= end; ++size) {
            put(folder() / "session.json", m_record.substr(0, size));
            const auto before = snapshotOf(root());
            const auto session = SessionStore::load(folder());
            QVERIFY2(!session, std::to_string(size).c_str());
            checkRefused(before, session.error());
            QVERIFY(!SessionStore::annotate(folder(), SessionHead()));
            static_cast<void>(SessionStore::loadHead(folder()));
            QVERIFY(snapshotOf(root()) == before);
        }
    }
    void aRecordWithAFlippedBitIsRefusedOrReadAsAnother()
    {
        int refused = 0;
        restore(m_record);
        for (std::size_t i = 0; i < 2 * m_record.size(); ++i) {
            auto damaged = m_record;
            auto& byte = damaged[i / 2];
            byte = static_cast<char>(byte ^ (1 << (i * 3 % 8)));
            put(folder() / "session.json", damaged);
            const auto before = snapshotOf(root());
            const auto session = SessionStore::load(folder());
            if (!session) {
                ++refused;
                checkRefused(before, session.error());
                continue;
            }
            QVERIFY(snapshotOf(root()) == before);
            const auto again = parseJson(jsonText(toJson(*session)), "again").and_then([](const Json& json) {
                return sessionFromJson(json, "again");
            });
            QVERIFY2(again, again ? "" : again.error().message.c_str());
            QCOMPARE(jsonText(toJson(*again)), jsonText(toJson(*session)));
        }
        QVERIFY(refused > static_cast<int>(m_record.size()) / 2);
    }
    void hostileRecordsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("find");
        QTest::addColumn<QByteArray>("replace");
        QTest::addColumn<QByteArray>("says");
        const auto deep = "\"x\": " + QByteArray(100'000, '[') + ", \"name\"";
        QTest::newRow("deep") << QByteArray("\"name\"") << deep << QByteArray("nested more than 64 deep");
        QTest::newRow("twice") << QByteArray("\"notes\"") << QByteArray("\"name\"")
                               << QByteArray("/name: the key stands here twice");
        QTest::newRow("huge") << QByteArray("\"bytes\":123") << QByteArray("\"bytes\":1e999")
                              << QByteArray("/checkpoints/0/bytes: the number 1e999 is out of range");
        QTest::newRow("long") << QByteArray("\"bytes\":123") << QByteArray("\"bytes\":99999999999999999999")
                              << QByteArray("/checkpoints/0/bytes: expected a whole number");
        QTest::newRow("climbing") << QByteArray("checkpoints/step") << QByteArray("checkpoints/../../../step")
                                  << QByteArray("/checkpoints/0/file: ");
        QTest::newRow("absolute") << QByteArray("checkpoints/step") << QByteArray("/etc/step")
                                  << QByteArray("/checkpoints/0/file: ");
        QTest::newRow("its own record") << QByteArray("checkpoints/step-000002.safetensors")
                                        << QByteArray("session.json") << QByteArray("/checkpoints/0/file: ");
        QTest::newRow("a NUL") << QByteArray("checkpoints/step") << QByteArray("checkpoints/\\u0000")
                               << QByteArray("/checkpoints/0/file: ");
        QTest::newRow("no UTF-8") << QByteArray("A trial") << QByteArray("A \xff trial")
                                  << QByteArray("not valid JSON at line 4");
        QTest::newRow("uneven") << QByteArray("\"loss\":[1.5,1.5]") << QByteArray("\"loss\":[1.5]")
                                << QByteArray("all step series need the same length");
    }
    void hostileRecordsAreRefused()
    {
        QFETCH(QByteArray, find);
        QFETCH(QByteArray, replace);
        QFETCH(QByteArray, says);
        auto text = QByteArray::fromStdString(m_record);
        const auto place = text.indexOf(find);
        QVERIFY(place >= 0);
        restore(text.replace(place, find.size(), replace).toStdString());
        const auto before = snapshotOf(root());
        const auto session = SessionStore::load(folder());
        QVERIFY(!session);
        QVERIFY2(QByteArray::fromStdString(session.error().message).contains(says),
                 session.error().message.c_str());
        checkRefused(before, session.error());
    }
    void aJournalCutAnywhereLosesItsLastLineOnly()
    {
        const auto record = recordOf(SessionState::Running);
        const auto journal = journalText();
        for (std::size_t size = 0; size <= journal.size(); size += 11) {
            restore(record, journal.substr(0, size));
            std::vector<std::string> remarks;
            const auto session = SessionStore::load(folder(), &remarks);
            QVERIFY2(session, session ? "" : session.error().message.c_str());
            std::size_t whole = 0;
            std::size_t bytes = 0;
            while (whole < journalLines().size() && bytes + journalLines()[whole].size() <= size)
                bytes += journalLines()[whole++].size();
            const std::size_t steps[] = {2, 2, 4, 4, 7, 7, 7};
            QCOMPARE(session->steps.size(), steps[whole]);
            QCOMPARE(session->interventions.size(), std::size_t{whole > 2 ? 2U : 1U});
            QCOMPARE(session->epochs.size(), std::size_t{whole > 4 ? 2U : 1U});
            QCOMPARE(remarks.empty(), bytes == size);
            QVERIFY(!fs::exists(folder() / "journal.jsonl"));
            const auto again = SessionStore::load(folder());
            QVERIFY(again);
            QCOMPARE(jsonText(toJson(*again)), jsonText(toJson(*session)));
        }
    }
    void aJournalWithAFlippedBitIsRefusedOrRemarkedUpon()
    {
        const auto record = recordOf(SessionState::Running);
        const auto journal = journalText();
        const auto lastLine = journal.size() - journalLines().back().size();
        for (std::size_t i = 0; i < journal.size(); ++i) {
            // The last line is left out and the rest kept, on the disk as well: not so often.
            if (i >= lastLine && i % 11 != 0)
                continue;
            auto damaged = journal;
            damaged[i] = static_cast<char>(damaged[i] ^ (1 << (i % 8)));
            restore(record, damaged);
            const auto before = snapshotOf(root());
            std::vector<std::string> remarks;
            const auto session = SessionStore::load(folder(), &remarks);
            if (session)
                QVERIFY2(i + 1 >= lastLine && remarks.size() == 1, std::to_string(i).c_str());
            else
                checkRefused(before, session.error(), "journal.jsonl");
        }
    }
    void hostileJournalsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("journal");
        QTest::addColumn<QByteArray>("says");
        const auto& lines = journalLines();
        const auto row = [](const char* name, const std::string& journal, const char* says) {
            QTest::newRow(name) << QByteArray::fromStdString(journal) << QByteArray(says);
        };
        row("no first line", lines[1], "line 1: /frostline: ");
        row("another's", journalLine(JournalStart{"other", 2, 1, 1}), "belongs to session other");
        row("from too far", journalLine(JournalStart{"trial", 9, 1, 1}), "goes on from step 9");
        row("a line missing", lines[0] + lines[3] + lines[4], "line 2 does not follow");
        row("a line twice", lines[0] + lines[1] + lines[1], "line 3 does not follow");
        row("deep", lines[0] + lineWithSum("{\"x\":" + std::string(100'000, '[') + "}"),
            "nested more than 64 deep");
        row("twice", lines[0] + lineWithSum(R"({"removed":"a","removed":"b"})"),
            "/removed: the key stands here twice");
        row("huge", lines[0] + lineWithSum(R"({"epoch":{"epoch":1e999}})"),
            "the number 1e999 is out of range");
        row("long", lines[0] + lineWithSum(R"({"epoch":{"epoch":99999999999999999999}})"),
            "/epoch/epoch: expected a whole number");
        row("a checkpoint outside",
            lines[0] + lineWithSum(R"({"checkpoint":{"step":2,"file":"checkpoints/../../../outside.json"}})"),
            "/checkpoint/file: ");
    }
    void hostileJournalsAreRefused()
    {
        QFETCH(QByteArray, journal);
        QFETCH(QByteArray, says);
        restore(recordOf(SessionState::Running), journal.toStdString());
        const auto before = snapshotOf(root());
        const auto session = SessionStore::load(folder());
        QVERIFY(!session);
        QVERIFY2(QByteArray::fromStdString(session.error().message).contains(says),
                 session.error().message.c_str());
        checkRefused(before, session.error(), "journal.jsonl");
    }
    void whatAJournalRemovesIsNoFile()
    {
        restore(recordOf(SessionState::Running),
                journalLines()[0] + journalLine(JournalEntry(CheckpointRemoval{"../../outside.json"})));
        QVERIFY(SessionStore::load(folder()));
        QCOMPARE(*readFile(root() / "outside.json"), std::string("private"));
    }
    void aJournalThatIsAFolderIsRefused()
    {
        restore(recordOf(SessionState::Running));
        fs::create_directories(folder() / "journal.jsonl/x");
        const auto before = snapshotOf(root());
        const auto session = SessionStore::load(folder());
        QVERIFY(!session);
        checkRefused(before, session.error(), "journal.jsonl");
    }
    void savingFollowsNoLink()
    {
        restore(m_record);
        for (const auto* name : {"session.json", "session.json.part"}) {
            fs::remove(folder() / name);
            fs::create_symlink(root() / "outside.json", folder() / name);
        }
        QVERIFY(SessionStore::save(sampleSession(SessionState::Stopped), folder()));
        QCOMPARE(*readFile(root() / "outside.json"), std::string("private"));
        QVERIFY(!fs::is_symlink(folder() / "session.json"));
        QCOMPARE(*readFile(folder() / "session.json"), m_record);
    }
    void weightsCutAnywhereAreRefused()
    {
        const auto weights = sampleWeights();
        for (std::size_t size = 0; size < weights.size(); ++size) {
            const auto index = parseSafetensorsIndex(weights.substr(0, size), size, "x.safetensors");
            QVERIFY2(!index && index.error().message.starts_with("x.safetensors"),
                     std::to_string(size).c_str());
        }
    }
    void weightsWithAFlippedBitAreRefusedOrHaveAnotherSum()
    {
        const auto weights = sampleWeights();
        const auto file = folder() / "checkpoints/step-000002.safetensors";
        restore(m_record);
        const auto sum = *sha256OfFile(file);
        for (std::size_t i = 0; i < 8 * weights.size(); ++i) {
            auto damaged = weights;
            damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ (1 << (i % 8)));
            const auto index = parseSafetensorsIndex(damaged, damaged.size(), "x.safetensors");
            if (!index) {
                QVERIFY(index.error().message.starts_with("x.safetensors"));
                continue;
            }
            for (const auto& tensor : index->tensors)
                QVERIFY(tensor.begin <= tensor.end && index->dataOffset + tensor.end <= damaged.size());
            put(file, damaged);
            QVERIFY(*sha256OfFile(file) != sum);
        }
    }
    void damagedOnesAreListedBesideTheOthers()
    {
        const SessionStore store(root() / "sessions");
        auto good = sampleSession(SessionState::Stopped);
        QVERIFY(store.create(good));
        restore(m_record.substr(0, 100));
        const auto before = snapshotOf(root());
        const auto listings = store.list();
        QCOMPARE(listings.size(), std::size_t{2});
        QCOMPARE(std::ranges::count_if(listings, [](const auto& each) { return each.session.has_value(); }),
                 std::ptrdiff_t{1});
        QVERIFY(snapshotOf(root()) == before);
    }
};

QTEST_APPLESS_MAIN(TestDamagedSessions)
#include "tst_damaged_sessions.moc"
