#include <QTest>

#include "core/run_case.h"
#include "fashion_recipe.h"
#include "session/session_at.h"
#include "session/session_store.h"
#include "training/replay.h"

using namespace frostline;
using tests::at;
using tests::compareRecords;
using tests::Witness;

namespace fs = std::filesystem;

namespace {

constexpr Step kEpoch = 4; // Steps of one.

/// The first phase ends after its second epoch: nothing gets better by 10.
EndRecipe endAfterTwo()
{
    return {{Monitor::TrainLoss, {}}, 1, 10.0, false};
}

/// Three phases: one ends early and drops its rate, and each goes back to its first epoch, which is made the
/// best one by turning the monitor round.
Recipe phasedRecipe()
{
    auto recipe = tests::fashionRecipe();
    recipe.checkpoints.watched = {Monitor::TrainLoss, MonitorMode::Max};
    recipe.schedule.kind = ScheduleKind::Plateau;
    recipe.schedule.watched = {Monitor::TrainLoss, {}};
    recipe.schedule.patience = 0;
    recipe.schedule.threshold = 10.0;
    recipe.schedule.isThresholdAbsolute = true;
    recipe.schedule.factor = 0.5;
    PhaseRecipe head;
    head.name = "head";
    head.epochs = 4;
    head.trainable = {{"last 1 stage"}};
    head.until = endAfterTwo();
    head.restoresBest = true;
    PhaseRecipe blocks;
    blocks.name = "and block 2";
    blocks.epochs = 3;
    blocks.trainable = {{"head", "block2"}};
    blocks.learningRate = 0.004;
    blocks.restoresBest = true;
    PhaseRecipe all;
    all.name = "all";
    all.epochs = 2;
    all.trainable = {{"*"}};
    all.statistics = Statistics::Frozen;
    all.learningRate = 0.002;
    all.schedule.emplace().kind = ScheduleKind::Cosine;
    all.schedule->warmup.steps = 2;
    recipe.phases = {head, blocks, all};
    recipe.epochs = 9;
    return recipe;
}

/// Its best epoch is the first one, and it goes back there twice: at the end of its first phase, and at its
/// own. With masks.
Recipe twiceBackRecipe()
{
    auto recipe = tests::fashionRecipe();
    recipe.checkpoints.watched = {Monitor::TrainLoss, MonitorMode::Max};
    recipe.checkpoints.restoresBest = true;
    recipe.pruning.sparsity = 0.5;
    PhaseRecipe all;
    all.name = "all";
    all.epochs = 3;
    all.restoresBest = true;
    PhaseRecipe head;
    head.name = "head";
    head.epochs = 2;
    head.trainable = {{"last 2 stages"}};
    recipe.phases = {all, head};
    recipe.epochs = 5;
    return recipe;
}

std::vector<const Intervention*> ofKind(const Session& session, ChangeKind kind)
{
    std::vector<const Intervention*> found;
    for (const auto& each : session.interventions) {
        if (each.change.kind == kind)
            found.push_back(&each);
    }
    return found;
}

/// At the end of an epoch, counted from 0; -1 where there is no such layer.
double driftAt(const Session& session, std::size_t epoch, const std::string& path)
{
    const auto& layers = session.epochs[epoch].layers;
    const auto found = std::ranges::find(layers, path, &LayerMeasure::path);
    return found == layers.end() ? -1.0 : found->drift;
}

bool trains(const LayerTable& layers, const std::string& path)
{
    return std::ranges::find(layers, path, &LayerInfo::path)->settings.trainable;
}

} // namespace

class TestPhasedRun : public tests::RunCase {
    Q_OBJECT

private:
    std::optional<Session> m_whole;

    const Session& whole()
    {
        if (!m_whole)
            m_whole = run(phasedRecipe(), options()).value();
        return *m_whole;
    }
    /// Cut where `steps` are done.
    fs::path cutAt(const Recipe& recipe, Step steps, std::vector<Intervention> planned = {})
    {
        auto part = options();
        part.maximumSteps = steps;
        part.planned = std::move(planned);
        fs::path folder;
        run(recipe, part, &folder).value();
        return folder;
    }

private Q_SLOTS:
    void phasesComeOneAfterAnother()
    {
        fs::path folder;
        Witness witness;
        const auto session = run(phasedRecipe(), options(), &folder, &witness);
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        QCOMPARE(session->state, SessionState::Finished);
        QCOMPARE(session->epochs.size(), std::size_t{7}); // Two of four, three, two.
        const auto begun = ofKind(*session, ChangeKind::Phase);
        QCOMPARE(begun.size(), std::size_t{3});
        QCOMPARE(begun[0]->step, Step{0});
        QCOMPARE(begun[1]->step, 2 * kEpoch);
        QCOMPARE(begun[2]->step, 5 * kEpoch);
        QCOMPARE(std::get<std::string>(begun[1]->change.value), std::string("and block 2"));
        QCOMPARE(begun[1]->origin, Origin::Phase);
        const auto back = ofKind(*session, ChangeKind::Restore);
        QCOMPARE(back.size(), std::size_t{1}); // The first phase was at its best where it ended.
        QCOMPARE(back[0]->step, 5 * kEpoch);
        QCOMPARE(std::get<double>(back[0]->change.value), static_cast<double>(3 * kEpoch));
        const auto notes = ofKind(*session, ChangeKind::Note);
        QCOMPARE(notes.size(), std::size_t{1});
        QCOMPARE(std::get<std::string>(notes[0]->change.value),
                 std::string("head ended early: train_loss has not got better for 1 epoch"));
        QVERIFY(trains(session->layers, "block1.conv"));
    }
    void ratesAreBaseTimesSchedule()
    {
        const auto rateAt = [&](Step step) {
            return whole().steps[static_cast<std::size_t>(step)].learningRate;
        };
        QCOMPARE(rateAt(0), 0.01);
        QCOMPARE(rateAt(2 * kEpoch), 0.004);      // A new phase, a new rate, no drops.
        QCOMPARE(rateAt(4 * kEpoch - 1), 0.004);  // Its second epoch has not ended.
        QCOMPARE(rateAt(4 * kEpoch), 0.002);      // It has, and was no better by 10.
        QCOMPARE(rateAt(5 * kEpoch), 0.0002);     // Warm-up from a tenth,
        QCOMPARE(rateAt(5 * kEpoch + 2), 0.002);  // to the cosine's beginning,
        QVERIFY(rateAt(7 * kEpoch - 1) < 0.0003); // and down.
    }
    void frozenLayersDoNotMoveAcrossAPhase()
    {
        const auto* session = &whole();
        QCOMPARE(driftAt(*session, 1, "block2.conv"), 0.0);
        QVERIFY(driftAt(*session, 2, "block2.conv") > 0.0);
        QCOMPARE(driftAt(*session, 4, "block1.conv"), 0.0);
        QVERIFY(driftAt(*session, 5, "block1.conv") > 0.0);
    }
    void goingBackGivesTheBestEpochsBytes()
    {
        auto part = options();
        part.maximumSteps = 5 * kEpoch; // The next phase has begun, and nothing was trained in it.
        const auto session = run(phasedRecipe(), part);
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        const auto now = std::ranges::find(session->layers, "block2.conv", &LayerInfo::path);
        QVERIFY(now != session->layers.end());
        QVERIFY(driftAt(*session, 2, "block2.conv") != driftAt(*session, 4, "block2.conv"));
        QCOMPARE(now->drift, driftAt(*session, 2, "block2.conv"));
    }
    void cutAnywhereItEndsWithTheSameBytes_data()
    {
        QTest::addColumn<int>("step");
        for (const int step : {2, 7, 8, 9, 17, 20, 21, 26, 28})
            QTest::addRow("stopped at %d", step) << step;
    }
    void cutAnywhereItEndsWithTheSameBytes()
    {
        QFETCH(int, step);
        const auto folder = cutAt(phasedRecipe(), step);
        const auto cut = SessionStore::load(folder);
        if (cut->state == SessionState::Finished)
            return compareRecords(*cut, whole());
        const auto resumed = resume(folder, {});
        QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
        compareRecords(*resumed, whole());
        QVERIFY(m_warnings.empty());
    }
    /// Then the best epoch's state has to be computed again too.
    void withoutCheckpointsItEndsWithTheSameBytes()
    {
        const auto folder = cutAt(phasedRecipe(), 18);
        fs::remove_all(folder / "checkpoints");
        fs::create_directory(folder / "checkpoints");
        const auto resumed = resume(folder, {});
        QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
        compareRecords(*resumed, whole());
        m_warnings.clear();
    }
    void onlyTheBestIsMissing()
    {
        const auto folder = cutAt(phasedRecipe(), 18);
        const auto cut = SessionStore::load(folder);
        for (const auto& each : cut->checkpoints) {
            if (each.restore)
                fs::remove(folder / each.file);
        }
        const auto resumed = resume(folder, {});
        QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
        compareRecords(*resumed, whole());
        QVERIFY(!m_warnings.empty());
        m_warnings.clear();
    }
    void itGoesBackToOneStateTwice()
    {
        fs::path folder;
        const auto whole = run(twiceBackRecipe(), options(), &folder);
        QVERIFY2(whole, whole ? "" : whole.error().message.c_str());
        const auto back = ofKind(*whole, ChangeKind::Restore);
        QCOMPARE(back.size(), std::size_t{2});
        for (const auto* each : back)
            QCOMPARE(std::get<double>(each->change.value), static_cast<double>(kEpoch));
        const auto report = replay(folder, options(), {});
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QVERIFY2(report->isIdentical(), report->difference ? report->difference->what.c_str() : "");
        auto sparing = twiceBackRecipe(); // What may be gone back to is not among what is kept few of.
        sparing.checkpoints.everyEpochs = 1;
        sparing.checkpoints.keep = 1;
        for (const Step step : {13, 18}) {
            const auto resumed = resume(cutAt(sparing, step), {});
            QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
            compareRecords(*resumed, *whole);
        }
        QVERIFY2(m_warnings.empty(), m_warnings.empty() ? "" : m_warnings[0].c_str());
    }
    void aBranchOfABranchEndsAsItsParent()
    {
        fs::path folder;
        auto steered = options();
        steered.planned = {at(6, ChangeKind::LearningRate, "", 0.02)};
        QVERIFY(run(twiceBackRecipe(), steered, &folder));
        const auto parent = SessionStore::load(folder);
        const auto child = branch(folder, 10, *recipeAt(*parent, 10), true);
        QVERIFY2(child, child ? "" : child.error().message.c_str());
        const auto childFolder = folder.parent_path() / child->id;
        const auto loaded = SessionStore::load(childFolder);
        const auto grandchild = branch(childFolder, 9, *recipeAt(*loaded, 9), true);
        QVERIFY2(grandchild, grandchild ? "" : grandchild.error().message.c_str());
        compareRecords(*grandchild, *parent);
        QVERIFY2(m_warnings.empty(), m_warnings.empty() ? "" : m_warnings[0].c_str());
    }
    void aBranchThatWatchesAnotherFigureIsReplayed()
    {
        fs::path folder;
        QVERIFY(run(twiceBackRecipe(), options(), &folder));
        const auto parent = SessionStore::load(folder);
        auto other = *recipeAt(*parent, 14);
        other.checkpoints.watched.mode = MonitorMode::Min;
        const auto child = branch(folder, 14, other);
        QVERIFY2(child, child ? "" : child.error().message.c_str());
        const auto report = replay(folder.parent_path() / child->id, options(), {});
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QVERIFY2(report->isIdentical(), report->difference ? report->difference->what.c_str() : "");
    }
    void aBranchThatItsOwnRuleHasEndedIsRefused()
    {
        auto recipe = tests::fashionRecipe();
        recipe.epochs = 6;
        fs::path folder;
        QVERIFY(run(recipe, options(), &folder));
        const auto parent = SessionStore::load(folder);
        auto other = *recipeAt(*parent, 14);
        other.earlyStopping = endAfterTwo();
        const auto child = branch(folder, 14, other);
        QVERIFY(!child);
        QVERIFY2(child.error().message.find("nothing is left to train from step 14 on: early stopping") !=
                     std::string::npos,
                 child.error().message.c_str());
    }
    void whatAHandFrozeIsLeftOutAndTold()
    {
        auto recipe = tests::fashionRecipe();
        PhaseRecipe first;
        first.name = "first";
        first.epochs = 1;
        PhaseRecipe pruned = first;
        pruned.name = "pruned";
        pruned.layers = {{"block1", {}, {}, {}, 0.5}};
        recipe.phases = {first, pruned};
        recipe.epochs = 2;
        auto steered = options();
        steered.planned = {at(2, ChangeKind::Trainable, "block1", false)};
        const auto session = run(recipe, steered);
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        QCOMPARE(session->state, SessionState::Finished);
        const auto notes = ofKind(*session, ChangeKind::Note);
        QCOMPARE(notes.size(), std::size_t{1});
        QVERIFY(std::get<std::string>(notes[0]->change.value).find("left out") == 0);
        recipe.phases[1].trainable = {{"head"}}; // So it is planned: an error before the start.
        const auto refused = run(recipe, options());
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.find("/phases/1/layers: sparsity of \"block1\"") !=
                     std::string::npos,
                 refused.error().message.c_str());
    }
    void aReplayIsTheSame()
    {
        fs::path folder;
        auto steered = options();
        steered.planned = {at(5, ChangeKind::LearningRate, "", 0.02),
                           at(2 * kEpoch, ChangeKind::Trainable, "block1", true)};
        const auto session = run(phasedRecipe(), steered, &folder);
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        const auto report = replay(folder, options(), {});
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QVERIFY2(report->isIdentical(), report->difference ? report->difference->what.c_str() : "");
        QCOMPARE(report->steps, static_cast<Step>(session->steps.size()));
    }
    void aBranchEndsAsItsParent()
    {
        fs::path folder;
        QVERIFY(run(phasedRecipe(), options(), &folder));
        const auto parent = SessionStore::load(folder);
        for (const Step step : {Step{6}, 2 * kEpoch, Step{17}}) {
            const auto child = branch(folder, step, *recipeAt(*parent, step), true);
            QVERIFY2(child, child ? "" : child.error().message.c_str());
            compareRecords(*child, *parent);
        }
        auto other = *recipeAt(*parent, 6);
        other.phases[1].epochs = 2;
        const auto refused = branch(folder, 6, other);
        QVERIFY(!refused);
        QVERIFY(refused.error().message.find("/phases cannot change in a branch") != std::string::npos);
    }
    void aHandsChangeSurvivesUnlessThePhaseSetsTheLayer()
    {
        auto recipe = phasedRecipe();
        recipe.phases.pop_back();
        auto steered = options();
        steered.planned = {at(3, ChangeKind::Trainable, "block1.conv", true),
                           at(3, ChangeKind::Trainable, "block2.norm", true),
                           at(4, ChangeKind::Trainable, "block2.norm", false),
                           at(5, ChangeKind::LearningRate, "", 0.03)};
        const auto session = run(recipe, steered);
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        QVERIFY(trains(session->layers, "block1.conv")); // The second phase does not speak of it.
        QVERIFY(!trains(session->layers, "block1.norm"));
        QVERIFY(trains(session->layers, "block2.norm"));          // It names that.
        QCOMPARE(session->steps[2 * kEpoch].learningRate, 0.004); // And sets this.
        QCOMPARE(session->steps[2 * kEpoch - 1].learningRate, 0.03);
    }
    void aPatternOfALaterPhaseIsFoundBeforeTheStart()
    {
        auto recipe = phasedRecipe();
        recipe.phases[2].trainable = {{"blokc1"}};
        const auto sessions = SessionStore(m_folder.path().toStdString()).list().size();
        const auto session = run(recipe, options());
        QVERIFY(!session);
        QVERIFY2(session.error().message.find("/phases/2/trainable: pattern \"blokc1\" matches no layer") !=
                     std::string::npos,
                 session.error().message.c_str());
        QCOMPARE(SessionStore(m_folder.path().toStdString()).list().size(), sessions);
    }
    void earlyStoppingEndsTheRunAndGoesBack()
    {
        auto recipe = tests::fashionRecipe();
        recipe.epochs = 6;
        recipe.earlyStopping = endAfterTwo();
        recipe.checkpoints.watched = {Monitor::TrainLoss, MonitorMode::Max};
        recipe.checkpoints.restoresBest = true;
        recipe.checkpoints.everyEpochs = 1;
        fs::path folder;
        const auto session = run(recipe, options(), &folder);
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        QCOMPARE(session->epochs.size(), std::size_t{2});
        QCOMPARE(session->state, SessionState::Finished);
        QCOMPARE(ofKind(*session, ChangeKind::Restore).size(), std::size_t{1});
        QVERIFY(ofKind(*session, ChangeKind::Phase).empty());
        const auto report = replay(folder, options(), {});
        QVERIFY2(report, report ? "" : report.error().message.c_str());
        QVERIFY2(report->isIdentical(), report->difference ? report->difference->what.c_str() : "");
        const auto resumed = resume(cutAt(recipe, 7), {});
        QVERIFY2(resumed, resumed ? "" : resumed.error().message.c_str());
        compareRecords(*resumed, *session);
    }
    void aBranchWithMoreEpochsKeepsTheSchedulesLength()
    {
        auto recipe = tests::fashionRecipe();
        recipe.schedule.kind = ScheduleKind::Cosine;
        recipe.schedule.warmup.epochs = 0.6;
        fs::path folder;
        const auto parent = run(recipe, options(), &folder);
        auto other = *recipeAt(*parent, 6);
        other.epochs = 5;
        const auto child = branch(folder, 6, other);
        QVERIFY2(child, child ? "" : child.error().message.c_str());
        for (std::size_t i = 0; i < parent->steps.size(); ++i)
            QCOMPARE(child->steps[i].loss, parent->steps[i].loss);
        QVERIFY(child->steps.back().learningRate < 1e-12);
        QVERIFY(m_warnings.empty());
    }
};

QTEST_GUILESS_MAIN(TestPhasedRun)
#include "tst_phased_run.moc"
