#include <QTemporaryDir>
#include <QTest>

#include <cmath>

#include "core/run_witness.h"
#include "fashion_recipe.h"
#include "session/session_store.h"
#include "training/run.h"

using namespace frostline;

using tests::at;
using tests::lossesOf;
using tests::Witness;

class TestRun : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::unique_ptr<Run> prepared(const Recipe& recipe, std::vector<Intervention> planned = {}) const
    {
        RunOptions options;
        options.threads = 1;
        options.sessionsFolder = m_folder.path().toStdString();
        options.planned = std::move(planned);
        auto run = Run::prepare(recipe, options);
        if (!run)
            qFatal("%s", run.error().message.c_str());
        return std::move(*run);
    }

private Q_SLOTS:
    void trainsAndKeepsASession()
    {
        const auto run = prepared(tests::fashionRecipe());
        Witness witness;
        const auto session = run->execute(witness, {});
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        QCOMPARE(session->state, SessionState::Finished);
        QCOMPARE(session->steps.size(), std::size_t{12});
        QCOMPARE(session->epochs.size(), std::size_t{3});
        QVERIFY(session->epochs.back().train.loss < session->epochs.front().train.loss);
        const auto loaded = SessionStore::load(run->sessionFolder());
        QVERIFY(loaded);
        QCOMPARE(lossesOf(*loaded), lossesOf(*session));
        QVERIFY(!loaded->checkpoints.empty());
        QVERIFY(std::filesystem::exists(run->sessionFolder() / loaded->checkpoints.back().file));
    }
    void sameSeedSameNumbersAnotherSeedOthers()
    {
        Witness witness;
        auto recipe = tests::fashionRecipe();
        const auto first = prepared(recipe)->execute(witness, {});
        const auto again = prepared(recipe)->execute(witness, {});
        recipe.seed = 2;
        const auto other = prepared(recipe)->execute(witness, {});
        QCOMPARE(lossesOf(*first), lossesOf(*again));
        QCOMPARE(first->checkpoints.back().sha256, again->checkpoints.back().sha256);
        QVERIFY(lossesOf(*first) != lossesOf(*other));
        QVERIFY(first->checkpoints.back().sha256 != other->checkpoints.back().sha256);
    }
    void frozenLayersDoNotMoveByABit_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("adam") << static_cast<int>(OptimizerKind::Adam);
        QTest::newRow("adamw") << static_cast<int>(OptimizerKind::AdamW);
        QTest::newRow("sgd") << static_cast<int>(OptimizerKind::Sgd);
    }
    void frozenLayersDoNotMoveByABit()
    {
        QFETCH(int, kind);
        auto recipe = tests::fashionRecipe();
        recipe.optimizer.kind = static_cast<OptimizerKind>(kind);
        recipe.optimizer.momentum = recipe.optimizer.kind == OptimizerKind::Sgd ? 0.9 : 0.0;
        recipe.layers = {
            {.match = "block1", .trainable = false, .statistics = {}, .rate = {}, .sparsity = {}}};
        Witness witness;
        const auto run = prepared(recipe, {at(6, ChangeKind::Trainable, "block2", false)});
        QVERIFY(run->execute(witness, {}));
        QCOMPARE(witness.layer("block1.conv").drift, 0.0);
        QCOMPARE(witness.layer("block1.norm").drift, 0.0);
        QVERIFY(witness.layer("block2.conv").drift > 0.0);
        QVERIFY(witness.layer("block2.norm").drift > 0.0);
        const auto session = SessionStore::load(run->sessionFolder());
        const auto driftAfter = [&session](std::size_t epoch) {
            const auto& layers = session->epochs[epoch].layers;
            return std::ranges::find(layers, "block2.conv", &LayerMeasure::path)->drift;
        };
        // Frozen in the middle of epoch 2: from its end on, not a bit moves.
        QVERIFY(driftAfter(0) < driftAfter(1));
        QCOMPARE(driftAfter(2), driftAfter(1));
        QCOMPARE(session->interventions.size(), std::size_t{1});
        QCOMPARE(session->interventions[0].step, Step{6});
    }
    void changesTakeEffectBeforeTheNextStep()
    {
        const auto run = prepared(tests::fashionRecipe());
        Witness witness;
        witness.atStep = [&run](Step step) {
            if (step == 4)
                run->request({ChangeKind::LearningRate, "", 0.5});
        };
        QVERIFY(run->execute(witness, {}));
        QCOMPARE(witness.interventions.size(), std::size_t{1});
        QCOMPARE(witness.interventions[0].step, Step{5});
        QCOMPARE(witness.points[4].learningRate, 0.01);
        QCOMPARE(witness.points[5].learningRate, 0.5);
    }
    void impossibleChangesAreRefusedAndChangeNothing()
    {
        const auto run = prepared(tests::fashionRecipe());
        Witness witness;
        witness.atStep = [&run](Step step) {
            if (step == 1)
                run->request({ChangeKind::Trainable, "blok1", false});
        };
        QVERIFY(run->execute(witness, {}));
        QCOMPARE(witness.refusals.size(), std::size_t{1});
        QVERIFY(witness.interventions.empty());
    }
    void sparsityHoldsAndComesBack()
    {
        const auto run = prepared(tests::fashionRecipe(), {at(3, ChangeKind::Sparsity, "*", 0.5),
                                                           at(8, ChangeKind::Sparsity, "*", 0.0)});
        Witness witness;
        QVERIFY(run->execute(witness, {}));
        QCOMPARE(witness.points[2].sparsity, 0.0);
        for (std::size_t step = 3; step < 8; ++step)
            QVERIFY(std::abs(witness.points[step].sparsity - 0.5) < 0.01);
        QCOMPARE(witness.points[8].sparsity, 0.0);
    }
    void stopsWithinOneStepAndKeepsWhatWasTrained()
    {
        const auto run = prepared(tests::fashionRecipe());
        std::stop_source stop;
        Witness witness;
        witness.atStep = [&stop](Step step) {
            if (step == 5)
                stop.request_stop();
        };
        const auto session = run->execute(witness, stop.get_token());
        QVERIFY(session);
        QCOMPARE(session->state, SessionState::Stopped);
        QCOMPARE(session->steps.size(), std::size_t{6});
        QCOMPARE(session->checkpoints.back().step, Step{6});
    }
    void pausesGoesOnStepByStepAndEndsAsIfItNeverPaused()
    {
        Witness quiet;
        const auto undisturbed = prepared(tests::fashionRecipe())->execute(quiet, {});
        const auto run = prepared(tests::fashionRecipe());
        std::vector<Step> pausedAt;
        Witness witness;
        witness.atStep = [&run](Step step) {
            if (step == 2)
                run->requestPause();
        };
        witness.whenPaused = [&](Step step, const std::string& reason) {
            QVERIFY(reason.empty());
            pausedAt.push_back(step);
            pausedAt.size() < 3 ? run->requestSingleStep() : run->requestResume();
        };
        const auto session = run->execute(witness, {});
        QCOMPARE(pausedAt, (std::vector<Step>{3, 4, 5}));
        QCOMPARE(session->checkpoints.back().sha256, undisturbed->checkpoints.back().sha256);
    }
    void lossThatIsNotFinitePausesAndALowerRateGoesOn()
    {
        auto recipe = tests::fashionRecipe();
        recipe.optimizer.kind = OptimizerKind::Sgd;
        const auto run = prepared(recipe, {at(3, ChangeKind::LearningRate, "", 1000.0)});
        std::vector<std::string> reasons;
        Witness witness;
        witness.whenPaused = [&](Step, const std::string& reason) {
            reasons.push_back(reason);
            run->request({ChangeKind::LearningRate, "", 1e-4});
            run->requestResume();
        };
        const auto session = run->execute(witness, {}, true);
        QCOMPARE(reasons.size(), std::size_t{1});
        QVERIFY2(
            reasons[0].find("not finite; the step was not applied and the update before it was taken back") !=
                std::string::npos,
            reasons[0].c_str());
        QVERIFY(session);
        QCOMPARE(session->state, SessionState::Finished);
        QCOMPARE(session->steps.size(), std::size_t{12});
        for (const auto& layer : witness.layers)
            QVERIFY2(std::isfinite(layer.drift), layer.path.c_str());
        for (const auto& point : session->steps)
            QVERIFY(std::isfinite(point.loss));
        QCOMPARE(session->interventions[1].change.kind, ChangeKind::Diverged);
    }
    void resumingWithNothingTrainableAsksAgain()
    {
        const auto run = prepared(tests::fashionRecipe(), {at(3, ChangeKind::Trainable, "*", false)});
        int pauses = 0;
        Witness witness;
        witness.whenPaused = [&](Step step, const std::string& reason) {
            QCOMPARE(step, Step{3});
            QVERIFY(reason.find("nothing is trainable") != std::string::npos);
            if (++pauses == 2)
                run->request({ChangeKind::Trainable, "head", true});
            run->requestResume();
        };
        const auto session = run->execute(witness, {}, true);
        QCOMPARE(pauses, 2);
        QVERIFY(session);
        QCOMPARE(session->steps.size(), std::size_t{12});
    }
    void withoutAHandTheSameIsAFailure()
    {
        auto recipe = tests::fashionRecipe();
        recipe.optimizer.kind = OptimizerKind::Sgd;
        recipe.optimizer.learningRate = 1000.0;
        const auto run = prepared(recipe);
        Witness witness;
        const auto session = run->execute(witness, {});
        QVERIFY(!session);
        QCOMPARE(session.error().code, ErrorCode::RunFailed);
        const auto kept = SessionStore::load(run->sessionFolder());
        QCOMPARE(kept->state, SessionState::Failed);
        QCOMPARE(kept->error, session.error().message);
    }
    void nothingTrainableIsAnError()
    {
        auto recipe = tests::fashionRecipe();
        recipe.layers = {{.match = "*", .trainable = false, .statistics = {}, .rate = {}, .sparsity = {}}};
        Witness witness;
        const auto session = prepared(recipe)->execute(witness, {});
        QVERIFY(!session);
        QVERIFY(session.error().message.find("nothing is trainable") != std::string::npos);
    }
    void costIsEstimatedWithoutLeavingATrace()
    {
        Witness witness;
        const auto plain = prepared(tests::fashionRecipe())->execute(witness, {});
        const auto run = prepared(tests::fashionRecipe());
        const auto cost = run->estimateCost();
        QVERIFY(cost);
        QVERIFY(cost->stepSeconds > 0.0);
        QVERIFY(predictCost(*cost, run->layers()).memoryBytes > 0);
        const auto session = run->execute(witness, {});
        QCOMPARE(session->checkpoints.back().sha256, plain->checkpoints.back().sha256);
    }
    void lastBatchOfOneJoinsTheOneBefore()
    {
        auto recipe = tests::fashionRecipe();
        recipe.batchSize = 13; // 40 = 13 + 13 + 14
        recipe.epochs = 1;
        Witness witness;
        const auto session = prepared(recipe)->execute(witness, {});
        QCOMPARE(session->steps.size(), std::size_t{3});
    }
};

QTEST_APPLESS_MAIN(TestRun)
#include "tst_run.moc"
