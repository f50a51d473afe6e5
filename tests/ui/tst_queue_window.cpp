#include "queue_page_case.h"
#include "start/start_page.h"

using namespace frostline;
using test::kPatience;
using ItemState = QueueItem::State;

class TestQueueWindow : public test::QueuePageCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        if (!QDir(QStringLiteral("/usr/share/datasets/fashion-mnist")).exists())
            QSKIP("dataset-fashion-mnist is not installed");
    }
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void whileTheQueueRunsTheWindowDoesNot()
    {
        load();
        addDraft();
        showPage();
        QTest::mouseClick(find<QToolButton>("queueStart"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(queue().items()[0].progress.step > 10, kPatience);
        QCOMPARE(find<QLabel>("queueState")->text(), QStringLiteral("“Small and long” is running"));
        QTRY_VERIFY2(find<QLabel>("queueTotals")->text().startsWith(QStringLiteral("0 of 1 done, ")) &&
                         find<QLabel>("queueTotals")->text().endsWith(QStringLiteral(" left")),
                     qPrintable(find<QLabel>("queueTotals")->text()));
        QTRY_VERIFY(text(0, QueueModel::Progress).startsWith(QStringLiteral("epoch ")));

        const auto* start = m_window->actions()->startPause;
        QVERIFY(!start->isEnabled());
        QVERIFY2(start->toolTip().startsWith(QStringLiteral("The queue runs “Small and long”")),
                 qPrintable(start->toolTip()));
        Q_EMIT parts().start->startRequested(); // By whatever way.
        QVERIFY(!run()->isActive());
        QVERIFY(message().startsWith(QStringLiteral("The queue runs")));

        QTest::mouseClick(find<QToolButton>("queueStart"), Qt::LeftButton); // Pause.
        QTRY_COMPARE_WITH_TIMEOUT(queue().state(), RunQueue::State::Paused, kPatience);
        QCOMPARE(text(0, QueueModel::State), QStringLiteral("paused"));
        QVERIFY(!start->isEnabled());
        QCOMPARE(find<QToolButton>("queueStart")->text(), QStringLiteral("Resume"));
        const auto step = queue().items()[0].progress.step;
        QTest::mouseClick(find<QToolButton>("queueStart"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(queue().items()[0].progress.step > step, kPatience);
        QTest::mouseClick(find<QToolButton>("queueCancel"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(text(0, QueueModel::State), QStringLiteral("stopped"), kPatience);
        QTRY_VERIFY(start->isEnabled());
        QVERIFY(!find<QToolButton>("queueCancel")->isEnabled());

        // What the queue left is resumed in the window; the other way round it would be refused.
        m_window->resumeSession(queue().items()[0].session);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), RunController::State::Running, kPatience);
        run()->stop();
        QTRY_VERIFY_WITH_TIMEOUT(!run()->isActive(), kPatience);
    }

    void nothingIsResumedOrReplayedBesideTheQueue()
    {
        load();
        addDraft();
        addDraft();
        queue().start();
        QTRY_VERIFY_WITH_TIMEOUT(queue().items()[0].progress.step > 10, kPatience);
        queue().cancelCurrent();
        QTRY_COMPARE_WITH_TIMEOUT(queue().items()[1].state, ItemState::Running, kPatience);
        const QString stopped = queue().items()[0].session;
        m_window->resumeSession(stopped);
        QTRY_VERIFY(message().startsWith(QStringLiteral("The queue runs")));
        m_window->openSession(stopped); // Looking is free.
        QTRY_VERIFY_WITH_TIMEOUT(message().contains(QStringLiteral("read only")), kPatience);
        QVERIFY(!m_window->actions()->replay->isEnabled());
        QVERIFY(!m_window->actions()->resumeSession->isEnabled());
        QVERIFY(!m_window->actions()->startPause->isEnabled());
        m_window->actions()->startPause->trigger();
        QVERIFY(!run()->isActive());
        queue().cancelCurrent();
        QTRY_VERIFY_WITH_TIMEOUT(m_window->actions()->resumeSession->isEnabled(), kPatience);
        QVERIFY(m_window->actions()->replay->isEnabled());
    }

    void whileTheWindowRunsTheQueueWaits()
    {
        load();
        addDraft();
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_VERIFY_WITH_TIMEOUT(run()->nextStep() > 5, kPatience);
        showPage();
        QTest::mouseClick(find<QToolButton>("queueStart"), Qt::LeftButton);
        QCOMPARE(find<QLabel>("queueState")->text(),
                 QStringLiteral("Waits until the window's own run or test has ended"));
        QCOMPARE(text(0, QueueModel::State), QStringLiteral("waiting"));
        QTest::keyClick(m_window.get(), Qt::Key_F5, Qt::ShiftModifier);
        QTRY_COMPARE_WITH_TIMEOUT(text(0, QueueModel::State), QStringLiteral("running"), kPatience);
        QVERIFY(!run()->isActive());
    }

    void closingAsksAndTheQueueComesBack()
    {
        load();
        addDraft();
        addDraft();
        queue().start();
        QTRY_VERIFY_WITH_TIMEOUT(queue().items()[0].progress.step > 10, kPatience);
        m_window->close();
        QVERIFY(m_window->isVisible());
        auto* box = m_window->findChild<QMessageBox*>();
        QVERIFY2(box->text().contains(QStringLiteral("and 1 more wait")), qPrintable(box->text()));
        QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
        QTRY_VERIFY(!m_window->findChild<QMessageBox*>());
        QVERIFY(queue().current());
        m_window->close();
        QTest::mouseClick(m_window->findChild<QPushButton*>(QStringLiteral("leaveQueue")), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!m_window->isVisible(), kPatience);

        createWindow();
        showPage();
        QCOMPARE(text(0, QueueModel::State), QStringLiteral("interrupted"));
        QCOMPARE(text(1, QueueModel::State), QStringLiteral("waiting"));
        chooseRow(0);
        QTest::mouseClick(tool(actions().resume), Qt::LeftButton);
        QCOMPARE(text(0, QueueModel::State), QStringLiteral("waiting"));
        const auto step = queue().items()[0].progress.step;
        QTest::mouseClick(find<QToolButton>("queueStart"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(queue().items()[0].progress.step > step, kPatience);
    }
};

QTEST_MAIN(TestQueueWindow)
#include "tst_queue_window.moc"
