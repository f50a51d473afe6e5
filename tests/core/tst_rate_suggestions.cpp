#include <QTest>

#include <cmath>
#include <numeric>

#include "training/range_test.h"

using namespace frostline;

namespace {

constexpr int kSteps = 40;
constexpr std::size_t kFirst = 4; ///< Of the points that are looked at; the last five are not.
constexpr std::size_t kLooked = 31;

double rateOf(std::size_t looked)
{
    return std::pow(10.0, -6.0 + 0.1 * static_cast<double>(looked + kFirst));
}

/// Points whose smoothed losses are these where they are looked at, and `outside` elsewhere.
std::vector<RangePoint> curve(const std::vector<double>& smoothed, double outside = 2.0)
{
    std::vector<RangePoint> points;
    for (std::size_t i = 0; i < kFirst + smoothed.size() + 5; ++i) {
        const bool isLooked = i >= kFirst && i - kFirst < smoothed.size();
        points.push_back({std::pow(10.0, -6.0 + 0.1 * static_cast<double>(i)), 0.0,
                          isLooked ? smoothed[i - kFirst] : outside});
    }
    return points;
}

/// Ten points on the level of 2, twelve that fall by 0.1, the sixth of them by 0.3, nine that rise by 0.5.
std::vector<double> fallAndRise()
{
    std::vector<double> losses(10, 2.0);
    for (int i = 1; i <= 12; ++i)
        losses.push_back(losses.back() - (i == 6 ? 0.3 : 0.1));
    for (int i = 0; i < 9; ++i)
        losses.push_back(losses.back() + 0.5);
    return losses;
}

/// Falls by 0.1 up to the 28th, then three rise by 0.5.
std::vector<double> lateRise()
{
    std::vector<double> losses{4.0};
    while (losses.size() < 28)
        losses.push_back(losses.back() - 0.1);
    while (losses.size() < kLooked)
        losses.push_back(losses.back() + 0.5);
    return losses;
}

std::optional<double> rateBy(RateMethod method, const std::vector<RangePoint>& points)
{
    for (const auto& suggestion : suggestRates(points, kSteps)) {
        if (suggestion.method == method)
            return suggestion.rate;
    }
    return {};
}

} // namespace

class TestRateSuggestions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void worksOutAsByHand_data()
    {
        QTest::addColumn<int>("method");
        QTest::addColumn<std::vector<double>>("losses");
        QTest::addColumn<double>("rate");
        const auto row = [](const char* name, RateMethod method, const std::vector<double>& losses,
                            double rate) {
            QTest::newRow(name) << static_cast<int>(method) << losses << rate;
        };
        // The longest fall: one of the level ones and twelve, up to index 21. 21 - 13 + 4 + 2.
        row("valley", RateMethod::Valley, fallAndRise(), rateOf(14));
        row("steep", RateMethod::Steep, fallAndRise(), rateOf(14));
        row("minimum", RateMethod::Minimum, fallAndRise(), rateOf(21) / 10.0);
        // Fifteen steps apart, no two slopes are alike: it slides all the way down.
        row("slide to the end", RateMethod::Slide, fallAndRise(), rateOf(0));
        // At 27 and 12 the slopes are 0.2 and -0.1, at 26 and 11 both are -0.1.
        row("slide", RateMethod::Slide, lateRise(), rateOf(12));
        // All 28 fall: 27 - 28 + 9 + 4.
        row("valley from the first on", RateMethod::Valley, lateRise(), rateOf(12));
        // Two that fall, then only higher ones: 1 - 2 + 0 + 0 is before the first.
        auto brief = std::vector<double>(kLooked, 3.0);
        brief[0] = 2.0;
        brief[1] = 1.0;
        row("valley of two", RateMethod::Valley, brief, rateOf(0));
    }
    void worksOutAsByHand()
    {
        QFETCH(int, method);
        QFETCH(std::vector<double>, losses);
        QFETCH(double, rate);
        QCOMPARE(losses.size(), kLooked);
        const auto found = rateBy(static_cast<RateMethod>(method), curve(losses));
        QVERIFY(found);
        QCOMPARE(*found, rate);
    }
    void theFirstTenthAndTheLastFiveAreNotLookedAt()
    {
        for (const auto method :
             {RateMethod::Valley, RateMethod::Slide, RateMethod::Minimum, RateMethod::Steep}) {
            QCOMPARE(rateBy(method, curve(fallAndRise(), 1e6)), rateBy(method, curve(fallAndRise())));
            QCOMPARE(rateBy(method, curve(fallAndRise(), -1e6)), rateBy(method, curve(fallAndRise())));
        }
    }
    void whatIsTooShortSaysSo()
    {
        const std::vector<double> falling{5.0, 4.0, 3.0, 2.0, 1.0, 0.5, 0.4, 0.3, 0.2, 0.1};
        const auto ten = suggestRates(curve(falling), kSteps);
        QCOMPARE(ten.size(), std::size_t{4});
        for (const auto& suggestion : ten) {
            const bool isSlide = suggestion.method == RateMethod::Slide;
            QCOMPARE(suggestion.rate.has_value(), !isSlide);
            QCOMPARE(suggestion.absence.empty(), !isSlide);
        }
        QVERIFY(ten[1].absence.ends_with("16 are needed, and there are 10"));
        for (const auto& suggestion : suggestRates(curve({2.0, 1.0}), kSteps))
            QVERIFY(!suggestion.rate && suggestion.absence.find("too short") != std::string::npos);
        for (const auto& suggestion : suggestRates({}, kSteps))
            QVERIFY(!suggestion.rate);
    }
    void whatNeverFallsSuggestsNothing()
    {
        std::vector<double> rising(kLooked);
        std::iota(rising.begin(), rising.end(), 1.0);
        for (const auto& losses : {rising, std::vector<double>(kLooked, 1.0)}) {
            for (const auto& suggestion : suggestRates(curve(losses), kSteps))
                QVERIFY(!suggestion.rate && suggestion.absence.find("falls nowhere") != std::string::npos);
        }
    }
    void ratesRiseByTheSameFactorFromStartToEnd()
    {
        RangeCourse course({1e-4, 1.0, 11});
        std::vector<double> rates;
        while (!course.isOver()) {
            rates.push_back(course.rate());
            course.add(1.0);
        }
        QCOMPARE(rates.size(), std::size_t{11});
        QCOMPARE(rates.front(), 1e-4);
        QCOMPARE(rates.back(), 1.0);
        for (std::size_t i = 1; i < rates.size(); ++i)
            QVERIFY(std::abs(rates[i] / rates[i - 1] - std::pow(10.0, 0.4)) < 1e-12);
        const auto test = std::move(course).finish();
        QCOMPARE(test.end, RangeEnd::Completed);
        QCOMPARE(test.endRate, 1.0);
        QCOMPARE(test.suggestions.size(), std::size_t{4});
    }
    void lossesAreSmoothedWithoutTheStartsBias()
    {
        RangeCourse course({1e-4, 1.0, 11});
        QCOMPARE(course.add(2.0).smoothed, 2.0);
        QVERIFY(std::abs(course.add(1.0).smoothed - (0.98 * 2.0 + 1.0) / 1.98) < 1e-12);
        QVERIFY(std::abs(course.add(4.0).smoothed - (0.98 * 0.98 * 2.0 + 0.98 + 4.0) / (0.98 * 0.98 + 1.98)) <
                1e-12);
    }
    void endsWhereTheLossRisesAboveFourTimesItsLeast()
    {
        RangeCourse course({1e-4, 1.0, 11});
        course.add(1.0);
        course.add(1.0);
        QVERIFY(!course.isOver());
        course.add(9.0); // Smoothed 3.7.
        QVERIFY(!course.isOver());
        const auto point = course.add(6.0);
        QVERIFY(point.smoothed > 4.0);
        QVERIFY(course.isOver());
        const auto test = std::move(course).finish();
        QCOMPARE(test.end, RangeEnd::Diverged);
        QCOMPARE(test.endRate, point.rate);
        QCOMPARE(describeEnd(test),
                 std::string("ended at a rate of 0.0016: the smoothed loss rose above 4 times its least"));
    }
    void endsAtWhatIsNoNumberAndWhereItIsStopped()
    {
        RangeCourse failing({1e-4, 1.0, 11});
        failing.add(1.0);
        failing.fail("the loss is not finite");
        QVERIFY(failing.isOver());
        const auto failed = std::move(failing).finish();
        QCOMPARE(failed.end, RangeEnd::NotFinite);
        QCOMPARE(failed.points.size(), std::size_t{1});
        QCOMPARE(describeEnd(failed), std::string("ended at a rate of 0.00025: the loss is not finite"));
        RangeCourse stopping({1e-4, 1.0, 11});
        stopping.stop();
        QVERIFY(stopping.isOver());
        QCOMPARE(describeEnd(std::move(stopping).finish()), std::string("stopped before its first step"));
    }
    void whatCannotBeIsRefused_data()
    {
        QTest::addColumn<double>("start");
        QTest::addColumn<double>("end");
        QTest::addColumn<int>("steps");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("nothing wrong") << 1e-7 << 10.0 << 100 << QByteArray();
        QTest::newRow("falls") << 1.0 << 0.1 << 100 << QByteArray("below its end");
        QTest::newRow("does not rise") << 1.0 << 1.0 << 100 << QByteArray("below its end");
        QTest::newRow("zero") << 0.0 << 1.0 << 100 << QByteArray("from above 0");
        QTest::newRow("not a number") << std::nan("") << 1.0 << 100 << QByteArray("from above 0");
        QTest::newRow("too high") << 1e-7 << 1001.0 << 100 << QByteArray("to 1000");
        QTest::newRow("too few") << 1e-7 << 10.0 << 9 << QByteArray("9 steps; it takes 10 to");
        QTest::newRow("too many") << 1e-7 << 10.0 << 100'001 << QByteArray("100001 steps");
    }
    void whatCannotBeIsRefused()
    {
        QFETCH(double, start);
        QFETCH(double, end);
        QFETCH(int, steps);
        QFETCH(QByteArray, says);
        const auto fits = check({start, end, steps});
        QCOMPARE(fits.has_value(), says.isEmpty());
        if (!fits)
            QVERIFY2(QByteArray::fromStdString(fits.error().message).contains(says),
                     fits.error().message.c_str());
    }
    void theTableReadsBackToTheSameNumbers()
    {
        RangeTest test;
        test.points = {{1e-7, 2.5, 2.5}, {0.1, 1.0 / 3.0, 1.5}};
        QCOMPARE(
            csvOf(test),
            std::string("learning_rate,loss,smoothed_loss\n1e-07,2.5,2.5\n0.1,0.3333333333333333,1.5\n"));
    }
};

QTEST_APPLESS_MAIN(TestRateSuggestions)
#include "tst_rate_suggestions.moc"
