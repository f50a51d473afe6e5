#include <cmath>
#include <limits>
#include <vector>

#include <QRegularExpression>
#include <QTest>

#include "plots/smoothing.h"

using namespace frostline;

class TestPlotSmoothing : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void weightZeroChangesNothing();
    void halfByHand();
    void ninetyPercentByHand();
    void constantStaysConstant();
    void notANumberLeavesNoTrace();
    void weightIsBounded();
};

void TestPlotSmoothing::weightZeroChangesNothing()
{
    const std::vector<double> values{3.0, -1.0, 7.5};
    QCOMPARE(smoothed(values, 0.0), values);
}

void TestPlotSmoothing::halfByHand()
{
    // means 1, 3, 5.5 over shares 1/2, 3/4, 7/8
    const std::vector<double> result = smoothed(std::vector{2.0, 5.0, 8.0}, 0.5);
    QCOMPARE(result.size(), std::size_t(3));
    QCOMPARE(result[0], 2.0);
    QCOMPARE(result[1], 4.0);
    QCOMPARE(result[2], 6.0 + 2.0 / 7.0);
}

void TestPlotSmoothing::ninetyPercentByHand()
{
    // 0.1 / 0.1, then (0.09 + 0.2) / 0.19
    const std::vector<double> result = smoothed(std::vector{1.0, 2.0}, 0.9);
    QCOMPARE(result[0], 1.0);
    QCOMPARE(result[1], 29.0 / 19.0);
}

void TestPlotSmoothing::constantStaysConstant()
{
    for (const double value : smoothed(std::vector<double>(500, 0.25), 0.99))
        QCOMPARE(value, 0.25);
}

void TestPlotSmoothing::notANumberLeavesNoTrace()
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto with = smoothed(std::vector{2.0, nan, 5.0}, 0.5);
    QCOMPARE(with[0], 2.0);
    QVERIFY(std::isnan(with[1]));
    QCOMPARE(with[2], 4.0);
}

void TestPlotSmoothing::weightIsBounded()
{
    Smoother smoother(1.0);
    QCOMPARE(smoother.next(4.0), 4.0);
    QVERIFY(std::isfinite(smoother.next(5.0)));
}

QTEST_APPLESS_MAIN(TestPlotSmoothing)
#include "tst_plot_smoothing.moc"
