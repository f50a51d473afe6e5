#include <algorithm>
#include <limits>
#include <vector>

#include <QRegularExpression>
#include <QTest>

#include "plots/envelope.h"
#include "sample_run.h"

using namespace frostline;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

CurveData curveOf(const std::vector<double>& values)
{
    CurveData curve;
    for (const double value : values)
        curve.append(value);
    return curve;
}

std::vector<double> steps(std::size_t count)
{
    std::vector<double> x(count);
    for (std::size_t i = 0; i < count; ++i)
        x[i] = static_cast<double>(i);
    return x;
}

std::vector<double> noisy(std::size_t count)
{
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i)
        values[i] = test::noise(static_cast<std::int64_t>(i));
    return values;
}

} // namespace

class TestPlotEnvelope : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void extremesEqualThoseOfAScan_data();
    void extremesEqualThoseOfAScan();
    void notFiniteIsNeverAnExtreme();
    void nothingFiniteHasNoExtremes();
    void fewPointsAreAllKept();
    void everyColumnKeepsItsExtremes();
    void oneSpikeAmongAMillionIsKept();
    void onlyWhatIsInViewIsPicked();
    void gapsStay();
};

void TestPlotEnvelope::extremesEqualThoseOfAScan_data()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");
    QTest::newRow("all") << 0 << 2000;
    QTest::newRow("inside one block") << 10 << 20;
    QTest::newRow("whole blocks") << 64 << 1024;
    QTest::newRow("ragged ends") << 63 << 1025;
    QTest::newRow("one") << 700 << 701;
    QTest::newRow("growing block") << 1900 << 2000;
}

void TestPlotEnvelope::extremesEqualThoseOfAScan()
{
    QFETCH(int, first);
    QFETCH(int, last);
    const auto values = noisy(2000);
    const auto found =
        curveOf(values).extremes(static_cast<std::size_t>(first), static_cast<std::size_t>(last));
    QVERIFY(found);
    const auto [smallest, largest] = std::minmax_element(values.begin() + first, values.begin() + last);
    QCOMPARE(values[found->smallest], *smallest);
    QCOMPARE(values[found->largest], *largest);
}

void TestPlotEnvelope::notFiniteIsNeverAnExtreme()
{
    const double infinity = std::numeric_limits<double>::infinity();
    const auto found = curveOf({kNan, 3.0, infinity, 1.0, -infinity}).extremes(0, 5);
    QVERIFY(found);
    QCOMPARE(found->smallest, std::size_t(3));
    QCOMPARE(found->largest, std::size_t(1));
}

void TestPlotEnvelope::nothingFiniteHasNoExtremes()
{
    const CurveData curve = curveOf(std::vector<double>(600, kNan));
    QVERIFY(!curve.extremes(0, 600));
    QVERIFY(!curve.extremes(5, 5));
}

void TestPlotEnvelope::fewPointsAreAllKept()
{
    const auto picked = envelope(steps(5), curveOf({1.0, 2.0, 0.0, 5.0, 4.0}), 0.0, 4.0, 100);
    QCOMPARE(picked, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

void TestPlotEnvelope::everyColumnKeepsItsExtremes()
{
    constexpr std::size_t count = 100'000;
    constexpr int columns = 80;
    const auto values = noisy(count);
    const auto picked = envelope(steps(count), curveOf(values), 0.0, count, columns);
    QVERIFY(std::ranges::is_sorted(picked));
    QVERIFY(picked.size() <= 4 * columns);
    for (std::size_t begin = 0; begin < count; begin += count / columns) {
        const auto end = begin + count / columns;
        double smallest = 2.0;
        double largest = -2.0;
        for (const std::size_t i : picked) {
            if (i < begin || i >= end)
                continue;
            smallest = std::min(smallest, values[i]);
            largest = std::max(largest, values[i]);
        }
        const auto all = std::minmax_element(values.begin() + static_cast<std::ptrdiff_t>(begin),
                                             values.begin() + static_cast<std::ptrdiff_t>(end));
        QCOMPARE(smallest, *all.first);
        QCOMPARE(largest, *all.second);
    }
}

void TestPlotEnvelope::oneSpikeAmongAMillionIsKept()
{
    std::vector<double> values(1'000'000, 0.5);
    values[654'321] = 9.0;
    values[123'456] = -9.0;
    const auto picked = envelope(steps(values.size()), curveOf(values), 0.0, 1e6, 700);
    QVERIFY(std::ranges::binary_search(picked, std::size_t(654'321)));
    QVERIFY(std::ranges::binary_search(picked, std::size_t(123'456)));
    QCOMPARE(picked.front(), std::size_t(0));
    QCOMPARE(picked.back(), values.size() - 1);
}

void TestPlotEnvelope::onlyWhatIsInViewIsPicked()
{
    const auto picked = envelope(steps(1000), curveOf(noisy(1000)), 400.5, 410.5, 50);
    // one more on each side, so that the line runs to the edges
    QCOMPARE(picked.front(), std::size_t(400));
    QCOMPARE(picked.back(), std::size_t(411));
    QCOMPARE(picked.size(), std::size_t(12));
}

void TestPlotEnvelope::gapsStay()
{
    std::vector<double> values(1000, 1.0);
    std::fill(values.begin() + 500, values.begin() + 600, kNan);
    const CurveData curve = curveOf(values);
    const auto picked = envelope(steps(1000), curve, 0.0, 1000.0, 10);
    QVERIFY(std::ranges::any_of(picked, [&](std::size_t i) { return std::isnan(curve[i]); }));
}

QTEST_APPLESS_MAIN(TestPlotEnvelope)
#include "tst_plot_envelope.moc"
