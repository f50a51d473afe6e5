#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "run/run_controller.h"
#include "session/session_store.h"

using namespace frostline;
using State = RunController::State;

namespace {

constexpr int kPatience = 60'000;

Recipe smallRecipe(int epochs)
{
    Recipe recipe;
    recipe.name = "small";
    recipe.title = "Small";
    recipe.data.path = "dataset:fashion-mnist";
    recipe.data.classes = {"bag", "sneaker"};
    recipe.data.trainLimit = 20;
    recipe.data.validation.limit = 10;
    recipe.model.architecture = "mlp";
    recipe.model.options.sizes = {{16, 8}};
    recipe.batchSize = 8;
    recipe.epochs = epochs;
    return recipe;
}

} // namespace

class TestRunController : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        if (!QDir(QStringLiteral("/usr/share/datasets/fashion-mnist")).exists())
            QSKIP("dataset-fashion-mnist is not installed");
    }

    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_sessions = std::make_unique<QTemporaryDir>();
        RunOptions options;
        options.threads = 1;
        options.device = "cpu";
        options.sessionsFolder = m_sessions->path().toStdString();
        m_run = std::make_unique<RunController>(options);
    }

    void cleanup() { m_run.reset(); }

    void loadPreparesAndEstimates()
    {
        QSignalSpy prepared(m_run.get(), &RunController::prepared);
        QSignalSpy estimated(m_run.get(), &RunController::costEstimated);
        m_run->load(smallRecipe(1));
        QCOMPARE(m_run->state(), State::Preparing);
        QVERIFY(estimated.wait(kPatience));
        QCOMPARE(prepared.count(), 1);
        QCOMPARE(m_run->state(), State::Ready);
        const auto data = prepared.first().at(1).value<std::shared_ptr<const DataSplits>>();
        QCOMPARE(data->train.size(), 40);
        QVERIFY(!prepared.first().at(0).value<LayerTable>().empty());
        QVERIFY(estimated.first().first().value<CostReport>().stepSeconds > 0.0);
    }

    void aNewLoadTakesThePlaceOfTheOld()
    {
        QSignalSpy prepared(m_run.get(), &RunController::prepared);
        m_run->load(smallRecipe(1));
        auto second = smallRecipe(1);
        second.data.trainLimit = 7;
        m_run->load(second);
        QTRY_COMPARE_WITH_TIMEOUT(m_run->state(), State::Ready, kPatience);
        QCOMPARE(prepared.count(), 1);
        QCOMPARE(prepared.first().at(1).value<std::shared_ptr<const DataSplits>>()->train.size(), 14);
    }

    void aBadRecipeFails()
    {
        QSignalSpy failed(m_run.get(), &RunController::failed);
        auto recipe = smallRecipe(1);
        recipe.data.path = "dataset:none-such";
        m_run->load(recipe);
        QVERIFY(failed.wait(kPatience));
        QVERIFY(failed.first().first().toString().contains(QStringLiteral("none-such")));
        QCOMPARE(m_run->state(), State::Empty);
    }

    void aRunReportsFactsAndEnds()
    {
        QSignalSpy started(m_run.get(), &RunController::started);
        QSignalSpy epochs(m_run.get(), &RunController::epochDone);
        QSignalSpy ended(m_run.get(), &RunController::ended);
        Step points = 0;
        connect(m_run.get(), &RunController::metricsArrived, this,
                [&](const std::vector<MetricPoint>& arrived, const RunProgress& progress) {
                    points += std::ssize(arrived);
                    QVERIFY(progress.step >= arrived.back().step);
                });
        m_run->start(smallRecipe(3));
        QCOMPARE(m_run->state(), State::Starting);
        QVERIFY(ended.wait(kPatience));
        QCOMPARE(m_run->state(), State::Ended);
        QCOMPARE(started.count(), 1);
        QCOMPARE(epochs.count(), 3);
        QCOMPARE(points, 15);
        const auto session = ended.first().first().value<std::shared_ptr<const Session>>();
        QCOMPARE(session->state, SessionState::Finished);
        QVERIFY(SessionStore::load(m_run->sessionFolder().toStdString()).has_value());
    }

    void pausesStepsAppliesChangesAndResumes()
    {
        QSignalSpy paused(m_run.get(), &RunController::paused);
        QSignalSpy applied(m_run.get(), &RunController::interventionApplied);
        QSignalSpy refused(m_run.get(), &RunController::changeRefused);
        m_run->start(smallRecipe(10'000));
        m_run->singleStep(); // Before the run exists: kept until it does.
        QVERIFY(paused.wait(kPatience));
        QCOMPARE(m_run->state(), State::Paused);
        // Twice: on the way to its only step, or not at all before it.
        QTRY_COMPARE_WITH_TIMEOUT(m_run->nextStep(), Step{1}, kPatience);
        QTRY_COMPARE(m_run->state(), State::Paused);
        m_run->request({{ChangeKind::Trainable, "dense1", false}, {ChangeKind::Trainable, "none", false}});
        QTRY_COMPARE_WITH_TIMEOUT(applied.count(), 1, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(refused.count(), 1, kPatience);
        QCOMPARE(applied.first().first().value<Intervention>().step, Step{1});
        m_run->resume();
        QTRY_COMPARE_WITH_TIMEOUT(m_run->state(), State::Running, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(m_run->nextStep() > 20, kPatience);
        m_run->pause();
        QCOMPARE(m_run->state(), State::Pausing);
        QTRY_COMPARE_WITH_TIMEOUT(m_run->state(), State::Paused, kPatience);
        const auto at = m_run->nextStep();
        m_run->singleStep();
        QTRY_COMPARE_WITH_TIMEOUT(m_run->nextStep(), at + 1, kPatience);
        QTRY_COMPARE_WITH_TIMEOUT(m_run->state(), State::Paused, kPatience);
        m_run->stop();
        QTRY_COMPARE_WITH_TIMEOUT(m_run->state(), State::Ended, kPatience);
    }

    void stopWhileStartingLeavesNoSession()
    {
        QSignalSpy ended(m_run.get(), &RunController::ended);
        m_run->start(smallRecipe(10'000));
        m_run->stop();
        QCOMPARE(m_run->state(), State::Stopping);
        QTRY_VERIFY_WITH_TIMEOUT(!m_run->isActive(), kPatience);
        QVERIFY(ended.isEmpty());
        QVERIFY(QDir(m_sessions->path()).isEmpty());
    }

    void aBranchGoesBackToItsStep()
    {
        const QString parent = stoppedRun();
        QSignalSpy recomputing(m_run.get(), &RunController::recomputing);
        QSignalSpy started(m_run.get(), &RunController::started);
        Step first = -1;
        connect(
            m_run.get(), &RunController::metricsArrived, this,
            [&](const std::vector<MetricPoint>& points) { first = first < 0 ? points.front().step : first; });
        auto recipe = smallRecipe(3);
        recipe.optimizer.learningRate *= 2.0;
        m_run->start(recipe, RunOrigin{RunOrigin::Kind::Branch, parent.toStdString(), 7});
        QTRY_COMPARE_WITH_TIMEOUT(m_run->state(), State::Ended, kPatience);
        QVERIFY(recomputing.count() >= 1);
        QVERIFY(recomputing.last().first().value<RunProgress>().step <= 7);
        QCOMPARE(started.count(), 1);
        QCOMPARE(first, Step{7});
        const auto branch = SessionStore::load(m_run->sessionFolder().toStdString());
        QVERIFY(branch.has_value());
        QVERIFY(branch->parent && branch->parent->step == 7);
        QCOMPARE(branch->steps.size(), std::size_t(15));
        QCOMPARE(branch->interventions.size(), std::size_t(1));
    }

    void aResumedRunGoesOnInItsFolder()
    {
        const QString folder = stoppedRun();
        const auto before = SessionStore::load(folder.toStdString());
        QVERIFY(before.has_value());
        Step first = -1;
        connect(
            m_run.get(), &RunController::metricsArrived, this,
            [&](const std::vector<MetricPoint>& points) { first = first < 0 ? points.front().step : first; });
        m_run->start(before->recipe, RunOrigin{.folder = folder.toStdString()});
        QTRY_VERIFY_WITH_TIMEOUT(first >= 0, kPatience);
        m_run->stop();
        QTRY_COMPARE_WITH_TIMEOUT(m_run->state(), State::Ended, kPatience);
        QCOMPARE(m_run->sessionFolder(), folder);
        QCOMPARE(static_cast<std::size_t>(first), before->steps.size());
        const auto after = SessionStore::load(folder.toStdString());
        QVERIFY(after.has_value());
        QVERIFY(after->steps.size() > before->steps.size());
    }

    void aPlanIsPreparedAnewForAnotherOrigin()
    {
        const QString parent = stoppedRun();
        const auto session = SessionStore::load(parent.toStdString());
        QVERIFY(session.has_value());
        QSignalSpy estimated(m_run.get(), &RunController::costEstimated);
        m_run->load(session->recipe, RunOrigin{RunOrigin::Kind::Branch, parent.toStdString(), 3});
        QVERIFY(estimated.wait(kPatience));
        // The same recipe from the beginning: what was prepared for the branch must not run.
        m_run->start(session->recipe);
        QTRY_VERIFY_WITH_TIMEOUT(m_run->nextStep() > 3, kPatience);
        m_run->stop();
        QTRY_COMPARE_WITH_TIMEOUT(m_run->state(), State::Ended, kPatience);
        const auto fresh = SessionStore::load(m_run->sessionFolder().toStdString());
        QVERIFY(fresh.has_value() && !fresh->parent);
    }

    void aReplaySaysWhetherItIsTheSame()
    {
        const QString folder = stoppedRun();
        QSignalSpy replayed(m_run.get(), &RunController::replayed);
        m_run->replay(folder);
        QCOMPARE(m_run->state(), State::Replaying);
        QVERIFY(!m_run->isActive());
        QVERIFY(replayed.wait(kPatience));
        const auto report = replayed.first().first().value<std::shared_ptr<const Result<ReplayReport>>>();
        QVERIFY(report->has_value() && report->value().isIdentical());
        QVERIFY(report->value().steps > 0);
        QCOMPARE(m_run->state(), State::Ready);
        m_run->replay(folder);
        m_run->load(smallRecipe(1)); // Something else is wanted.
        QTRY_COMPARE_WITH_TIMEOUT(m_run->state(), State::Ready, kPatience);
        QCOMPARE(replayed.count(), 1);
    }

    void destroyingStopsTheRun()
    {
        m_run->start(smallRecipe(1'000'000));
        QTRY_COMPARE_WITH_TIMEOUT(m_run->state(), State::Running, kPatience);
        QElapsedTimer timer;
        timer.start();
        m_run.reset();
        QVERIFY(timer.elapsed() < 5000);
        const auto sessions = SessionStore(m_sessions->path().toStdString()).list();
        QCOMPARE(sessions.size(), 1u);
        QVERIFY(sessions.front().session.has_value());
        QCOMPARE(sessions.front().session->state, SessionState::Stopped);
    }

private:
    /// A run of ten steps or more that was stopped; its folder.
    QString stoppedRun()
    {
        m_run->start(smallRecipe(10'000));
        [this] { QTRY_VERIFY_WITH_TIMEOUT(m_run->nextStep() > 10, kPatience); }();
        m_run->stop();
        [this] { QTRY_COMPARE_WITH_TIMEOUT(m_run->state(), State::Ended, kPatience); }();
        return m_run->sessionFolder();
    }

    std::unique_ptr<QTemporaryDir> m_sessions;
    std::unique_ptr<RunController> m_run;
};

QTEST_GUILESS_MAIN(TestRunController)
#include "tst_run_controller.moc"
