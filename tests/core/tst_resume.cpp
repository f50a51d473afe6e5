#include <fstream>

#include "base/json.h"
#include "core/run_case.h"
#include "fashion_recipe.h"
#include "session/session_at.h"
#include "session/session_store.h"
#include "training/replay.h"

using namespace frostline;
using tests::at;
using tests::compareRecords;
using tests::lossesOf;
using tests::Witness;

namespace fs = std::filesystem;

namespace {

/// Dropout, norms, decay and momentum: everything that has a state.
Recipe recipeWith(OptimizerKind kind)
{
    auto recipe = tests::fashionRecipe();
    recipe.optimizer.kind = kind;
    recipe.optimizer.momentum = kind == OptimizerKind::Sgd ? 0.9 : 0.0;
    return recipe;
}

/// A freeze, masks and a rate, changed before and after wherever a run of 12 steps is cut.
std::vector<Intervention> changes(Step from, Step to)
{
    std::vector<Intervention> all{at(1, ChangeKind::Trainable, "block1", false),
                                  at(2, ChangeKind::Sparsity, "block2", 0.5),
                                  at(4, ChangeKind::Optimizer, "weight_decay", 0.02),
                                  at(6, ChangeKind::Trainable, "block1", true),
                                  at(7, ChangeKind::Statistics, "block2.norm", std::string("frozen")),
                                  at(9, ChangeKind::Sparsity, "block2", 0.2),
                                  at(10, ChangeKind::LearningRate, "", 0.001),
                                  at(11, ChangeKind::Trainable, "block2", false)};
    std::erase_if(all, [=](const Intervention& each) { return each.step < from || each.step >= to; });
    return all;
}

} // namespace

class TestResume : public tests::RunCase {
    Q_OBJECT

private:
    Session whole(const Recipe& recipe, fs::path* folder = nullptr)
    {
        auto whole = options();
        whole.planned = changes(0, 12);
        return run(recipe, whole, folder).value();
    }
    fs::path stoppedAt(const Recipe& recipe, Step step)
    {
        auto part = options();
        part.planned = changes(0, step);
        part.maximumSteps = step;
        fs::path folder;
        run(recipe, part, &folder).value();
        return folder;
    }

private Q_SLOTS:
    void init() { m_warnings.clear(); }

    void resumedEndsWithTheSameBytes_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("step");
        for (const int step : {3, 8, 11}) {
            const auto row = [step](const char* name, OptimizerKind kind) {
                QTest::addRow("%s, stopped at %d", name, step) << static_cast<int>(kind) << step;
            };
            row("sgd", OptimizerKind::Sgd);
            row("adam", OptimizerKind::Adam);
            row("adamw", OptimizerKind::AdamW);
        }
    }
    void resumedEndsWithTheSameBytes()
    {
        QFETCH(int, kind);
        QFETCH(int, step);
        const auto recipe = recipeWith(static_cast<OptimizerKind>(kind));
        const auto folder = stoppedAt(recipe, step);
        QCOMPARE(SessionStore::load(folder)->state, SessionState::Stopped);
        const auto resumed = resume(folder, changes(step, 12));
        QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
        QCOMPARE(resumed->state, SessionState::Finished);
        compareRecords(*resumed, whole(recipe));
        QVERIFY(!fs::exists(folder / "journal.jsonl"));
        QVERIFY(m_warnings.empty());
    }
    /// What is drawn follows from seed, epoch and sample; how a run came there makes no difference.
    void augmentedRunsAreResumedBranchedAndReplayed_data()
    {
        QTest::addColumn<int>("views");
        QTest::newRow("anew in each epoch") << 0;
        QTest::newRow("two views") << 2;
    }
    void augmentedRunsAreResumedBranchedAndReplayed()
    {
        QFETCH(int, views);
        auto recipe = recipeWith(OptimizerKind::Adam);
        recipe.data.augment.flip = 0.5;
        recipe.data.augment.shift = 2;
        recipe.data.augment.contrast = 0.4;
        recipe.data.augment.views = views;
        fs::path folder;
        const auto parent = whole(recipe, &folder);
        for (const Step step : {5, 8}) {
            const auto resumed = resume(stoppedAt(recipe, step), changes(step, 12));
            QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
            compareRecords(*resumed, parent);
        }
        const auto child = branch(folder, 9, *recipeAt(parent, 9), true);
        QVERIFY2(child, child ? "" : child.error().message.c_str());
        compareRecords(*child, parent);
        const auto report = replay(folder, options(), {});
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QVERIFY2(report->isIdentical(), report->difference ? report->difference->what.c_str() : "");
    }
    void withoutItsLastCheckpointItIsComputedAgain()
    {
        const auto recipe = recipeWith(OptimizerKind::Adam);
        const auto folder = stoppedAt(recipe, 7);
        fs::remove(folder / SessionStore::load(folder)->checkpoints.back().file);
        Witness witness;
        const auto resumed = resume(folder, changes(7, 12), &witness);
        QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
        QVERIFY(witness.recomputed > 0);
        QCOMPARE(witness.points.front().step, Step{7});
        QCOMPARE(m_warnings.size(), std::size_t{1});
        compareRecords(*resumed, whole(recipe));
    }
    void aDamagedCheckpointIsToldAndPassedOver()
    {
        const auto recipe = recipeWith(OptimizerKind::Adam);
        const auto folder = stoppedAt(recipe, 7);
        std::fstream file(folder / SessionStore::load(folder)->checkpoints.back().file,
                          std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(-3, std::ios::end);
        file.put('x');
        file.close();
        const auto resumed = resume(folder, changes(7, 12));
        QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
        QCOMPARE(m_warnings.size(), std::size_t{1});
        QVERIFY2(m_warnings[0].find("is damaged") != std::string::npos, m_warnings[0].c_str());
        compareRecords(*resumed, whole(recipe));
    }
    void aStopInTheMiddleOfValidationLosesNothing()
    {
        const auto recipe = recipeWith(OptimizerKind::Adam);
        std::stop_source stop;
        Witness witness;
        witness.atValidation = [&stop] { stop.request_stop(); };
        fs::path folder;
        auto part = options();
        part.planned = changes(0, 4);
        const auto stopped = run(recipe, part, &folder, &witness, stop.get_token());
        QCOMPARE(stopped->epochs.size(), std::size_t{0});
        QCOMPARE(stopped->steps.size(), std::size_t{4});
        const auto resumed = resume(folder, changes(4, 12));
        QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
        compareRecords(*resumed, whole(recipe));
    }
    /// The folder as it lies on the disk in the middle of a run is what a killed process leaves.
    void anInterruptedSessionIsFoldedAndResumed()
    {
        const auto recipe = recipeWith(OptimizerKind::AdamW);
        const fs::path left = m_folder.filePath(QStringLiteral("left")).toStdString();
        auto all = options();
        all.planned = changes(0, 12);
        auto prepared = std::move(*Run::prepare(recipe, all));
        Witness witness;
        witness.atStep = [&](Step step) {
            if (step != 9)
                return;
            QVERIFY(SessionStore::isRunning(prepared->sessionFolder()));
            QVERIFY(!SessionStore::discard(prepared->sessionFolder()));
            QVERIFY(!SessionStore::annotate(prepared->sessionFolder(), {}));
            fs::copy(prepared->sessionFolder(), left, fs::copy_options::recursive);
        };
        const auto full = prepared->execute(witness, {});
        std::ofstream(left / "journal.jsonl", std::ios::app) << "{\"steps\": {\"step\": [9], \"lo";
        std::vector<std::string> remarks;
        const auto loaded = SessionStore::load(left, &remarks);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        QCOMPARE(remarks.size(), std::size_t{1});
        QCOMPARE(loaded->state, SessionState::Stopped);
        QVERIFY2(loaded->error.find("interrupted") != std::string::npos, loaded->error.c_str());
        QVERIFY(loaded->steps.size() >= 8);
        QVERIFY(!fs::exists(left / "journal.jsonl"));
        const auto resumed = resume(left, {}); // What was planned stands in the session.
        QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
        compareRecords(*resumed, *full);
    }
    void whatIsFinishedIsNotResumed()
    {
        fs::path folder;
        whole(recipeWith(OptimizerKind::Adam), &folder);
        const auto resumed = resume(folder, {});
        QVERIFY(!resumed);
        QVERIFY(resumed.error().message.find("is finished") != std::string::npos);
    }
    void branchWithoutChangeEndsAsItsParent()
    {
        const auto recipe = recipeWith(OptimizerKind::Adam);
        fs::path folder;
        const auto parent = whole(recipe, &folder);
        for (const Step step : {0, 5, 8}) {
            const auto child = branch(folder, step, *recipeAt(parent, step), true);
            QVERIFY2(child, child ? "" : child.error().message.c_str());
            QCOMPARE(child->parent->id, parent.id);
            QCOMPARE(child->parent->step, step);
            QVERIFY(child->id != parent.id);
            compareRecords(*child, parent);
        }
    }
    void branchWithAChangeIsEqualUpToThere()
    {
        const auto recipe = recipeWith(OptimizerKind::Adam);
        fs::path folder;
        const auto parent = whole(recipe, &folder);
        auto other = *recipeAt(parent, 5);
        QVERIFY(
            std::ranges::any_of(other.layers, [](const LayerRule& rule) { return rule.match == "block1"; }));
        other.layers.push_back(
            {.match = "block1", .trainable = true, .statistics = {}, .rate = {}, .sparsity = {}});
        other.optimizer.learningRate = 0.003;
        other.epochs = 4;
        const auto child = branch(folder, 5, other);
        QVERIFY2(child, child ? "" : child.error().message.c_str());
        QCOMPARE(child->steps.size(), std::size_t{16});
        for (std::size_t i = 0; i < 5; ++i)
            QCOMPARE(child->steps[i].loss, parent.steps[i].loss);
        QCOMPARE(child->steps[5].learningRate, 0.003);
        QVERIFY(child->steps[6].loss != parent.steps[6].loss);
        QCOMPARE(child->epochs[0].validation->loss, parent.epochs[0].validation->loss);
        QCOMPARE(child->interventions.size(), std::size_t{5}); // Three of the parent's, two of its own.
        // It stands on its own: run again from step 0, without the parent.
        fs::path childFolder = fs::path(m_folder.path().toStdString()) / child->id;
        fs::remove_all(folder);
        const auto report = replay(childFolder, options(), {});
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QVERIFY(report->isIdentical());
    }
    void branchRefusesWhatCannotChange()
    {
        const auto recipe = recipeWith(OptimizerKind::Adam);
        fs::path folder;
        const auto parent = whole(recipe, &folder);
        auto other = *recipeAt(parent, 5);
        other.batchSize = 20;
        const auto child = branch(folder, 5, other);
        QVERIFY(!child);
        QVERIFY2(child.error().message.find("/batch_size cannot change in a branch") != std::string::npos,
                 child.error().message.c_str());
        QVERIFY(!branch(folder, 12, *recipeAt(parent, 12)));
        QVERIFY(!recipeAt(parent, 13));
    }
    void divergenceAndPausesAreReplayed()
    {
        auto recipe = recipeWith(OptimizerKind::Sgd);
        recipe.optimizer.momentum = 0.0;
        recipe.optimizer.learningRate = 1000.0;
        auto prepared = std::move(*Run::prepare(recipe, options()));
        Witness witness;
        int divergences = 0;
        witness.atStep = [&](Step step) {
            if (step == 8)
                prepared->requestPause();
        };
        witness.whenPaused = [&](Step, const std::string& reason) {
            divergences += reason.empty() ? 0 : 1;
            QVERIFY2(divergences < 3, reason.c_str());
            prepared->request({ChangeKind::LearningRate, "", reason.empty() ? 0.002 : 1e-4});
            prepared->requestResume();
        };
        const auto session = prepared->execute(witness, {}, true);
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        QVERIFY(std::ranges::any_of(session->interventions, [](const Intervention& made) {
            return made.change.kind == ChangeKind::Diverged;
        }));
        const auto report = replay(prepared->sessionFolder(), options(), {});
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QVERIFY2(report->isIdentical(), report->difference ? report->difference->what.c_str() : "");
        QCOMPARE(report->steps, Step{12});
        QCOMPARE(report->epochs, 3);
        QVERIFY(report->checkpoints >= 1);
        const auto child = branch(prepared->sessionFolder(), 0, *recipeAt(*session, 0), true);
        QVERIFY2(child, child ? "" : child.error().message.c_str());
        compareRecords(*child, *session);
    }
    void aChangedInterventionIsFound()
    {
        fs::path folder;
        whole(recipeWith(OptimizerKind::Adam), &folder);
        QVERIFY(replay(folder, options(), {})->isIdentical());
        auto session = *SessionStore::load(folder);
        session.interventions[0].step = 3; // The freeze of block1 at step 1.
        std::ranges::stable_sort(session.interventions, {}, &Intervention::step);
        QVERIFY(SessionStore::save(session, folder));
        const auto report = replay(folder, options(), {});
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QVERIFY(report->difference);
        QVERIFY(report->difference->step >= 1 && report->difference->step <= 4);
        QVERIFY(!report->difference->layer.empty());
        QVERIFY(report->difference->largestDifference > 0.0);
    }
};

QTEST_APPLESS_MAIN(TestResume)
#include "tst_resume.moc"
