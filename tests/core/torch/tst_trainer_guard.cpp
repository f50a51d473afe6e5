#include <QTemporaryDir>
#include <QTest>

#include <cstring>
#include <numeric>

#include "core/run_witness.h"
#include "fashion_recipe.h"
#include "model/layer_changes.h"
#include "training/range_tester.h"
#include "training/run_loop.h"

using namespace frostline;
using tests::Witness;

namespace {

bool isSameTensor(const torch::Tensor& first, const torch::Tensor& second)
{
    const auto a = first.contiguous();
    const auto b = second.contiguous();
    return a.scalar_type() == b.scalar_type() && a.sizes() == b.sizes() &&
           std::memcmp(a.data_ptr(), b.data_ptr(), a.nbytes()) == 0;
}

/// The first thing in which two checkpoints differ; empty where they are the same to the byte.
std::string difference(const Checkpoint& first, const Checkpoint& second)
{
    if (!(first.settings.optimizer == second.settings.optimizer))
        return "the optimizer's options";
    if (first.settings.updates != second.settings.updates)
        return "the counts of updates";
    if (first.settings.pruneFrozen != second.settings.pruneFrozen)
        return "whether frozen layers are pruned";
    for (std::size_t i = 0; i < first.settings.layers.size(); ++i) {
        const auto& a = first.settings.layers[i];
        const auto& b = second.settings.layers[i];
        if (!(a.settings == b.settings) || a.gradientNorm != b.gradientNorm)
            return "the settings of " + a.path;
    }
    if (first.tensors.size() != second.tensors.size())
        return "the number of tensors";
    for (std::size_t i = 0; i < first.tensors.size(); ++i) {
        if (first.tensors[i].name != second.tensors[i].name ||
            !isSameTensor(first.tensors[i].tensor, second.tensors[i].tensor))
            return first.tensors[i].name;
    }
    return {};
}

/// Drift, gradient, weights and sparsity of each row.
std::vector<double> measuresOf(const LayerTable& table)
{
    std::vector<double> measures;
    for (const auto& layer : table) {
        for (const double measure : {layer.drift, layer.gradientNorm, layer.weightNorm, layer.sparsity})
            measures.push_back(measure);
    }
    return measures;
}

Recipe recipeWith(OptimizerKind kind)
{
    auto recipe = tests::fashionRecipe();
    recipe.optimizer.kind = kind;
    recipe.optimizer.momentum = kind == OptimizerKind::Sgd ? 0.9 : 0.0;
    recipe.layers = {{.match = "block1", .trainable = false, .statistics = {}, .rate = {}, .sparsity = {}},
                     {.match = "block2",
                      .trainable = {},
                      .statistics = Statistics::Updating,
                      .rate = 0.1,
                      .sparsity = 0.5}};
    return recipe;
}

} // namespace

class TestTrainerGuard : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::unique_ptr<RunLoop> prepared(const Recipe& recipe, Step steps) const
    {
        RunOptions options;
        options.threads = 1;
        options.sessionsFolder = m_folder.path().toStdString();
        options.maximumSteps = steps;
        auto start = startOf(recipe, options);
        auto loop = prepareLoop(std::move(*start), options);
        if (!loop)
            qFatal("%s", loop.error().message.c_str());
        if (steps > 0) {
            Witness witness;
            if (!(*loop)->execute(witness, {}, false))
                qFatal("the run failed");
        }
        return std::move(*loop);
    }

private Q_SLOTS:
    void aRangeTestLeavesEveryByte_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<qint64>("steps");
        QTest::addColumn<double>("highest");
        QTest::addColumn<int>("stopAfter");
        const std::pair<const char*, OptimizerKind> kinds[] = {
            {"adam", OptimizerKind::Adam}, {"adamw", OptimizerKind::AdamW}, {"sgd", OptimizerKind::Sgd}};
        for (const auto& [name, kind] : kinds) {
            QTest::addRow("%s, fresh", name) << static_cast<int>(kind) << qint64{0} << 1.0 << 0;
            QTest::addRow("%s, after 5 steps", name) << static_cast<int>(kind) << qint64{5} << 1.0 << 0;
        }
        QTest::addRow("diverging") << static_cast<int>(OptimizerKind::Sgd) << qint64{5} << 1000.0 << 0;
        QTest::addRow("stopped") << static_cast<int>(OptimizerKind::Adam) << qint64{5} << 1.0 << 3;
    }
    void aRangeTestLeavesEveryByte()
    {
        QFETCH(int, kind);
        QFETCH(qint64, steps);
        QFETCH(double, highest);
        QFETCH(int, stopAfter);
        const auto loop = prepared(recipeWith(static_cast<OptimizerKind>(kind)), steps);
        const auto before = loop->trainer().checkpoint(0, 0);
        const auto line = frostLine(loop->trainer().table());
        std::stop_source stop;
        int heard = 0;
        const auto test = RangeTester(*loop).test(
            {1e-4, highest, 30},
            [&](const RangePoint&) {
                if (++heard == stopAfter)
                    stop.request_stop();
            },
            stop.get_token());
        QVERIFY2(test, test ? "" : test.error().message.c_str());
        QVERIFY(test->points.size() > 2);
        QVERIFY((test->end == RangeEnd::Stopped) == (stopAfter > 0));
        QCOMPARE(difference(before, loop->trainer().checkpoint(0, 0)), std::string());
        QCOMPARE(frostLine(loop->trainer().table()), line);
    }
    void itDoesTrainMeanwhile()
    {
        const auto loop = prepared(recipeWith(OptimizerKind::Adam), 0);
        const auto before = loop->trainer().checkpoint(0, 0);
        bool hasMoved = false;
        QVERIFY(RangeTester(*loop).test({1e-4, 1.0, 10},
                                        [&](const RangePoint&) {
                                            hasMoved =
                                                !difference(before, loop->trainer().checkpoint(0, 0)).empty();
                                        },
                                        {}));
        QVERIFY(hasMoved);
    }
    void gradientsAndWhatTheTableTellsStay()
    {
        const auto loop = prepared(recipeWith(OptimizerKind::Adam), 5);
        auto& trainer = loop->trainer();
        trainer.measure(Trainer::Measure::All);
        const auto before = trainer.table();
        QVERIFY(RangeTester(*loop).test({1e-4, 1.0, 10}, {}, {}));
        QCOMPARE(measuresOf(trainer.table()), measuresOf(before));
        trainer.measure(Trainer::Measure::All); // From the gradients themselves.
        QCOMPARE(measuresOf(trainer.table()), measuresOf(before));
    }
    void whatWasNotMeasuredStaysUnmeasured()
    {
        const auto loop = prepared(recipeWith(OptimizerKind::Adam), 5);
        auto& trainer = loop->trainer();
        std::vector<std::int64_t> samples(10);
        std::iota(samples.begin(), samples.end(), std::int64_t{0});
        QVERIFY(trainer.step(5, samples, samples.size()).problem.empty());
        const auto before = measuresOf(trainer.table()); // Of the step before.
        QVERIFY(RangeTester(*loop).test({1e-4, 1.0, 10}, {}, {}));
        QCOMPARE(measuresOf(trainer.table()), before);
        trainer.measure(Trainer::Measure::All);
        QVERIFY(measuresOf(trainer.table()) != before);
    }
};

QTEST_APPLESS_MAIN(TestTrainerGuard)
#include "tst_trainer_guard.moc"
