#include <QTest>

#include <cmath>
#include <numbers>

#include "data/log_mel.h"

using namespace frostline;

namespace {

std::vector<float> tone(double hertz, int count)
{
    std::vector<float> samples;
    for (int i = 0; i < count; ++i)
        samples.push_back(static_cast<float>(
            std::round(8000.0 * std::sin(2.0 * std::numbers::pi * hertz * i / 16000.0)) / 32768.0));
    return samples;
}

bool isNear(float value, double expected)
{
    return std::abs(double(value) - expected) < 1e-4;
}

} // namespace

class TestLogMel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySampleIsInAPatch_data()
    {
        QTest::addColumn<int>("samples");
        QTest::addColumn<int>("patches");
        QTest::newRow("none") << 0 << 1;
        QTest::newRow("short") << 100 << 1;
        QTest::newRow("one patch") << 15600 << 1;
        QTest::newRow("one more") << 15601 << 2;
        QTest::newRow("two patches") << 23280 << 2;
        QTest::newRow("one more than two") << 23281 << 3;
        QTest::newRow("ten seconds") << 160000 << 20;
    }
    void everySampleIsInAPatch()
    {
        QFETCH(int, samples);
        QFETCH(int, patches);
        QCOMPARE(patchCount(static_cast<std::size_t>(samples)), static_cast<std::size_t>(patches));
        QCOMPARE(logMelPatches(std::vector<float>(static_cast<std::size_t>(samples))).size(),
                 static_cast<std::size_t>(patches) * 96 * 64);
    }
    void silenceIsTheLogarithmOfTheOffset()
    {
        for (const auto value : logMelPatches(std::vector<float>(100)))
            QVERIFY(isNear(value, std::log(0.001)));
    }
    /// Figures from NumPy, by the formula that TensorFlow publishes.
    void weightsAreTriangles()
    {
        const auto weights = melWeights();
        const auto at = [&](std::size_t frequency, std::size_t band) {
            return weights[frequency * 64 + band];
        };
        QCOMPARE(weights.size(), std::size_t{257 * 64});
        QVERIFY(isNear(at(5, 0), 0.9476904648));
        QVERIFY(isNear(at(6, 1), 0.9331063455));
        QVERIFY(isNear(at(32, 19), 0.5363006319));
        QVERIFY(isNear(at(32, 20), 0.4636993681));
        double sum = 0.0;
        std::size_t used = 0;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            QVERIFY(i >= 64 || weights[i] == 0.0f);
            sum += double(weights[i]);
            used += weights[i] > 0.0f ? 1 : 0;
        }
        QVERIFY2(std::abs(sum - 230.91359916) < 1e-4, std::to_string(sum).c_str());
        QCOMPARE(used, std::size_t{461});
    }
    /// 1000 Hz, again by NumPy: the whole chain, and where a patch begins and the silence after the end.
    void aToneIsInItsBands()
    {
        const auto patches = logMelPatches(tone(1000.0, 20000));
        QCOMPARE(patches.size(), std::size_t{2 * 96 * 64});
        const std::pair<std::size_t, double> expected[] = {
            {0, -6.632487},  {10, -5.1006578},  {18, 1.28258519},  {19, 3.40105195}, {20, 3.36497686},
            {21, 0.8515827}, {22, -2.01032877}, {40, -6.72350007}, {63, -6.65604538}};
        for (const auto& [band, value] : expected)
            QVERIFY2(isNear(patches[band], value), std::to_string(patches[band]).c_str());
        QVERIFY(isNear(patches[(96 + 50) * 64 + 20], 3.364976861));
        QVERIFY(isNear(patches[(96 + 95) * 64 + 20], std::log(0.001)));
        // The second patch begins in the middle of the first.
        for (std::size_t i = 0; i < std::size_t{48 * 64}; ++i)
            QCOMPARE(patches[48 * 64 + i], patches[96 * 64 + i]);
    }
};

QTEST_APPLESS_MAIN(TestLogMel)
#include "tst_log_mel.moc"
