#include <cmath>
#include <limits>

#include <QLocale>
#include <QRegularExpression>
#include <QTest>

#include "plots/change_text.h"
#include "plots/marker_layout.h"
#include "plots/number_text.h"
#include "plots/plot_export.h"
#include "plots/plot_scaling.h"

using namespace frostline;

Q_DECLARE_METATYPE(frostline::Change)

class TestPlotTexts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void changesReadWell_data();
    void changesReadWell();
    void interventionNamesStepAndOrigin();
    void numbersAreShort_data();
    void numbersAreShort();
    void numbersFollowTheLocale();
    void durationsAreShort();
    void labelsApartStand();
    void labelsThatTouchTakeTwoRows();
    void labelsWithoutRoomAreCounted();
    void lastLabelStaysInside();
    void titlesBecomeFileNames();
    void paddingByHand();
    void logarithmicPaddingIsPositive();
    void outliersAreLeftOut();
};

void TestPlotTexts::changesReadWell_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("whole");
    QTest::addColumn<QString>("brief");
    const auto row = [](const char* name, Change change, const char* whole, const char* brief) {
        QTest::newRow(name) << change << QString::fromUtf8(whole) << QString::fromUtf8(brief);
    };
    row("freeze", {ChangeKind::Trainable, "layer4", false}, "layer4: frozen", "layer4 off");
    row("thaw", {ChangeKind::Trainable, "layer4.*", true}, "layer4: trainable", "layer4 on");
    row("all", {ChangeKind::Trainable, "*", true}, "*: trainable", "all on");
    row("rate", {ChangeKind::LearningRate, "", 1e-4}, "learning rate 1e-4", "rate 1e-4");
    row("multiplier", {ChangeKind::RateMultiplier, "fc", 0.1}, "fc: rate × 0.1", "fc × 0.1");
    row("statistics", {ChangeKind::Statistics, "bn1", std::string("frozen")}, "bn1: statistics frozen",
        "bn1 statistics frozen");
    row("sparsity", {ChangeKind::Sparsity, "*", 0.5}, "sparsity 50 % (*)", "sparsity 50 %");
    row("prune", {ChangeKind::PruneFrozen, "", true}, "frozen layers are pruned too", "prune frozen");
    row("momentum", {ChangeKind::Optimizer, "momentum", 0.9}, "optimizer momentum 0.9", "momentum 0.9");
    row("kind", {ChangeKind::Optimizer, "kind", std::string("sgd")}, "optimizer kind sgd", "kind sgd");
    row("note", {ChangeKind::Note, "", std::string("a note that goes on for long")},
        "a note that goes on for long", "a note that goes on…");
}

void TestPlotTexts::changesReadWell()
{
    QFETCH(Change, change);
    QTEST(describe(change), "whole");
    QTEST(shortText(change), "brief");
}

void TestPlotTexts::interventionNamesStepAndOrigin()
{
    const Intervention intervention{120, {ChangeKind::LearningRate, "", 0.1}, Origin::Phase, {}};
    QCOMPARE(describe(intervention), QStringLiteral("Step 120, by a phase: learning rate 0.1"));
}

void TestPlotTexts::numbersAreShort_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << 0.0 << QStringLiteral("0");
    QTest::newRow("fraction") << 0.43211 << QStringLiteral("0.4321");
    QTest::newRow("large") << 12345.0 << QStringLiteral("12345");
    QTest::newRow("small") << 1e-4 << QStringLiteral("1e-4");
    QTest::newRow("rounds up") << 9.99999e-5 << QStringLiteral("1e-4");
    QTest::newRow("negative") << -2.5e-5 << QStringLiteral("-2.5e-5");
    QTest::newRow("not a number") << std::nan("") << QStringLiteral("–");
}

void TestPlotTexts::numbersAreShort()
{
    QFETCH(double, number);
    QTEST(compactNumber(number, QLocale::c()), "text");
}

void TestPlotTexts::numbersFollowTheLocale()
{
    const QLocale german(QLocale::German);
    QCOMPARE(compactNumber(0.5, german), QStringLiteral("0,5"));
    QCOMPARE(compactNumber(12345.0, german), QStringLiteral("12.345"));
    QCOMPARE(percentText(0.931, german), QStringLiteral("93,1 %"));
}

void TestPlotTexts::durationsAreShort()
{
    QCOMPARE(durationText(12.5, QLocale::c()), QStringLiteral("12.5 s"));
    QCOMPARE(durationText(185.0, QLocale::c()), QStringLiteral("3:05"));
    QCOMPARE(durationText(3723.0, QLocale::c()), QStringLiteral("1:02:03"));
}

void TestPlotTexts::labelsApartStand()
{
    const std::vector<MarkerPlace> places{{10.0, 50.0}, {70.0, 50.0}};
    const auto labels = layOutMarkers(places, 0.0, 300.0, 20.0);
    QCOMPARE(labels.size(), std::size_t(2));
    QCOMPARE(labels[1].left, 70.0);
    QCOMPARE(labels[1].count, std::size_t(1));
}

void TestPlotTexts::labelsThatTouchTakeTwoRows()
{
    const std::vector<MarkerPlace> places{{10.0, 50.0}, {30.0, 50.0}, {70.0, 50.0}};
    const auto labels = layOutMarkers(places, 0.0, 300.0, 20.0);
    QCOMPARE(labels.size(), std::size_t(3));
    QCOMPARE(labels[0].row, std::size_t(0));
    QCOMPARE(labels[1].row, std::size_t(1));
    QCOMPARE(labels[2].row, std::size_t(0));
}

void TestPlotTexts::labelsWithoutRoomAreCounted()
{
    const std::vector<MarkerPlace> places{
        {10.0, 50.0}, {20.0, 50.0}, {40.0, 50.0}, {50.0, 50.0}, {120.0, 50.0}};
    const auto labels = layOutMarkers(places, 0.0, 300.0, 20.0);
    QCOMPARE(labels.size(), std::size_t(3));
    QCOMPARE(labels[0].count, std::size_t(1));
    QCOMPARE(labels[1].count, std::size_t(3));
    QCOMPARE(labels[1].width, 70.0);
    QCOMPARE(labels[2].first, std::size_t(4));
}

void TestPlotTexts::lastLabelStaysInside()
{
    const std::vector<MarkerPlace> places{{290.0, 50.0}};
    QCOMPARE(layOutMarkers(places, 0.0, 300.0, 20.0)[0].left, 250.0);
}

void TestPlotTexts::titlesBecomeFileNames()
{
    QCOMPARE(fileNameOf(QStringLiteral("Fashion: what does it keep?")),
             QStringLiteral("fashion-what-does-it-keep"));
    QCOMPARE(fileNameOf(QStringLiteral("../a\\b")), QStringLiteral("a-b"));
    QCOMPARE(fileNameOf(QStringLiteral("?:")), QString());
    QCOMPARE(fileNameOf(QString(200, QLatin1Char('x'))).size(), 80);
}

void TestPlotTexts::paddingByHand()
{
    QCOMPARE(padded({0.0, 10.0}, Scale::Linear), (Interval{-0.6, 10.6}));
    QCOMPARE(padded({2.0, 2.0}, Scale::Linear), (Interval{1.8, 2.2}));
    QCOMPARE(padded({0.0, 0.0}, Scale::Linear), (Interval{-1.0, 1.0}));
}

void TestPlotTexts::logarithmicPaddingIsPositive()
{
    QVERIFY(padded({0.0, 1.0}, Scale::Logarithmic).lower > 0.0);
    QVERIFY(padded({-3.0, -1.0}, Scale::Logarithmic).lower > 0.0);
    const Interval constant = padded({1e-3, 1e-3}, Scale::Logarithmic);
    QVERIFY(constant.lower < 1e-3 && constant.upper > 1e-3);
}

void TestPlotTexts::outliersAreLeftOut()
{
    std::vector<double> values(1000, 0.0);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<double>(i);
    values[0] = -1e9;
    values[999] = 1e9;
    values.push_back(std::numeric_limits<double>::infinity());
    const auto range = withoutOutliers(values);
    QVERIFY(range);
    QCOMPARE(*range, (Interval{10.0, 989.0}));
    QVERIFY(!withoutOutliers({std::nan("")}));
}

QTEST_APPLESS_MAIN(TestPlotTexts)
#include "tst_plot_texts.moc"
