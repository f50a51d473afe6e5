#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "session/journal.h"

using namespace frostline;

namespace {

Session emptySession()
{
    Session session;
    session.id = "trial";
    return session;
}

std::string startLine()
{
    return journalLine(JournalStart{"trial", 0, 0, 0});
}

std::vector<MetricPoint> points(Step from, Step to)
{
    std::vector<MetricPoint> points;
    for (Step step = from; step < to; ++step)
        points.push_back({step, 1, 1.0 / static_cast<double>(step + 3), 0.5, 0.01, 0.0, 0.1});
    return points;
}

std::string fullText()
{
    EpochRecord epoch;
    epoch.step = 4;
    epoch.train = {0.1 + 0.2, 0.5};
    epoch.validation = Scores{0.25, 0.75};
    const Intervention freeze{2, {ChangeKind::Trainable, "a", false}, Origin::User, "2026-11-21T10:00:00Z"};
    CheckpointRecord best;
    best.step = 4;
    best.file = "checkpoints/step-000004.safetensors";
    best.best = true;
    CheckpointRecord last = best;
    last.file = "checkpoints/step-000002.safetensors";
    return startLine() + journalLine(points(0, 2)) + journalLine(freeze) + journalLine(last) +
           journalLine(points(2, 4)) + journalLine(epoch) + journalLine(best) +
           journalLine(CheckpointRemoval{last.file});
}

} // namespace

class TestJournal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isFoldedIntoTheSession()
    {
        const auto journal = parseJournal(fullText(), "journal.jsonl");
        QVERIFY2(journal, journal ? "" : journal.error().message.c_str());
        QCOMPARE(journal->tornBytes, std::size_t{0});
        auto session = emptySession();
        QVERIFY(foldIn(*journal, session, "journal.jsonl"));
        QCOMPARE(session.steps.size(), std::size_t{4});
        QCOMPARE(session.steps[3].loss, 1.0 / 6.0);
        QCOMPARE(session.epochs[0].train.loss, 0.1 + 0.2);
        QCOMPARE(session.interventions.size(), std::size_t{1});
        QCOMPARE(session.checkpoints.size(), std::size_t{1});
        QVERIFY(session.checkpoints[0].best);
        QCOMPARE(session.summary.bestValidationAccuracy, 0.75);
        // Folding once more changes nothing: a crash between writing and removing is harmless.
        QVERIFY(foldIn(*journal, session, "journal.jsonl"));
        QCOMPARE(session.steps.size(), std::size_t{4});
        QCOMPARE(session.epochs.size(), std::size_t{1});
    }
    /// However the file was cut, what stands before the cut line is there, and nothing else is lost.
    void everyCutLosesTheLastLineOnly()
    {
        const auto text = fullText();
        for (std::size_t size = 0; size <= text.size(); ++size) {
            const auto cut = text.substr(0, size);
            const auto journal = parseJournal(cut, "journal.jsonl");
            QVERIFY2(journal, journal ? "" : journal.error().message.c_str());
            const auto whole = cut.substr(0, cut.rfind('\n') + 1);
            QCOMPARE(journal->tornBytes, cut.size() - (cut.rfind('\n') == cut.npos ? 0 : whole.size()));
            const auto lines = static_cast<std::size_t>(std::ranges::count(whole, '\n'));
            QCOMPARE(journal->entries.size(), lines > 0 ? lines - 1 : 0);
            auto session = emptySession();
            QVERIFY(foldIn(*journal, session, "journal.jsonl"));
        }
    }
    void everyFlippedBitIsFound()
    {
        const auto text = fullText();
        const auto lastLine = text.rfind('\n', text.size() - 2) + 1;
        const auto reference = parseJournal(text, "journal.jsonl")->entries.size();
        for (std::size_t i = 0; i < text.size(); ++i) {
            auto flipped = text;
            flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 7)));
            const auto journal = parseJournal(flipped, "journal.jsonl");
            if (i < lastLine && journal) {
                QFAIL(qPrintable(QStringLiteral("byte %1 changed and nobody saw it").arg(i)));
            } else if (journal) {
                QVERIFY(journal->tornBytes > 0);
                QCOMPARE(journal->entries.size(), reference - 1);
            } else {
                QVERIFY(journal.error().message.find("journal.jsonl: line ") == 0);
            }
        }
    }
    void aMissingLineIsFound()
    {
        const auto text = startLine() + journalLine(points(0, 2)) + journalLine(points(4, 6));
        auto session = emptySession();
        const auto folded = foldIn(*parseJournal(text, "journal.jsonl"), session, "journal.jsonl");
        QVERIFY(!folded);
        QVERIFY2(folded.error().message.find("line 3 does not follow") != std::string::npos,
                 folded.error().message.c_str());
    }
    void anotherSessionsJournalIsRefused()
    {
        auto session = emptySession();
        session.id = "other";
        QVERIFY(!foldIn(*parseJournal(startLine(), "journal.jsonl"), session, "journal.jsonl"));
        session = emptySession();
        const auto later = journalLine(JournalStart{"trial", 10, 0, 0});
        QVERIFY(!foldIn(*parseJournal(later, "journal.jsonl"), session, "journal.jsonl"));
    }
    void theFileIsHeldWhileItIsOpen()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        QVERIFY(!JournalFile::isHeld(path));
        {
            auto file = JournalFile::create(path, {"trial", 0, 0, 0});
            QVERIFY(file);
            QVERIFY(JournalFile::isHeld(path));
            QVERIFY(!JournalFile::create(path, {"trial", 0, 0, 0}));
            QVERIFY(file->append(journalLine(points(0, 2))));
            QVERIFY(file->sync());
        }
        QVERIFY(!JournalFile::isHeld(path));
        const auto journal = parseJournal(*readFile(path / JournalFile::kName), "journal.jsonl");
        QCOMPARE(journal->entries.size(), std::size_t{1});
    }
    void whatWasRemovedUnderneathIsToldAsGone()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        auto file = JournalFile::create(path, {"trial", 0, 0, 0});
        std::filesystem::remove_all(path);
        const auto appended = file->append(journalLine(points(0, 2)));
        QVERIFY(!appended);
        QCOMPARE(appended.error().code, ErrorCode::Gone);
    }
};

QTEST_APPLESS_MAIN(TestJournal)
#include "tst_journal.moc"
