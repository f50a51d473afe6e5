#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTabWidget>
#include <QTest>

#include "range/range_page.h"
#include "range/range_plot.h"
#include "window_case.h"

using namespace frostline;
using namespace frostline::test;
using State = RunController::State;

namespace {

/// A curve that falls and rises; every method finds a rate in it but the last.
RangeTest madeTest()
{
    RangeTest test;
    test.options = {1e-6, 1.0, 60};
    RangeCourse course(test.options);
    while (!course.isOver()) {
        const double place = course.steps() / 59.0;
        course.add(2.3 - 1.5 * place + (place > 0.8 ? 40.0 * (place - 0.8) : 0.0));
    }
    test = std::move(course).finish();
    test.suggestions[3].rate.reset();
    test.suggestions[3].absence = "the curve is too short";
    return test;
}

} // namespace

class TestRangePage : public WindowCase {
    Q_OBJECT

private:
    template <class Widget>
    Widget* find(const char* name) const
    {
        return parts().range->findChild<Widget*>(QLatin1String(name));
    }
    QPushButton* runButton() const { return find<QPushButton>("runRangeTest"); }
    void click(QWidget* widget) const { QTest::mouseClick(widget, Qt::LeftButton); }

    void openPage() const
    {
        auto* pages = m_window->findChild<QTabWidget*>();
        const int page = pages->indexOf(parts().range);
        QTest::mouseClick(pages->tabBar(), Qt::LeftButton, {}, pages->tabBar()->tabRect(page).center());
        QVERIFY(runButton()->isVisible());
    }
    void type(const char* field, const QString& text) const
    {
        auto* edit = find<QLineEdit>(field);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    void setSteps(int steps) const
    {
        auto* box = find<QSpinBox>("rangeSteps");
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, QString::number(steps));
        QTest::keyClick(box, Qt::Key_Return);
        QCOMPARE(box->value(), steps);
    }
    void runTest() const
    {
        click(runButton());
        QCOMPARE(run()->state(), State::Testing);
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
    }
    double rateInControls() const { return parts().controls->recipe().optimizer.learningRate; }

private Q_SLOTS:
    void initTestCase()
    {
        if (!QDir(QStringLiteral("/usr/share/datasets/fashion-mnist")).exists())
            QSKIP("dataset-fashion-mnist is not installed");
    }
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void testsTheDraftAndSetsTheRateByAClick()
    {
        load();
        openPage();
        QVERIFY(!find<QPushButton>("use-valley")->isEnabled());
        type("rangeStart", QStringLiteral("1e-5"));
        type("rangeEnd", QStringLiteral("2"));
        setSteps(80);
        runTest();
        const auto& points = parts().range->plot()->points();
        QVERIFY(points.size() > 30);
        QCOMPARE(points.front().rate, 1e-5);
        const auto outcome = find<QLabel>("rangeOutcome")->text();
        QVERIFY(outcome.contains(QStringLiteral("session are as they were")));
        QVERIFY(QDir(sessions()).isEmpty());
        auto* use = find<QPushButton>("use-valley");
        QVERIFY(use->isEnabled());
        QVERIFY(!parts().range->plot()->positionOf(RateMethod::Valley).isNull());
        const auto before = rateInControls();
        QSignalSpy edited(parts().controls, &ControlsPanel::recipeEdited);
        click(use);
        QCOMPARE(edited.count(), 1);
        QVERIFY(rateInControls() != before);
        const auto shown = use->text().section(QLatin1Char(' '), 1, 1);
        QCOMPARE(shown.toDouble(), rateInControls());
        // The rate is no part of what was tested.
        QVERIFY(!find<QLabel>("rangeOutdated")->isVisible());
        toggleLayer(QStringLiteral("dense1"), false);
        QVERIFY(find<QLabel>("rangeOutdated")->isVisible());
        toggleLayer(QStringLiteral("dense1"), true);
        QVERIFY(!find<QLabel>("rangeOutdated")->isVisible());
    }
    void theSameTestTwiceGivesTheSameCurve()
    {
        load();
        openPage();
        setSteps(20);
        runTest();
        const auto first = parts().range->plot()->points();
        runTest();
        QCOMPARE(parts().range->plot()->points(), first);
    }
    void stopsWhenAskedTo()
    {
        load();
        openPage();
        type("rangeEnd", QStringLiteral("1e-6"));
        setSteps(100'000);
        click(runButton());
        QTRY_VERIFY_WITH_TIMEOUT(parts().range->plot()->points().size() > 3, kPatience);
        QVERIFY(!find<QSpinBox>("rangeSteps")->isEnabled());
        QVERIFY(runButton()->text().contains(QStringLiteral("Stop")));
        click(runButton());
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
        QVERIFY(find<QLabel>("rangeOutcome")->text().startsWith(QStringLiteral("Stopped at a rate of")));
        QVERIFY(parts().range->plot()->points().size() < 100'000);
        QVERIFY(find<QSpinBox>("rangeSteps")->isEnabled());
    }
    void aRunKeepsItFromStartingAndTakesItsRates()
    {
        load();
        parts().range->showTest(madeTest());
        openPage();
        click(button(m_window->actions()->startPause));
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Running, kPatience);
        QVERIFY(!runButton()->isEnabled());
        QVERIFY(runButton()->toolTip().contains(QStringLiteral("stop it first")));
        QSignalSpy applied(run(), &RunController::interventionApplied);
        openPage();
        click(find<QPushButton>("use-minimum"));
        QTRY_COMPARE_WITH_TIMEOUT(applied.count(), 1, kPatience);
        const auto change = applied.first().first().value<Intervention>().change;
        QCOMPARE(change.kind, ChangeKind::LearningRate);
        QCOMPARE(std::get<double>(change.value), rateInControls());
        run()->stop();
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
        QVERIFY(runButton()->isEnabled());
    }
    void startingARunEndsTheTest()
    {
        load();
        openPage();
        type("rangeEnd", QStringLiteral("1e-6"));
        setSteps(100'000);
        click(runButton());
        QCOMPARE(run()->state(), State::Testing);
        click(button(m_window->actions()->startPause));
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Running, kPatience);
        QVERIFY(!parts().range->isRunning());
        QVERIFY(find<QLabel>("rangeOutcome")->text().startsWith(QStringLiteral("Given up")));
        run()->stop();
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ended, kPatience);
    }
    void saysWhatCannotBe()
    {
        load();
        openPage();
        type("rangeStart", QStringLiteral("1"));
        type("rangeEnd", QStringLiteral("0.1"));
        click(runButton());
        QCOMPARE(run()->state(), State::Ready);
        QVERIFY(message().contains(QStringLiteral("lower rate than it ends at")));
        type("rangeEnd", QStringLiteral("much"));
        click(runButton());
        QVERIFY(message().contains(QStringLiteral("“much” cannot be")));
        for (const auto& layer : {"dense1", "dense2", "head"})
            toggleLayer(QLatin1String(layer), false);
        QVERIFY(!runButton()->isEnabled());
        QVERIFY(runButton()->toolTip().contains(QStringLiteral("Nothing is trainable")));
    }
    void whatIsNotSuggestedSaysWhy()
    {
        openPage();
        parts().range->showTest(madeTest());
        auto* steep = find<QPushButton>("use-steep");
        QVERIFY(!steep->isEnabled());
        QVERIFY(steep->toolTip().contains(QStringLiteral("too short")));
        QVERIFY(parts().range->plot()->positionOf(RateMethod::Steep).isNull());
        QSignalSpy chosen(parts().range, &RangePage::rateChosen);
        auto* slide = find<QPushButton>("use-slide");
        slide->setFocus();
        QTest::keyClick(slide, Qt::Key_Space);
        QCOMPARE(chosen.count(), 1);
    }
    void anotherRecipeClearsThePage()
    {
        load();
        parts().range->showTest(madeTest());
        QVERIFY(!parts().range->plot()->points().empty());
        m_window->openRecipe(recipeFile());
        QVERIFY(parts().range->plot()->points().empty());
        QVERIFY(!find<QPushButton>("use-valley")->isEnabled());
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), State::Ready, kPatience);
    }
    void writesPicturesAndNumbers()
    {
        auto* page = parts().range;
        page->showTest(madeTest());
        for (const auto* name : {"curve.png", "curve.svg", "curve.pdf", "curve.csv"}) {
            const auto file = m_folder->filePath(QLatin1String(name));
            QCOMPARE(page->exportTo(file), QString());
            QVERIFY(QFileInfo(file).size() > 100);
        }
        QVERIFY(!page->exportTo(m_folder->filePath(QStringLiteral("curve.txt"))).isEmpty());
        QVERIFY(!page->exportTo(QStringLiteral("/nowhere/curve.csv")).isEmpty());
    }
};

QTEST_MAIN(TestRangePage)
#include "tst_range_page.moc"
