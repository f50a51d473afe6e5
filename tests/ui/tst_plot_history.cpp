#include <limits>
#include <vector>

#include <QRegularExpression>
#include <QTest>

#include "plots/curve_model.h"
#include "plots/metric_history.h"
#include "sample_run.h"

using namespace frostline;

namespace {

EpochRecord epochAt(int epoch, Step step, double accuracy = 0.5)
{
    EpochRecord record;
    record.epoch = epoch;
    record.step = step;
    record.validation = Scores{1.0, accuracy};
    return record;
}

} // namespace

class TestPlotHistory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void appendsAtTheEnd();
    void repeatedStepReplaces();
    void lateStepIsSortedIn();
    void epochAxisFromSetLength();
    void epochAxisLearnsItsLength();
    void epochAxisFollowsUnequalEpochs();
    void timeAxisInterpolates();
    void bestEpochIsTheFirstOfEquals();
    void bestEpochIgnoresNotANumber();
    void bestEpochWithoutAccuracyHasTheLeastLoss();
    void modelMovesPointsWithTheAxis();
    void modelSmoothsLossAndAccuracyOnly();
    void modelFindsTheNearestPoint();
    void modelRevisionTellsMovedFromAdded();
};

void TestPlotHistory::appendsAtTheEnd()
{
    MetricHistory history;
    QVERIFY(history.append(test::samplePoints(10)));
    QVERIFY(history.append(test::samplePoints(5, 10)));
    QCOMPARE(history.points().size(), std::size_t(15));
    QCOMPARE(history.points().back().step, Step(14));
}

void TestPlotHistory::repeatedStepReplaces()
{
    MetricHistory history;
    history.append(test::samplePoints(10));
    MetricPoint again = test::samplePoint(4);
    again.loss = 77.0;
    QVERIFY(!history.append(std::vector{again}));
    QCOMPARE(history.points().size(), std::size_t(10));
    QCOMPARE(history.points()[4].loss, 77.0);
}

void TestPlotHistory::lateStepIsSortedIn()
{
    MetricHistory history;
    history.append(std::vector{test::samplePoint(1), test::samplePoint(5)});
    QVERIFY(!history.append(std::vector{test::samplePoint(3)}));
    QCOMPARE(history.points()[1].step, Step(3));
    QCOMPARE(history.points()[2].step, Step(5));
}

void TestPlotHistory::epochAxisFromSetLength()
{
    MetricHistory history;
    QCOMPARE(history.xOf(25, XAxis::Epochs), 0.0);
    history.setStepsPerEpoch(50);
    QCOMPARE(history.xOf(25, XAxis::Epochs), 0.5);
    QCOMPARE(history.xOf(125, XAxis::Epochs), 2.5);
}

void TestPlotHistory::epochAxisLearnsItsLength()
{
    MetricHistory history;
    history.addEpoch(epochAt(1, 40));
    QCOMPARE(history.xOf(10, XAxis::Epochs), 0.25);
    QCOMPARE(history.xOf(60, XAxis::Epochs), 1.5);
}

void TestPlotHistory::epochAxisFollowsUnequalEpochs()
{
    MetricHistory history;
    history.addEpoch(epochAt(1, 40));
    history.addEpoch(epochAt(2, 60));
    QCOMPARE(history.xOf(20, XAxis::Epochs), 0.5);
    QCOMPARE(history.xOf(50, XAxis::Epochs), 1.5);
    QCOMPARE(history.xOf(70, XAxis::Epochs), 2.5);
}

void TestPlotHistory::timeAxisInterpolates()
{
    MetricHistory history;
    MetricPoint first;
    first.step = 10;
    first.seconds = 2.0;
    MetricPoint second;
    second.step = 20;
    second.seconds = 6.0;
    history.append(std::vector{first, second});
    QCOMPARE(history.xOf(10, XAxis::Time), 2.0);
    QCOMPARE(history.xOf(15, XAxis::Time), 4.0);
    QCOMPARE(history.xOf(0, XAxis::Time), 2.0);
    QCOMPARE(history.xOf(99, XAxis::Time), 6.0);
}

void TestPlotHistory::bestEpochIsTheFirstOfEquals()
{
    MetricHistory history;
    QVERIFY(!history.bestEpoch());
    history.addEpoch(epochAt(1, 50, 0.4));
    history.addEpoch(epochAt(2, 100, 0.8));
    history.addEpoch(epochAt(3, 150, 0.8));
    QCOMPARE(history.bestEpoch(), std::optional<std::size_t>(1));
}

void TestPlotHistory::bestEpochIgnoresNotANumber()
{
    MetricHistory history;
    history.addEpoch(epochAt(1, 50, std::numeric_limits<double>::quiet_NaN()));
    QVERIFY(!history.bestEpoch());
    history.addEpoch(epochAt(2, 100, 0.1));
    QCOMPARE(history.bestEpoch(), std::optional<std::size_t>(1));
}

void TestPlotHistory::bestEpochWithoutAccuracyHasTheLeastLoss()
{
    MetricHistory history;
    const double losses[] = {0.9, 0.4, 0.4, 0.7};
    for (int i = 0; i < 4; ++i) {
        auto record = epochAt(i + 1, 10 * (i + 1), kNoFigure);
        record.validation->loss = losses[i];
        record.validation->mae = 1.0 - 0.1 * i; // It may well go another way.
        history.addEpoch(record);
    }
    QCOMPARE(history.bestEpoch(), std::optional<std::size_t>(1));
}

void TestPlotHistory::modelMovesPointsWithTheAxis()
{
    CurveModel model;
    model.append(test::samplePoints(100));
    model.setStepsPerEpoch(50);
    QCOMPARE(model.x()[75], 75.0);
    model.setAxis(XAxis::Epochs);
    QCOMPARE(model.x()[75], 1.5);
    model.setAxis(XAxis::Time);
    QCOMPARE(model.x()[75], 38.0);
}

void TestPlotHistory::modelSmoothsLossAndAccuracyOnly()
{
    CurveModel model;
    model.append(test::samplePoints(20));
    QVERIFY(model.smooth(Metric::Loss).empty());
    model.setSmoothing(0.5);
    model.append(test::samplePoints(20, 20));
    const auto all = smoothed(model.raw(Metric::Loss).values(), 0.5);
    QCOMPARE(model.smooth(Metric::Loss).size(), std::size_t(40));
    for (std::size_t i = 0; i < all.size(); ++i)
        QCOMPARE(model.smooth(Metric::Loss)[i], all[i]);
    QCOMPARE(model.smooth(Metric::Accuracy).size(), std::size_t(40));
    QVERIFY(model.smooth(Metric::LearningRate).empty());
    QVERIFY(model.smooth(Metric::Sparsity).empty());
}

void TestPlotHistory::modelFindsTheNearestPoint()
{
    CurveModel model;
    model.append(test::samplePoints(10));
    QCOMPARE(model.nearest(-5.0), std::size_t(0));
    QCOMPARE(model.nearest(3.4), std::size_t(3));
    QCOMPARE(model.nearest(3.6), std::size_t(4));
    QCOMPARE(model.nearest(50.0), std::size_t(9));
}

void TestPlotHistory::modelRevisionTellsMovedFromAdded()
{
    CurveModel model;
    const int start = model.revision();
    model.append(test::samplePoints(10));
    model.addEpoch(epochAt(1, 10));
    QCOMPARE(model.revision(), start);
    model.setAxis(XAxis::Epochs);
    const int onEpochs = model.revision();
    QVERIFY(onEpochs != start);
    model.append(test::samplePoints(10, 10));
    model.addEpoch(epochAt(2, 20));
    QCOMPARE(model.revision(), onEpochs);
    model.addEpoch(epochAt(2, 30));
    QVERIFY(model.revision() != onEpochs);
}

QTEST_APPLESS_MAIN(TestPlotHistory)
#include "tst_plot_history.moc"
