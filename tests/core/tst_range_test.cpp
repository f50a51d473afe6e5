#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "core/run_witness.h"
#include "fashion_recipe.h"
#include "training/range_test.h"
#include "training/run.h"

using namespace frostline;

using tests::at;
using tests::Witness;

namespace {

constexpr RangeTestOptions kShort{1e-4, 1.0, 12}; ///< As many steps as the run has.

std::vector<double> lossesOf(const RangeTest& test)
{
    std::vector<double> losses;
    for (const auto& point : test.points)
        losses.push_back(point.loss);
    return losses;
}

bool isSame(const LayerInfo& first, const LayerInfo& second)
{
    return first.path == second.path && first.settings == second.settings && first.drift == second.drift &&
           first.gradientNorm == second.gradientNorm && first.sparsity == second.sparsity;
}

/// Dropout, norms, a frozen block, a layer that learns at a tenth, masks, momentum, clipped gradients.
Recipe fullRecipe(OptimizerKind kind = OptimizerKind::Adam)
{
    auto recipe = tests::fashionRecipe();
    recipe.optimizer.kind = kind;
    recipe.optimizer.momentum = kind == OptimizerKind::Sgd ? 0.9 : 0.0;
    recipe.optimizer.clipNorm = 5.0;
    recipe.layers = {{.match = "block1", .trainable = false, .statistics = {}, .rate = {}, .sparsity = {}},
                     {.match = "block2", .trainable = {}, .statistics = {}, .rate = 0.1, .sparsity = 0.5}};
    return recipe;
}

} // namespace

class TestRangeTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

    std::unique_ptr<Run> prepared(const Recipe& recipe, std::vector<Intervention> planned = {}) const
    {
        RunOptions options;
        options.threads = 1;
        options.sessionsFolder = m_folder->path().toStdString();
        options.planned = std::move(planned);
        auto run = Run::prepare(recipe, options);
        if (!run)
            qFatal("%s", run.error().message.c_str());
        return std::move(*run);
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void trainsAsARunWithTheseRatesWould_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("hasPhase");
        QTest::newRow("adam") << static_cast<int>(OptimizerKind::Adam) << false;
        QTest::newRow("sgd") << static_cast<int>(OptimizerKind::Sgd) << false;
        QTest::newRow("in its first phase") << static_cast<int>(OptimizerKind::Adam) << true;
    }
    void trainsAsARunWithTheseRatesWould()
    {
        QFETCH(int, kind);
        QFETCH(bool, hasPhase);
        auto recipe = fullRecipe(static_cast<OptimizerKind>(kind));
        if (hasPhase) {
            recipe.phases.resize(1);
            recipe.phases[0].name = "head alone";
            recipe.phases[0].epochs = recipe.epochs;
            recipe.phases[0].trainable = {"head"};
        }
        const auto test = prepared(recipe)->testRange(kShort, {}, {});
        QVERIFY2(test, test ? "" : test.error().message.c_str());
        QCOMPARE(test->end, RangeEnd::Completed);
        std::vector<Intervention> rates;
        for (const auto& point : test->points)
            rates.push_back(at(static_cast<Step>(rates.size()), ChangeKind::LearningRate, "", point.rate));
        Witness witness;
        const auto session = prepared(recipe, rates)->execute(witness, {});
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        QCOMPARE(lossesOf(*test), tests::lossesOf(*session));
    }
    void theSameTestGivesTheSameCurveAndWritesNothing()
    {
        const auto run = prepared(fullRecipe());
        std::vector<RangePoint> heard;
        const auto first =
            run->testRange(kShort, [&heard](const RangePoint& point) { heard.push_back(point); }, {});
        const auto second = run->testRange(kShort, {}, {});
        QVERIFY(first && second);
        QCOMPARE(first->points, second->points);
        QCOMPARE(first->points, heard);
        QVERIFY(run->sessionFolder().empty());
        QVERIFY(QDir(m_folder->path()).isEmpty());
    }
    void aRunAfterATestIsTheRunWithoutIt()
    {
        Witness witness;
        const auto plain = prepared(fullRecipe())->execute(witness, {});
        const auto run = prepared(fullRecipe());
        const auto layers = run->layers();
        QVERIFY(run->testRange(kShort, {}, {}));
        QVERIFY(std::ranges::equal(run->layers(), layers, isSame));
        QCOMPARE(run->progress().step, Step{0});
        const auto after = run->execute(witness, {});
        QVERIFY(plain && after);
        QCOMPARE(tests::lossesOf(*after), tests::lossesOf(*plain));
        QCOMPARE(after->checkpoints.back().sha256, plain->checkpoints.back().sha256);
        QVERIFY(after->interventions.empty());
    }
    void goesOnThroughSeveralEpochs()
    {
        const auto test = prepared(tests::fashionRecipe())->testRange({1e-3, 1e-2, 30}, {}, {});
        QVERIFY(test);
        QCOMPARE(test->points.size(), std::size_t{30});
        QVERIFY(test->points.back().smoothed < test->points.front().smoothed);
    }
    void stopsWithinOneStep()
    {
        const auto run = prepared(fullRecipe());
        std::stop_source stop;
        int heard = 0;
        const auto stopIt = [&](const RangePoint&) {
            if (++heard == 3)
                stop.request_stop();
        };
        const auto test = run->testRange(kShort, stopIt, stop.get_token());
        QVERIFY(test);
        QCOMPARE(test->end, RangeEnd::Stopped);
        QCOMPARE(test->points.size(), std::size_t{3});
        QCOMPARE(test->endRate, test->points.back().rate);
    }
    void endsWhereItDiverges()
    {
        auto recipe = tests::fashionRecipe();
        recipe.optimizer.kind = OptimizerKind::Sgd;
        recipe.optimizer.weightDecay = 0.0;
        const auto test = prepared(recipe)->testRange({1e-3, 1000.0, 60}, {}, {});
        QVERIFY(test);
        QVERIFY(test->end == RangeEnd::Diverged || test->end == RangeEnd::NotFinite);
        QVERIFY(test->points.size() < 60);
        QVERIFY(test->endRate < 1000.0);
    }
    void refusesWhatCannotBe()
    {
        auto frozen = tests::fashionRecipe();
        frozen.layers = {{.match = "*", .trainable = false, .statistics = {}, .rate = {}, .sparsity = {}}};
        const auto nothing = prepared(frozen)->testRange(kShort, {}, {});
        QVERIFY(!nothing);
        QCOMPARE(nothing.error().code, ErrorCode::BadInput);
        QVERIFY(nothing.error().message.find("nothing is trainable") != std::string::npos);
        const auto falling = prepared(tests::fashionRecipe())->testRange({1.0, 0.1, 20}, {}, {});
        QVERIFY(!falling);
        QCOMPARE(falling.error().code, ErrorCode::BadInput);
    }
    void aBranchIsTestedWhereItLeaves()
    {
        Witness witness;
        auto longer = tests::fashionRecipe();
        longer.epochs = 8;
        const auto run = prepared(longer);
        const auto parent = run->execute(witness, {});
        QVERIFY(parent);
        auto recipe = parent->recipe;
        recipe.layers = {
            {.match = "block1", .trainable = false, .statistics = {}, .rate = {}, .sparsity = {}}};
        RunOptions options;
        options.threads = 1;
        options.sessionsFolder = m_folder->path().toStdString();
        options.origin = RunOrigin{RunOrigin::Kind::Branch, run->sessionFolder(), 26};
        const auto branch = Run::prepare(recipe, options);
        QVERIFY2(branch, branch ? "" : branch.error().message.c_str());
        const auto test = (*branch)->testRange(kShort, {}, {});
        QVERIFY2(test, test ? "" : test.error().message.c_str());
        // What was trained up to there counts: the first batch is known by then.
        QVERIFY(test->points.front().loss < 0.8 * parent->steps.front().loss);
        const auto tested = (*branch)->execute(witness, {});
        const auto plain = (*Run::prepare(recipe, options))->execute(witness, {});
        QVERIFY(tested && plain);
        QCOMPARE(tests::lossesOf(*tested), tests::lossesOf(*plain));
        QCOMPARE(tested->checkpoints.back().sha256, plain->checkpoints.back().sha256);
    }
};

QTEST_APPLESS_MAIN(TestRangeTest)
#include "tst_range_test.moc"
