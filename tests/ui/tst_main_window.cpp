#include <set>

#include <QDockWidget>
#include <QProgressBar>
#include <QSignalSpy>
#include <QSlider>
#include <QStatusBar>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTimer>
#include <QTreeView>

#include "controls/checked_edit.h"
#include "controls/log_slider.h"
#include "controls/sparsity_slider.h"
#include "data/data_page.h"
#include "plots/live_page.h"
#include "window/run_status.h"
#include "window_case.h"

using namespace frostline;
using test::kPatience;
using test::kRecipe;
using State = RunController::State;

class TestMainWindow : public test::WindowCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (!QDir(QStringLiteral("/usr/share/datasets/fashion-mnist")).exists())
            QSKIP("dataset-fashion-mnist is not installed");
    }
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void theFirstStartOffersTheDemo()
    {
        m_window->openAtStart(QString());
        auto* title = m_window->findChild<QLabel*>(QStringLiteral("readyTitle"));
        QVERIFY(!title->text().isEmpty());
        QVERIFY(m_window->windowTitle().contains(title->text()));
        QVERIFY(m_settings->lastRecipe().endsWith(QStringLiteral("fashion-transfer.json")));
    }

    void aRecipeThatIsGoneFallsBackToTheDemo()
    {
        m_settings->setLastRecipe(QStringLiteral("/none/such.json"));
        m_window->openAtStart(QString());
        QVERIFY(message().contains(QStringLiteral("/none/such.json")));
        QVERIFY(m_settings->lastRecipe().endsWith(QStringLiteral("fashion-transfer.json")));
    }

    void aBrokenArgumentIsSaidAboveTheDemo_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("argument");
        QTest::newRow("recipe that is not there") << QByteArray() << QStringLiteral("nowhere.json");
        QTest::newRow("broken recipe") << QByteArray("{\"frostline\": ") << QStringLiteral("small.json");
        QTest::newRow("folder without a session") << QByteArray() << QStringLiteral("empty");
    }
    void aBrokenArgumentIsSaidAboveTheDemo()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, argument);
        write(content);
        QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("empty")));
        m_window->openAtStart(m_folder->filePath(argument));
        QTRY_VERIFY(m_settings->lastRecipe().endsWith(QStringLiteral("fashion-transfer.json")));
        // What is said must outlive the demo's preparation.
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
        QVERIFY(parts().messages->isVisible());
        QVERIFY2(message().contains(argument), qPrintable(message()));
        QCOMPARE(parts().messages->current().kind, Message::Kind::Error);
    }

    void anUnreadableLastRecipeFallsBackToTheDemo()
    {
        write("{\"frostline\": ");
        m_settings->setLastRecipe(recipeFile());
        m_window->openAtStart(QString());
        QVERIFY(m_settings->lastRecipe().endsWith(QStringLiteral("fashion-transfer.json")));
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
        QVERIFY2(message().contains(QStringLiteral("small.json")), qPrintable(message()));
        QCOMPARE(parts().messages->current().kind, Message::Kind::Warning);
    }

    void aRecipeNamedFromHereIsFoundFromElsewhere()
    {
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(m_folder->path()));
        m_window->openAtStart(QStringLiteral("small.json"));
        QVERIFY(QDir::setCurrent(before));
        QCOMPARE(m_settings->lastRecipe(), recipeFile());
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
    }

    void aBrokenFileIsSaidInTheBar()
    {
        write("{\"frostline\": \"recipe/1\", ");
        m_window->openRecipe(recipeFile());
        QVERIFY(message().contains(QStringLiteral("small.json")));
    }

    void theWholeWay()
    {
        load();
        toggleLayer(QStringLiteral("dense1"), false);
        QVERIFY(!settingsOf("dense1").trainable);

        QTest::mouseClick(button(m_window->actions()->startPause), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Running, kPatience);
        QCOMPARE(m_window->findChild<QTabWidget*>()->currentWidget(), parts().live);
        QVERIFY(!settingsOf("dense1").trainable);

        toggleLayer(QStringLiteral("dense1"), true);
        moveSliders();

        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Paused, kPatience);
        const auto at = run()->nextStep();
        QTest::keyClick(m_window.get(), Qt::Key_F10);
        QTRY_COMPARE_WITH_TIMEOUT(run()->nextStep(), at + 1, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Paused, kPatience);
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Running, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(run()->nextStep() > at + 20, kPatience);
        QTest::keyClick(m_window.get(), Qt::Key_F5, Qt::ShiftModifier);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
        QVERIFY(message().contains(QStringLiteral("Stopped")));
        auto* recent = m_window->findChild<QTreeView*>(QStringLiteral("recentSessions"));
        QTRY_COMPARE_WITH_TIMEOUT(recent->model()->rowCount(), 1, kPatience);

        reopenSession(run()->sessionFolder());
    }

    void aFieldThatCannotBeKeepsTheRunFromStarting()
    {
        load();
        auto* edit = parts().controls->findChild<LogSlider*>()->edit();
        edit->setText(QStringLiteral("fast"));
        QTest::keyClick(edit, Qt::Key_Return);
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QVERIFY(message().contains(QStringLiteral("fast")));
        QCOMPARE(run()->state(), State::Ready);
    }

    void theEventLoopLivesWhileTraining()
    {
        load();
        std::set<Step> seen;
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [this, &seen] {
            if (run()->state() == State::Running)
                seen.insert(run()->nextStep());
        });
        timer.start(1);
        m_window->actions()->startPause->trigger();
        // The timer fires between the run's steps: it sees the run at many different ones.
        QTRY_VERIFY_WITH_TIMEOUT(seen.size() > 30, kPatience);
        QCOMPARE(run()->state(), State::Running);
        m_window->actions()->stop->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
    }

    void theTransportStaysWhereItIs()
    {
        load();
        const auto place = [this] { return button(m_window->actions()->step)->x(); };
        const int before = place();
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Running, kPatience);
        QCoreApplication::processEvents();
        QCOMPARE(place(), before);
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Paused, kPatience);
        QCoreApplication::processEvents();
        QCOMPARE(place(), before);
    }

    void theStatusSaysWhatBecameOfTheRun()
    {
        load();
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_VERIFY_WITH_TIMEOUT(label("runTimes").contains(QStringLiteral("left")), kPatience);
        QVERIFY(label("runEpoch").endsWith(QStringLiteral("20,000")));
        parts().status->showPhase(RunPhase::Validating);
        QCOMPARE(label("runState"), QStringLiteral("Validating…"));
        parts().status->showPhase(RunPhase::Training);
        QCOMPARE(label("runState"), QStringLiteral("Running"));
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QCOMPARE(label("runState"), QStringLiteral("Pausing…"));
        QTRY_COMPARE_WITH_TIMEOUT(label("runState"), QStringLiteral("Paused"), kPatience);
        QTest::keyClick(m_window.get(), Qt::Key_F5, Qt::ShiftModifier);
        QTRY_COMPARE_WITH_TIMEOUT(label("runState"), QStringLiteral("Stopped"), kPatience);
        QCOMPARE(m_window->findChild<QProgressBar*>(QStringLiteral("runProgress"))->format(),
                 QStringLiteral("Stopped"));
        QVERIFY(!label("runTimes").contains(QStringLiteral("left")));
        QVERIFY(label("runSpeed").isEmpty());
    }

    void whatLiesUnderTheFrostLineIsKeptAndSaidSo()
    {
        write(QByteArray(kRecipe).replace("\"epochs\": 20000", "\"epochs\": 3"));
        load();
        toggleLayer(QStringLiteral("dense1"), false);
        QTRY_VERIFY_WITH_TIMEOUT(label("keptFeatures").contains(QStringLiteral("none of 60")), kPatience);
        const auto* status = m_window->findChild<QLabel*>(QStringLiteral("runFeatures"));
        QVERIFY(!status->isVisible());
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
        QVERIFY(status->isVisible());
        QVERIFY2(status->text().startsWith(QStringLiteral("100 % kept, ")), qPrintable(status->text()));
        QVERIFY(label("keptFeatures").startsWith(QStringLiteral("Kept: 60 of 60 samples, ")));
        QVERIFY(label("measuredStep").endsWith(QStringLiteral("s")));
        const auto expected = label("expectedStep");
        toggleLayer(QStringLiteral("dense1"), true);
        QCOMPARE(label("measuredStep"), QStringLiteral("–"));
        QVERIFY(label("expectedStep") != expected);
    }

    void aRowOfTheCostsFreezes()
    {
        load();
        auto* view = m_window->findChild<QTableView*>(QStringLiteral("costLines"));
        QTRY_COMPARE_WITH_TIMEOUT(view->model()->rowCount(), 3, kPatience);
        view->setFocus();
        view->setCurrentIndex(view->model()->index(1, 0));
        QTest::keyClick(view, Qt::Key_Return);
        QVERIFY(!settingsOf("dense1").trainable);
        QVERIFY(settingsOf("dense2").trainable);
        parts().layers->undoAction()->trigger();
        QVERIFY(settingsOf("dense1").trainable);
    }

    void howItComputesIsInTheStatus()
    {
        load();
        QCOMPARE(label("runDevice"), QStringLiteral("cpu, 1 thread"));
        auto recipe = parts().controls->recipe();
        recipe.compute.precision = Precision::Bf16;
        parts().controls->setRecipe(recipe);
        Q_EMIT parts().controls->recipeEdited();
        QTRY_COMPARE_WITH_TIMEOUT(label("runDevice"), QStringLiteral("cpu, 1 thread, bf16"), kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
    }

    void aToggleWhileRunningSaysWhen()
    {
        load();
        QTest::keyClick(m_window.get(), Qt::Key_F10);
        QTRY_COMPARE_WITH_TIMEOUT(run()->nextStep(), Step{1}, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Paused, kPatience);
        toggleLayer(QStringLiteral("dense1"), false);
        QCOMPARE(m_window->statusBar()->currentMessage(),
                 QStringLiteral("dense1: frozen – takes effect at step 1"));
    }

    void aLossThatIsNotFinitePausesAndSaysSo()
    {
        write(QByteArray(kRecipe).replace("\"adam\", \"learning_rate\": 0.001",
                                          "\"sgd\", \"weight_decay\": 1000.0, \"learning_rate\": 1000.0"));
        load();
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Paused, kPatience);
        QVERIFY(message().contains(QStringLiteral("not finite")));
        QCOMPARE(messageButton()->text(), QStringLiteral("Resume"));
        QVERIFY(m_window->actions()->startPause->isEnabled());
    }

    void nothingTrainableCannotStart()
    {
        load();
        parts().layers->tree()->setFocus();
        parts().layers->tree()->selectAll();
        QTest::keyClick(parts().layers->tree(), Qt::Key_Space);
        QTRY_VERIFY(totalsOf(parts().layers->table()).trainable == 0);
        QVERIFY(!m_window->actions()->startPause->isEnabled());
        QVERIFY(m_window->actions()->startPause->toolTip().contains(QStringLiteral("trainable")));
        QTest::keyClick(parts().layers->tree(), Qt::Key_Space);
        QTRY_VERIFY(m_window->actions()->startPause->isEnabled());
    }

    void closingWhileTrainingAsks_data()
    {
        QTest::addColumn<QString>("choice");
        QTest::addColumn<int>("sessionsLeft");
        QTest::newRow("keep") << QStringLiteral("closeKeep") << 1;
        QTest::newRow("discard") << QStringLiteral("closeDiscard") << 0;
    }
    void closingWhileTrainingAsks()
    {
        QFETCH(QString, choice);
        QFETCH(int, sessionsLeft);
        load();
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Running, kPatience);
        QVERIFY(!m_window->close());
        auto* box = m_window->findChild<QMessageBox*>();
        QVERIFY(box);
        QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
        QVERIFY(run()->isActive());
        QTRY_VERIFY(!m_window->findChild<QMessageBox*>());
        QVERIFY(!m_window->close());
        QTest::mouseClick(m_window->findChild<QPushButton*>(choice), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->isHidden(), kPatience);
        QCOMPARE(static_cast<int>(SessionStore(sessions().toStdString()).list().size()), sessionsLeft);
        QCOMPARE(m_settings->recentSessions().size(), sessionsLeft);
    }

    void anEndedSessionCanBeDiscarded()
    {
        load();
        QTest::keyClick(m_window.get(), Qt::Key_F10);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Paused, kPatience);
        QTest::keyClick(m_window.get(), Qt::Key_F5, Qt::ShiftModifier);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
        QTest::mouseClick(messageButton(), Qt::LeftButton);
        auto* box = m_window->findChild<QMessageBox*>();
        QVERIFY(box);
        QVERIFY(box->informativeText().contains(QStringLiteral("session.json")));
        QTest::mouseClick(box->findChild<QPushButton*>(QStringLiteral("discardSession")), Qt::LeftButton);
        QTRY_VERIFY(QDir(sessions()).isEmpty());
    }

    void layoutAndRecipeComeBack()
    {
        load();
        auto* log = m_window->findChild<QDockWidget*>(QStringLiteral("logDock"));
        QVERIFY(log->isHidden());
        log->show();
        m_window->close();
        createWindow();
        QVERIFY(!m_window->findChild<QDockWidget*>(QStringLiteral("logDock"))->isHidden());
        m_window->openAtStart(QString());
        QVERIFY(m_window->windowTitle().contains(QStringLiteral("Small and long")));
        m_window->actions()->resetLayout->trigger();
        QVERIFY(m_window->findChild<QDockWidget*>(QStringLiteral("logDock"))->isHidden());
    }

private:
    void moveSliders()
    {
        QSignalSpy applied(run(), &RunController::interventionApplied);
        QTest::keyClick(parts().controls->findChild<LogSlider*>()->slider(), Qt::Key_Right);
        QTRY_COMPARE_WITH_TIMEOUT(applied.count(), 1, kPatience);
        QCOMPARE(applied.first().first().value<Intervention>().change.kind, ChangeKind::LearningRate);
        QTest::keyClick(parts().controls->findChild<SparsitySlider*>()->slider(), Qt::Key_PageUp);
        QTRY_COMPARE_WITH_TIMEOUT(applied.count(), 2, kPatience);
        QCOMPARE(applied.last().first().value<Intervention>().change.kind, ChangeKind::Sparsity);
        QTRY_VERIFY_WITH_TIMEOUT(totalsOf(parts().layers->table()).masked > 0, kPatience);
    }

    void reopenSession(const QString& folder)
    {
        const auto before = parts().layers->table();
        m_window->openSession(folder);
        QTRY_VERIFY_WITH_TIMEOUT(message().contains(QStringLiteral("read only")), kPatience);
        QCOMPARE(m_window->actions()->startPause->text().remove(u'&'), QStringLiteral("Resume"));
        QCOMPARE(parts().layers->table().size(), before.size());
        QTest::mouseClick(messageButton(), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
        QVERIFY(m_window->actions()->startPause->isEnabled());
        QVERIFY(!settingsOf("dense1").trainable);
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
