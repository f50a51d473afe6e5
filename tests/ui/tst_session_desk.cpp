#include <QDockWidget>
#include <QFileDialog>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include "controls/sparsity_slider.h"
#include "plots/live_page.h"
#include "plots/metric_plot.h"
#include "timeline/timeline_panel.h"
#include "timeline/timeline_strip.h"
#include "window/branch_dialog.h"
#include "window/replay_text.h"
#include "window_case.h"

using namespace frostline;
using test::kPatience;
using State = RunController::State;

class TestSessionDesk : public test::WindowCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (!QDir(QStringLiteral("/usr/share/datasets/fashion-mnist")).exists())
            QSKIP("dataset-fashion-mnist is not installed");
    }
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void aSavedSessionShowsItsTimeline()
    {
        const QString folder = recordSession();
        auto* dock = m_window->findChild<QDockWidget*>(QStringLiteral("timelineDock"));
        m_window->openSession(folder);
        QTRY_VERIFY_WITH_TIMEOUT(message().contains(QStringLiteral("read only")), kPatience);
        QVERIFY(!dock->isHidden()); // There is something to see in it for the first time.
        QCOMPARE(parts().timeline->track().interventions().size(), std::size_t(1));
        QCOMPARE(parts().timeline->track().steps(), stepsOf(folder));
        QCOMPARE(otherButtons(), QStringList({QStringLiteral("Resume"), QStringLiteral("Branch…"),
                                              QStringLiteral("Replay")}));
        parts().timeline->findChild<TimelineStrip*>()->setFocus();
        QTest::keyClick(parts().timeline->findChild<TimelineStrip*>(), Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(parts().live->plot().selectedMarker(), 0);
    }

    void aBranchIsDraftedFromAChange()
    {
        const QString folder = recordSession();
        m_window->openSession(folder);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->actions()->branch->isEnabled(), kPatience);
        const Step step = parts().timeline->track().interventions().front().step;
        parts().timeline->select(0);
        QTest::mouseClick(parts().timeline->findChild<QToolButton*>(QStringLiteral("branchBefore")),
                          Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(message().startsWith(QStringLiteral("Branch of “Small and long” at step")),
                                 kPatience);
        QVERIFY(m_window->windowTitle().startsWith(QStringLiteral("From step")));
        // As it was before the change, and the change is not among what is shown.
        QVERIFY(settingsOf("dense1").trainable);
        QVERIFY(parts().timeline->track().interventions().empty());
        QCOMPARE(parts().timeline->track().steps(), step);
        QCOMPARE(static_cast<Step>(parts().live->plot().history().points().size()), step);
        QVERIFY(isLocked("Batch size") && isLocked("Seed"));
        QVERIFY(parts().controls->findChild<QWidget*>(QStringLiteral("branchStep")) == nullptr);
        QVERIFY(!isLocked("Epochs"));
        toggleLayer(QStringLiteral("dense2"), false);
        QTRY_VERIFY(m_window->actions()->startPause->isEnabled());
        QTest::mouseClick(messageButton(), Qt::LeftButton); // Back to its parent.
        QTRY_VERIFY_WITH_TIMEOUT(message().contains(QStringLiteral("read only")), kPatience);
        QCOMPARE(parts().timeline->track().steps(), stepsOf(folder));
    }

    void branchAsksForTheStepWhereNoneIsChosen()
    {
        const QString folder = recordSession();
        m_window->openSession(folder);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->actions()->branch->isEnabled(), kPatience);
        QTest::mouseClick(button(m_window->actions()->branch), Qt::LeftButton);
        QTRY_VERIFY(m_window->findChild<BranchDialog*>());
        auto* dialog = m_window->findChild<BranchDialog*>();
        auto* box = dialog->findChild<QSpinBox*>(QStringLiteral("branchStep"));
        QCOMPARE(box->maximum(), static_cast<int>(stepsOf(folder)));
        QVERIFY(box->value() > 0); // The best epoch's end.
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!m_window->findChild<BranchDialog*>());
        QVERIFY(message().contains(QStringLiteral("read only"))); // Nothing has happened.

        QTest::mouseClick(button(m_window->actions()->branch), Qt::LeftButton);
        QTRY_VERIFY(m_window->findChild<BranchDialog*>());
        dialog = m_window->findChild<BranchDialog*>();
        dialog->findChild<QSpinBox*>(QStringLiteral("branchStep"))->setValue(3);
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(message().startsWith(QStringLiteral("Branch of “Small and long” at step 3")),
                                 kPatience);
    }

    void aRunIsStoppedToBranchFromIt()
    {
        load();
        QVERIFY(!m_window->actions()->branch->isEnabled());
        QVERIFY(m_window->actions()->branch->toolTip().contains(QStringLiteral("start a run")));
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_VERIFY_WITH_TIMEOUT(run()->nextStep() > 10, kPatience);
        QTRY_VERIFY(m_window->actions()->branch->isEnabled());
        Q_EMIT parts().live->branchRequested(7);
        auto* box = m_window->findChild<QMessageBox*>();
        QVERIFY(box);
        QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
        QTRY_VERIFY(!m_window->findChild<QMessageBox*>());
        QVERIFY(run()->isActive());
        Q_EMIT parts().live->branchRequested(7);
        QTest::mouseClick(m_window->findChild<QPushButton*>(QStringLiteral("stopForBranch")), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(message().startsWith(QStringLiteral("Branch of “Small and long” at step 7")),
                                 kPatience);
        QCOMPARE(parts().timeline->track().steps(), Step{7});
        QCOMPARE(SessionStore(sessions().toStdString()).list().size(), std::size_t(1));
    }

    void aSessionThatCannotBeResumedIsShownAgain()
    {
        const QString folder = recordSession();
        // Without its images the run never comes to its first step.
        QFile file(QDir(folder).filePath(QStringLiteral("session.json")));
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QByteArray content = file.readAll().replace("dataset:fashion-mnist", "dataset:none-such");
        file.resize(0);
        file.write(content);
        file.close();
        m_window->resumeSession(folder);
        QTRY_VERIFY_WITH_TIMEOUT(message().contains(QStringLiteral("none-such")), kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(!run()->isActive(), kPatience);
        QVERIFY(m_window->windowTitle().contains(QStringLiteral("saved session")));
        QCOMPARE(m_window->actions()->startPause->text().remove(u'&'), QStringLiteral("Resume"));
        QCOMPARE(parts().timeline->track().steps(), stepsOf(folder));
    }

    void aSessionIsResumedInItsFolder()
    {
        const QString folder = recordSession();
        const Step before = stepsOf(folder);
        m_window->openSession(folder);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->actions()->resumeSession->isEnabled(), kPatience);
        QTest::mouseClick(button(m_window->actions()->startPause), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Running, kPatience);
        QCOMPARE(QDir(run()->sessionFolder()), QDir(folder));
        QTRY_VERIFY_WITH_TIMEOUT(run()->nextStep() > before + 20, kPatience);
        QVERIFY(!settingsOf("dense1").trainable);
        m_window->actions()->stop->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
        const auto& points = parts().live->plot().history().points();
        QCOMPARE(points.front().step, Step{0});
        QCOMPARE(static_cast<Step>(points.size()), points.back().step + 1);
        QCOMPARE(stepsOf(folder), points.back().step + 1);
        QCOMPARE(parts().timeline->track().interventions().size(), std::size_t(1));
        QCOMPARE(SessionStore(sessions().toStdString()).list().size(), std::size_t(1));
    }

    void aBranchBecomesASessionOfItsOwn()
    {
        const QString folder = recordSession();
        const auto parent = SessionStore::load(folder.toStdString());
        QVERIFY(parent.has_value());
        m_window->branchFrom(folder, 5);
        QTRY_VERIFY_WITH_TIMEOUT(message().startsWith(QStringLiteral("Branch of “Small")), kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
        toggleLayer(QStringLiteral("dense2"), false);
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_VERIFY_WITH_TIMEOUT(run()->nextStep() > 20, kPatience);
        m_window->actions()->stop->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
        const auto branch = SessionStore::load(run()->sessionFolder().toStdString());
        QVERIFY(branch.has_value());
        QVERIFY(branch->parent == (SessionParent{parent->id, 5}));
        for (std::size_t i = 0; i < 5; ++i)
            QCOMPARE(branch->steps[i].loss, parent->steps[i].loss);
        QVERIFY(!settingsOf("dense2").trainable);
        const auto& spans = parts().timeline->track().layers()[1].spans;
        QCOMPARE(spans.front().to, Step{5});
        QCOMPARE(spans.back().state, FreezeState::Frozen);
        QCOMPARE(otherButtons(), QStringList({QStringLiteral("Compare with its parent")}));
        QVERIFY(!isLocked("Batch size"));
    }

    void aReplayIsIdenticalToTheBit()
    {
        const QString folder = recordSession();
        m_window->openSession(folder);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->actions()->replay->isEnabled(), kPatience);
        m_window->actions()->replay->trigger();
        QCOMPARE(run()->state(), State::Replaying);
        QVERIFY(!m_window->actions()->startPause->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(message().startsWith(QStringLiteral("Identical to the bit: ")), kPatience);
        const auto steps = QLocale().toString(static_cast<qlonglong>(stepsOf(folder)));
        QVERIFY2(message().contains(QStringLiteral(" %1 steps").arg(steps)), qPrintable(message()));
        QVERIFY(run()->state() != State::Replaying);
        QVERIFY(m_window->actions()->startPause->isEnabled());
    }

    void aRunDrivenByHandIsReplayedToTheBit()
    {
        load();
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QTRY_VERIFY_WITH_TIMEOUT(run()->nextStep() > 10, kPatience);
        auto* sparsity = parts().controls->findChild<SparsitySlider*>()->slider();
        for (int round = 0; round < 4; ++round) {
            toggleLayer(QStringLiteral("dense1"), false);
            QTest::keyClick(sparsity, Qt::Key_PageUp);
            const Step before = run()->nextStep();
            QTRY_VERIFY_WITH_TIMEOUT(run()->nextStep() > before + 3, kPatience);
            QTest::mouseClick(button(m_window->actions()->startPause), Qt::LeftButton);
            QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Paused, kPatience);
            toggleLayer(QStringLiteral("dense1"), true);
            QTest::mouseClick(button(m_window->actions()->startPause), Qt::LeftButton);
            QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Running, kPatience);
        }
        m_window->actions()->stop->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
        const QString folder = run()->sessionFolder();
        const auto session = SessionStore::load(folder.toStdString());
        QVERIFY2(session->interventions.size() >= 8,
                 qPrintable(QString::number(session->interventions.size())));
        m_window->openSession(folder);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->actions()->replay->isEnabled(), kPatience);
        m_window->actions()->replay->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(message().startsWith(QStringLiteral("Identical to the bit: ")), kPatience);
    }

    void weightsAreExportedWhereThereAreSome()
    {
        load();
        QVERIFY(!m_window->actions()->exportWeights->isEnabled());
        recordSession();
        QVERIFY(m_window->actions()->exportWeights->isEnabled());
        for (const auto* name : {"small.safetensors", "small.pth"}) {
            m_window->actions()->exportWeights->trigger();
            auto* dialog = m_window->findChild<QFileDialog*>();
            QVERIFY(dialog);
            QCOMPARE(QFileInfo(dialog->selectedFiles().value(0)).fileName(),
                     QStringLiteral("small.safetensors"));
            const QString file = m_folder->filePath(QLatin1String(name));
            Q_EMIT dialog->fileSelected(file);
            dialog->close();
            QTRY_COMPARE_WITH_TIMEOUT(message(), QStringLiteral("Wrote %1").arg(file), kPatience);
            QVERIFY(QFileInfo(file).size() > 784 * 16 * 4);
            QTRY_VERIFY(!m_window->findChild<QFileDialog*>());
        }
    }

    void weightsWithoutAPlaceToGoAreAnError()
    {
        recordSession();
        m_window->actions()->exportWeights->trigger();
        auto* dialog = m_window->findChild<QFileDialog*>();
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(m_folder->filePath(QStringLiteral("none/such.pth")));
        QTRY_VERIFY_WITH_TIMEOUT(message().contains(QStringLiteral("none/such.pth")), kPatience);
    }

    void openingARecipeEndsAReplay()
    {
        const QString folder = recordSession();
        m_window->openSession(folder);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->actions()->replay->isEnabled(), kPatience);
        m_window->actions()->replay->trigger();
        m_window->openRecipe(recipeFile());
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
        QVERIFY2(!message().contains(QStringLiteral("dentical")), qPrintable(message()));
    }

    void whatRunsFromTheStartAfterABranchHasNoParent()
    {
        const QString folder = recordSession();
        m_window->branchFrom(folder, 5);
        QTRY_VERIFY_WITH_TIMEOUT(message().startsWith(QStringLiteral("Branch of “Small")), kPatience);
        m_window->openRecipe(recipeFile());
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
        QTest::keyClick(m_window.get(), Qt::Key_F10);
        QTRY_COMPARE_WITH_TIMEOUT(run()->nextStep(), Step{1}, kPatience);
        m_window->actions()->stop->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
        const auto session = SessionStore::load(run()->sessionFolder().toStdString());
        QVERIFY(session.has_value() && !session->parent);
        QCOMPARE(session->steps.size(), std::size_t(1));
    }

    void aReplayInWords_data()
    {
        QTest::addColumn<ReplayReport>("report");
        QTest::addColumn<QString>("text");
        ReplayReport report{
            .steps = 750, .epochs = 15, .checkpoints = 2, .difference = {}, .environment = {}};
        QTest::newRow("identical") << report
                                   << QStringLiteral(
                                          "Identical to the bit: 750 steps, 15 epochs, 2 checkpoints");
        report.stopped = true;
        QTest::newRow("given up")
            << report
            << QStringLiteral("The replay was given up after 750 steps; up to there nothing differs.");
        report.stopped = false;
        report.difference = ReplayDifference{
            .step = 120, .what = "training loss", .recorded = 0.5, .replayed = 0.25, .layer = {}};
        report.environment = {"It ran with 2 threads then, and with 1 now."};
        QTest::newRow("loss") << report
                              << QStringLiteral(
                                     "Differs first at step 120: training loss was 0.5 and is 0.25. It "
                                     "ran with 2 threads then, and with 1 now.");
        report.environment.clear();
        report.difference = ReplayDifference{.step = 750, .what = "weights", .layer = "fc", .layerStep = 750};
        report.difference->largestDifference = 0.125;
        QTest::newRow("weights") << report
                                 << QStringLiteral("Differs: the weights at step 750 are not those recorded "
                                                   "(first in fc, by at most 0.125).");
    }
    void aReplayInWords()
    {
        QFETCH(ReplayReport, report);
        QFETCH(QString, text);
        QCOMPARE(describe(report), text);
    }

private:
    /// A session of some twenty steps in which `dense1` was frozen by hand; its folder.
    QString recordSession()
    {
        load();
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        [this] { QTRY_VERIFY_WITH_TIMEOUT(run()->nextStep() > 10, kPatience); }();
        toggleLayer(QStringLiteral("dense1"), false);
        const Step at = run()->nextStep();
        [this, at] { QTRY_VERIFY_WITH_TIMEOUT(run()->nextStep() > at + 10, kPatience); }();
        m_window->actions()->stop->trigger();
        [this] { QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience); }();
        return run()->sessionFolder();
    }

    Step stepsOf(const QString& folder) const
    {
        const auto session = SessionStore::load(folder.toStdString());
        return session ? static_cast<Step>(session->steps.size()) : -1;
    }

    QStringList otherButtons() const
    {
        QStringList texts;
        for (const auto* each : m_window->findChildren<QPushButton*>(QStringLiteral("messageOther")))
            texts << each->text();
        return texts;
    }

    /// Whether the field of this name is disabled and says that it is because of the branch.
    bool isLocked(const char* name) const
    {
        for (const auto* widget : parts().controls->findChildren<QWidget*>()) {
            if (widget->accessibleName() == QLatin1String(name))
                return !widget->isEnabled() && widget->toolTip().contains(QStringLiteral("parent"));
        }
        return false;
    }
};

QTEST_MAIN(TestSessionDesk)
#include "tst_session_desk.moc"
