#include <QSignalSpy>
#include <QTest>

#include "queue/queue_estimate.h"
#include "queue_case.h"
#include "session/session_store.h"

using namespace frostline;
using test::kEndless;
using test::kPatience;
using test::queuedRecipe;
using ItemState = QueueItem::State;
using State = RunQueue::State;

class TestRunQueue : public test::QueueCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        if (!QDir(QStringLiteral("/usr/share/datasets/fashion-mnist")).exists())
            QSKIP("dataset-fashion-mnist is not installed");
    }
    void init() { setUp(); }
    void cleanup() { m_queue.reset(); }

    void runsGoOneAfterAnother();
    void pauseHoldsTheRunAndTheNext();
    void aCancelledRunIsKeptAndTheNextBegins();
    void cancelledBeforeTheFirstStepThereIsNoSession();
    void failuresSayWhyAndTheQueueGoesOn();
    void whileTheWindowRunsTheQueueWaits();
    void leftRunsAreInterrupted();
    void theQueueSurvivesItsProcess();
};

void TestRunQueue::runsGoOneAfterAnother()
{
    addRuns({"a", "b", "c"}, 2);
    QSignalSpy ended(m_queue.get(), &RunQueue::itemEnded);
    QSignalSpy through(m_queue.get(), &RunQueue::ranOut);
    m_queue->start();
    QCOMPARE(m_queue->state(), State::Running);
    QCOMPARE(item(0).state, ItemState::Running);
    QVERIFY(m_queue->busyReason().contains(QStringLiteral("“a”")));
    QTRY_COMPARE_WITH_TIMEOUT(through.count(), 1, kPatience);
    QCOMPARE(m_queue->state(), State::Off);
    QCOMPARE(ended.count(), 3);
    for (int row = 0; row < 3; ++row) {
        QCOMPARE(ended.at(row).first().value<RunQueue::Id>(), item(row).id);
        QCOMPARE(item(row).state, ItemState::Finished);
        const auto session = SessionStore::loadHead(item(row).session.toStdString());
        QCOMPARE(session->name, item(row).recipe.title);
        QCOMPARE(session->state, SessionState::Finished);
        QCOMPARE(item(row).progress.step, Step{10});
        QVERIFY(item(row).bestEpoch > 0 && item(row).bestAccuracy);
        QCOMPARE(*item(row).bestAccuracy, *session->summary.bestAccuracy());
    }
    m_queue->clearFinished();
    QVERIFY(m_queue->items().empty());
}

void TestRunQueue::pauseHoldsTheRunAndTheNext()
{
    addRuns({"a"}, kEndless);
    addRuns({"b"});
    startAndWaitForSteps();
    m_queue->pause();
    QTRY_COMPARE_WITH_TIMEOUT(m_queue->state(), State::Paused, kPatience);
    QTRY_COMPARE(item(0).state, ItemState::Paused);
    const auto step = item(0).progress.step;
    m_queue->cancelCurrent(); // A paused one, too; but none begins.
    QTRY_COMPARE_WITH_TIMEOUT(item(0).state, ItemState::Stopped, kPatience);
    QVERIFY(item(0).progress.step >= step);
    QCOMPARE(m_queue->state(), State::Paused);
    QCOMPARE(item(1).state, ItemState::Waiting);
    m_queue->resume();
    QTRY_COMPARE_WITH_TIMEOUT(item(1).state, ItemState::Finished, kPatience);

    m_queue->resumeItems({item(0).id});
    QCOMPARE(item(0).state, ItemState::Waiting);
    m_queue->start();
    QTRY_VERIFY_WITH_TIMEOUT(item(0).progress.step > step + 20, kPatience); // In its session.
    m_queue->pause();
    QTRY_COMPARE_WITH_TIMEOUT(m_queue->state(), State::Paused, kPatience);
    const auto before = item(0).progress.step;
    m_queue->resume();
    QTRY_VERIFY_WITH_TIMEOUT(item(0).progress.step > before + 20, kPatience);
    QCOMPARE(m_queue->state(), State::Running);
}

void TestRunQueue::aCancelledRunIsKeptAndTheNextBegins()
{
    const auto ids = addRuns({"a"}, kEndless);
    addRuns({"b"});
    startAndWaitForSteps();
    m_queue->remove(ids); // Not what runs.
    QCOMPARE(titles(), QStringLiteral("a b"));
    m_queue->cancelCurrent();
    QCOMPARE(m_queue->state(), State::Stopping);
    QTRY_COMPARE_WITH_TIMEOUT(item(1).state, ItemState::Finished, kPatience);
    QCOMPARE(item(0).state, ItemState::Stopped);
    const auto session = SessionStore::loadHead(item(0).session.toStdString());
    QCOMPARE(session->state, SessionState::Stopped);
    QVERIFY(session->summary.steps > 10);
}

void TestRunQueue::cancelledBeforeTheFirstStepThereIsNoSession()
{
    addRuns({"a"}, kEndless);
    m_queue->start();
    m_queue->cancelCurrent();
    QTRY_COMPARE_WITH_TIMEOUT(item(0).state, ItemState::Stopped, kPatience);
    QVERIFY(item(0).session.isEmpty());
    QTRY_COMPARE(m_queue->state(), State::Off);
    QVERIFY(!m_queue->current());
}

void TestRunQueue::failuresSayWhyAndTheQueueGoesOn()
{
    auto missing = queuedRecipe("missing");
    missing.data.path = "dataset:none-such";
    auto diverging = queuedRecipe("diverging", 50);
    diverging.optimizer.kind = OptimizerKind::Sgd;
    diverging.optimizer.learningRate = 1000.0;
    diverging.optimizer.weightDecay = 1000.0; // Each step multiplies the weights by a million.
    m_queue->add({missing, diverging, queuedRecipe("good")});
    m_queue->start();
    QTRY_COMPARE_WITH_TIMEOUT(item(2).state, ItemState::Finished, kPatience);
    QCOMPARE(item(0).state, ItemState::Failed);
    QVERIFY2(item(0).problem.contains(QStringLiteral("none-such")), qPrintable(item(0).problem));
    QVERIFY(item(0).session.isEmpty());
    QVERIFY(item(0).canEdit()); // What is wrong can be put right.
    QCOMPARE(item(1).state, ItemState::Failed);
    QVERIFY2(item(1).problem.contains(QStringLiteral("step")), qPrintable(item(1).problem));
    QCOMPARE(SessionStore::loadHead(item(1).session.toStdString())->state, SessionState::Failed);
    QCOMPARE(totalsOf(m_queue->items()).failed, 2);
    m_queue->edit(item(0).id, queuedRecipe("mended"));
    QCOMPARE(item(0).state, ItemState::Waiting);
    QVERIFY(item(0).problem.isEmpty());
}

void TestRunQueue::whileTheWindowRunsTheQueueWaits()
{
    addRuns({"a"});
    m_queue->setBlocked(true);
    m_queue->start();
    QCOMPARE(m_queue->state(), State::Blocked);
    QCOMPARE(item(0).state, ItemState::Waiting);
    m_queue->setBlocked(false);
    QCOMPARE(item(0).state, ItemState::Running);
    QTRY_COMPARE_WITH_TIMEOUT(item(0).state, ItemState::Finished, kPatience);
}

void TestRunQueue::leftRunsAreInterrupted()
{
    addRuns({"a", "b"}, kEndless);
    startAndWaitForSteps();
    m_queue->leave();
    QTRY_VERIFY_WITH_TIMEOUT(!m_queue->current(), kPatience);
    QTRY_COMPARE(m_queue->state(), State::Off);
    QCOMPARE(item(0).state, ItemState::Interrupted);
    QCOMPARE(item(1).state, ItemState::Waiting);
    QCOMPARE(SessionStore::loadHead(item(0).session.toStdString())->state, SessionState::Stopped);
}

void TestRunQueue::theQueueSurvivesItsProcess()
{
    addRuns({"a"}, kEndless);
    addRuns({"b"});
    startAndWaitForSteps();
    QTRY_VERIFY_WITH_TIMEOUT(item(0).bestEpoch > 0, kPatience);
    open(); // As if the window had gone while it ran.
    QCOMPARE(titles(), QStringLiteral("a b"));
    QCOMPARE(item(0).state, ItemState::Interrupted);
    QVERIFY(item(0).bestEpoch > 0 && item(0).progress.step > 0);
    QCOMPARE(item(1).state, ItemState::Waiting);
    QCOMPARE(m_queue->state(), State::Off); // Nothing begins by itself.

    const QString session = item(0).session;
    const auto stepsBefore = SessionStore::load(session.toStdString())->steps.size();
    m_queue->resumeItems({item(0).id});
    m_queue->start();
    QTRY_VERIFY_WITH_TIMEOUT(item(0).progress.step > static_cast<Step>(stepsBefore) + 10, kPatience);
    QCOMPARE(item(0).session, session);
    m_queue->cancelCurrent();
    QTRY_COMPARE_WITH_TIMEOUT(item(1).state, ItemState::Finished, kPatience);
}

QTEST_MAIN(TestRunQueue)
#include "tst_run_queue.moc"
