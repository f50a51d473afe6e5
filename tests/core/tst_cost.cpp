#include <QTest>

#include "model/layer_changes.h"
#include "training/cost.h"

using namespace frostline;

namespace {

/// A leaf that is a stage of its own, with 100 weights and 10 values of output for each sample.
LayerInfo leaf(const char* path, int stage)
{
    LayerInfo layer;
    layer.path = layer.name = path;
    layer.stage = stage;
    layer.parameters = 100;
    layer.outputShape = {2, 5};
    return layer;
}

/// Three stages; the middle one holds two leaves.
LayerTable table(int frozenStages)
{
    LayerTable rows{leaf("a", 0), leaf("b.0", 1), leaf("b.1", 1), leaf("c", 2)};
    for (auto& row : rows)
        row.settings.trainable = row.stage >= frozenStages;
    return rows;
}

CostReport report()
{
    CostReport cost;
    cost.stages = {{"a", 10.0}, {"b", 20.0}, {"c", 40.0}};
    cost.overheadSeconds = 1.0;
    cost.batchSize = 8;
    cost.trainSamples = 20;
    cost.fixedMemoryBytes = 1'000'000;
    cost.features.samples = 30;
    return cost;
}

} // namespace

class TestCost : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stepIsPredicted_data()
    {
        QTest::addColumn<int>("frozen");
        QTest::addColumn<double>("step");
        QTest::addColumn<double>("filling");
        // Two passes for a single layer at the line, which needs no gradient of its input; else three.
        QTest::newRow("all trainable")
            << 0 << 1.0 + 2 * 10 + 3 * 20 + 3 * 40 << 1.0 + 2 * 10 + 3 * 20 + 3 * 40;
        QTest::newRow("first frozen") << 1 << 1.0 + 3 * 20 + 3 * 40 << 1.0 + 10 + 3 * 20 + 3 * 40;
        QTest::newRow("last alone") << 2 << 1.0 + 2 * 40 << 1.0 + 10 + 20 + 2 * 40;
    }
    void stepIsPredicted()
    {
        QFETCH(int, frozen);
        const auto cost = predictCost(report(), table(frozen));
        QCOMPARE(cost.line, frozen);
        QTEST(cost.stepSeconds, "step");
        QTEST(cost.fillingStepSeconds, "filling");
        QCOMPARE(cost.epochSeconds, 3 * cost.stepSeconds);
        QCOMPARE(cost.fillingEpochSeconds, 3 * cost.fillingStepSeconds);
    }
    void withoutCacheEveryStepComputesAll()
    {
        auto measured = report();
        measured.features.isEnabled = false;
        const auto cost = predictCost(measured, table(2));
        QCOMPARE(cost.stepSeconds, cost.fillingStepSeconds);
        QCOMPARE(cost.featureBytes, 0);
    }
    void frozenInTheMiddlePassesGradientsOn()
    {
        auto rows = table(0);
        rows[1].settings.trainable = rows[2].settings.trainable = false;
        QCOMPARE(predictCost(report(), rows).stepSeconds, 1.0 + 2 * 10 + 2 * 20 + 3 * 40);
    }
    void memoryIsPredicted()
    {
        // Gradient and values before, for each weight; outputs of four leaves.
        QCOMPARE(trainingBytes(table(0), 8, 0), 4 * (400 * 2 + 40 * 8));
        QCOMPARE(trainingBytes(table(2), 8, 2), 4 * (100 * 4 + 10 * 8));
        const auto cost = predictCost(report(), table(2));
        QCOMPARE(featureValues(table(2), 2), 10);
        QCOMPARE(featureValues(table(0), 0), 0);
        QCOMPARE(cost.featureBytes, 4 * 10 * 30);
        QCOMPARE(cost.memoryBytes, 1'000'000 + cost.featureBytes + trainingBytes(table(2), 8, 0));
        auto half = report();
        half.features.line = 1;
        half.features.sampleBytes = 10 * 2;
        QCOMPARE(predictCost(half, table(2)).featureBytes, 2 * 10 * 30);
    }
    void whatNeedsLessIsNamed()
    {
        const auto text = whatNeedsLess(table(0), 1'000'000, 0);
        QVERIFY2(text.find("a batch of 500000, or freezing everything up to b.1,") == 0, text.c_str());
        QVERIFY2(text.find("half of the 0.16 GB") != std::string::npos, text.c_str());
    }
};

QTEST_APPLESS_MAIN(TestCost)
#include "tst_cost.moc"
