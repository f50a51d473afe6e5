// The Plan page in the window: what is edited there is what runs, and what a phase does is seen everywhere.

#include <algorithm>
#include <cmath>

#include <QAbstractItemView>
#include <QCompleter>
#include <QFileDialog>
#include <QLineEdit>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "controls/checked_edit.h"
#include "controls/log_slider.h"
#include "plan/pattern_edit.h"
#include "plan/plan_model.h"
#include "plan/plan_page.h"
#include "plan/plan_preview.h"
#include "plan/plan_table.h"
#include "plots/live_page.h"
#include "plots/metric_plot.h"
#include "timeline/timeline_panel.h"
#include "window_case.h"

using namespace frostline;
using test::kPatience;
using test::kRecipe;
using State = RunController::State;

namespace {

const QByteArray kPhases = R"("phases": [{"name": "top", "epochs": 2, "trainable": ["head"]},
{"name": "all", "epochs": 3, "trainable": ["*"], "learning_rate": 1e-4, "schedule": {"kind": "cosine"}}])";

QByteArray phased()
{
    return QByteArray(kRecipe).replace("\"epochs\": 20000", kPhases);
}

QString phasesText(const Recipe& recipe)
{
    return QString::fromStdString(toJson(recipe)["phases"].dump());
}

} // namespace

class TestPlanWindow : public test::WindowCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (!QDir(QStringLiteral("/usr/share/datasets/fashion-mnist")).exists())
            QSKIP("dataset-fashion-mnist is not installed");
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    }
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void phasesAreEditedAndStartedFromTheTable()
    {
        load();
        showPlan();
        QTest::mouseClick(page().findChild<QToolButton*>(QStringLiteral("plan-add-button")), Qt::LeftButton);
        QCOMPARE(epochs()->isEnabled(), false);
        QVERIFY2(epochs()->toolTip().contains(QStringLiteral("Plan")), qPrintable(epochs()->toolTip()));
        QCOMPARE(epochs()->value(), 20001);
        type(1, PlanModel::TrainableColumn, "nowhere");
        auto* start = m_window->actions()->startPause;
        QVERIFY(!start->isEnabled());
        QVERIFY2(start->toolTip().contains(QStringLiteral("nowhere")), qPrintable(start->toolTip()));
        type(1, PlanModel::TrainableColumn, "head, dense2");
        QVERIFY(start->isEnabled());
        // A tick in the tree is how the first phase begins, and the rate is the slider's.
        toggleLayer(QStringLiteral("dense1"), false);
        QCOMPARE(text(0, PlanModel::TrainableColumn), QStringLiteral("as ticked: last 2 stages"));
        type(0, PlanModel::RateColumn, "0.02");
        QCOMPARE(parts().controls->findChild<LogSlider*>()->value(), 0.02);
        type(0, PlanModel::TrainableColumn, "head");
        QVERIFY(!settingsOf("dense2").trainable);
        QVERIFY(settingsOf("head").trainable);
    }

    void aPlanSurvivesOtherEditsSavingAndOpening()
    {
        write(phased());
        load();
        auto wanted = page().recipe();
        QCOMPARE(wanted.phases.size(), std::size_t(2));
        toggleLayer(QStringLiteral("dense2"), true);
        auto* slider = parts().controls->findChild<LogSlider*>();
        slider->edit()->setText(QStringLiteral("0.003"));
        QTest::keyClick(slider->edit(), Qt::Key_Return);
        showPlan();
        type(0, PlanModel::EpochsColumn, "4");
        wanted.phases[0].epochs = 4;
        QVERIFY(page().recipe().phases == wanted.phases);
        const QString file = m_folder->filePath(QStringLiteral("saved.json"));
        m_window->actions()->saveRecipeAs->trigger();
        auto* dialog = m_window->findChild<QFileDialog*>();
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(file);
        dialog->close();
        m_window->openRecipe(file);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
        // Written, for what is not given is the kind's own.
        QCOMPARE(phasesText(page().recipe()), phasesText(wanted));
        QCOMPARE(page().recipe().epochs, 7);
        QCOMPARE(page().recipe().optimizer.learningRate, 0.003);
        QTRY_VERIFY_WITH_TIMEOUT(settingsOf("dense2").trainable, kPatience);
        QVERIFY(!settingsOf("dense1").trainable);
    }

    void aPhasesBeginningIsSeenEverywhere()
    {
        write(phased());
        load();
        QCOMPARE(page().preview()->course().stepsPerEpoch, Step(5));
        QStringList seen;
        connect(run(), &RunController::interventionApplied, this, [&](const Intervention& made) {
            if (made.change.kind != ChangeKind::Phase)
                return;
            seen << QStringLiteral("%1 %2 %3 %4")
                        .arg(made.step)
                        .arg(label("runPlanPhase"))
                        .arg(parts().controls->findChild<LogSlider*>()->value())
                        .arg(settingsOf("dense1").trainable ? QStringLiteral("+") : QStringLiteral("-"));
        });
        m_window->actions()->startPause->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
        QCOMPARE(seen, (QStringList{QStringLiteral("0 phase 1 of 2: top 0.001 -"),
                                    QStringLiteral("10 phase 2 of 2: all 0.0001 +")}));
        checkMarkers();
        checkRates();
        // The next start begins as this one began.
        QVERIFY(!settingsOf("dense1").trainable);
        QCOMPARE(parts().controls->findChild<LogSlider*>()->value(), 1e-3);
        QVERIFY(page().findChild<QLabel*>(QStringLiteral("planObstacle"))->text().isEmpty());
    }

    void aSavedSessionShowsWhatWasPlanned()
    {
        write(phased());
        load();
        m_window->actions()->startPause->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
        m_window->openSession(run()->sessionFolder());
        QTRY_VERIFY_WITH_TIMEOUT(m_window->windowTitle().contains(QStringLiteral("saved session")),
                                 kPatience);
        QCOMPARE(page().model()->rowCount(), 2);
        QCOMPARE(text(0, PlanModel::TrainableColumn), QStringLiteral("as ticked: head"));
        QCOMPARE(page().preview()->course().steps(), Step(25));
        QVERIFY(!page().model()->flags(page().model()->index(0, 0)).testFlag(Qt::ItemIsEditable));
        // A branch begins with its parent's plan.
        m_window->branchFrom(run()->sessionFolder(), 12);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
        QVERIFY(page()
                    .findChild<QLabel*>(QStringLiteral("planObstacle"))
                    ->text()
                    .contains(QStringLiteral("branch")));
    }

private:
    PlanPage& page() const { return *parts().plan; }
    QString text(int row, int column) const { return page().model()->index(row, column).data().toString(); }
    QSpinBox* epochs() const
    {
        for (auto* box : parts().controls->findChildren<QSpinBox*>()) {
            if (box->accessibleName() == QStringLiteral("Epochs"))
                return box;
        }
        return nullptr;
    }
    void showPlan() { m_window->findChild<QTabWidget*>()->setCurrentWidget(parts().plan); }
    void type(int row, int column, const char* value)
    {
        auto& table = *page().table();
        table.setFocus();
        table.setCurrentIndex(page().model()->index(row, column));
        QTest::keyClick(&table, Qt::Key_F2);
        auto* editor = table.viewport()->findChild<QLineEdit*>();
        QVERIFY(editor);
        editor->selectAll();
        QTest::keyClicks(editor, QLatin1String(value));
        if (auto* patterns = qobject_cast<PatternEdit*>(editor)) {
            patterns->words()->popup()->hide();
            m_window->activateWindow();
        }
        QTest::keyClick(editor, Qt::Key_Return);
        QCoreApplication::processEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }

    /// One for each phase, with what it changed; the Timeline lists all.
    void checkMarkers()
    {
        const auto& made = parts().timeline->track().interventions();
        const auto isPhase = [](const Intervention& each) { return each.change.kind == ChangeKind::Phase; };
        QCOMPARE(std::ranges::count_if(made, isPhase), 2);
        const auto* list = parts().timeline->findChild<QTreeView*>(QStringLiteral("interventions"));
        QCOMPARE(list->model()->rowCount(), static_cast<int>(made.size()));
        QVERIFY(made.size() > 3);
        auto& plot = parts().live->plot();
        const auto second = std::ranges::find_if(made, [&](const auto& each) { return each.step == 10; });
        const int hidden = static_cast<int>(second - made.begin());
        plot.selectMarker(hidden);
        QVERIFY(plot.selectedMarker() > hidden);
        QVERIFY(isPhase(made[static_cast<std::size_t>(plot.selectedMarker())]));
    }

    /// What ran is what was previewed.
    void checkRates()
    {
        const auto& points = parts().live->plot().history().points();
        const auto& planned = page().preview()->course().rates;
        QCOMPARE(points.size(), planned.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            const double difference = std::abs(points[i].learningRate - planned[i].rate);
            QVERIFY(difference <= 1e-12 * planned[i].rate);
        }
        QVERIFY(points.back().learningRate < 1e-4);
    }
};

QTEST_MAIN(TestPlanWindow)
#include "tst_plan_window.moc"
