#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>

#include "base/json.h"
#include "fashion_recipe.h"
#include "session/session_store.h"

using namespace frostline;

namespace {

Session fullSession()
{
    Session session;
    session.name = "A trial";
    session.notes = "with \"quotes\" and ünïcode";
    session.tags = {"a", "b"};
    session.recipe = tests::fashionRecipe();
    session.environment = {"0.1.0", "1.13.0", "cpu", 2, "Some CPU"};
    session.state = SessionState::Stopped;
    session.interventions = {
        {30, {ChangeKind::Trainable, "block1", false}, Origin::User, "2026-11-21T16:30:05Z"},
        {40, {ChangeKind::LearningRate, "", 1e-4}, Origin::User, "2026-11-21T16:30:06Z"},
        {41, {ChangeKind::Note, "", std::string("here")}, Origin::Phase, ""}};
    session.steps = {{0, 1, 1.2345678901234567, 0.5, 0.001, 0.0, 0.1},
                     {1, 1, std::nan(""), 0.25, 0.001, 0.5, 0.2}};
    EpochRecord epoch;
    epoch.step = 2;
    epoch.train = {1.0, 0.5};
    epoch.validation = Scores{0.9, 0.75};
    epoch.layers = {{"block1.conv", 0.0, 0.125, 0.5}};
    session.epochs = {epoch};
    LayerInfo block;
    block.path = block.name = "block1";
    block.kind = "ConvBlock";
    block.isLeaf = false;
    LayerInfo conv;
    conv.path = "block1.conv";
    conv.name = "conv";
    conv.kind = "Conv2d";
    conv.parent = 0;
    conv.outputShape = {8, 28, 28};
    conv.parameters = 72;
    conv.settings.trainable = false;
    session.layers = {block, conv};
    session.checkpoints = {
        {2, 1, "checkpoints/step-000002.safetensors", std::string(64, 'a'), 1234, true, false, 0}};
    session.summary = {2, 0.2, 1, 0.75, Scores{0.9, 0.75}};
    return session;
}

} // namespace

class TestSession : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    SessionStore store() const { return SessionStore(m_folder.path().toStdString()); }

private Q_SLOTS:
    void savedAndLoadedIsEqual()
    {
        auto session = fullSession();
        const auto folder = store().create(session);
        QVERIFY2(folder, folder ? "" : folder.error().message.c_str());
        const auto loaded = SessionStore::load(*folder);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        QCOMPARE(toJson(*loaded).dump(), toJson(session).dump());
        QCOMPARE(loaded->steps[0].loss, 1.2345678901234567);
        QVERIFY(std::isnan(loaded->steps[1].loss));
        QVERIFY(loaded->interventions == session.interventions);
        QCOMPARE(toJson(loaded->recipe).dump(), toJson(session.recipe).dump());
        QCOMPARE(loaded->layers[1].parent, 0);
        QVERIFY(!loaded->layers[1].settings.trainable);
    }
    void aTaskWithoutAccuracyIsSavedAndLoaded()
    {
        auto session = fullSession();
        session.recipe.data.task = Task::Values;
        session.recipe.checkpoints.watched.monitor = Monitor::ValidationLoss;
        for (auto& point : session.steps)
            point.accuracy = kNoFigure;
        session.steps[0].mae = 0.1234567890123456;
        auto& epoch = session.epochs.front();
        epoch.train = {.loss = 1.0, .accuracy = kNoFigure, .mae = 0.75};
        epoch.validation = Scores{.loss = 0.9, .accuracy = kNoFigure, .mae = 0.5, .psnr = 21.5};
        session.epochs.push_back(epoch);
        session.epochs.back().epoch = 2;
        session.epochs.back().validation->loss = 0.8;
        session.summary = summaryOf(session);
        QCOMPARE(session.summary.bestEpoch, 2);
        QCOMPARE(session.summary.bestValidationLoss, 0.8);
        QVERIFY(!session.summary.bestAccuracy());
        const auto folder = store().create(session);
        const auto loaded = SessionStore::load(*folder);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        QCOMPARE(toJson(*loaded).dump(), toJson(session).dump());
        QCOMPARE(loaded->steps[0].mae, 0.1234567890123456);
        QVERIFY(std::isnan(loaded->steps[1].mae));
        QVERIFY(std::isnan(loaded->steps[0].accuracy));
        QCOMPARE(loaded->epochs[0].validation->psnr, 21.5);
        QVERIFY(std::isnan(loaded->epochs[0].train.psnr));
        QVERIFY(!SessionStore::loadHead(*folder)->summary.bestAccuracy());
    }
    void anEpochThatIsNoNumberIsNeverTheBest()
    {
        auto session = fullSession();
        for (const auto task : {Task::Values, Task::Classes}) {
            session.recipe.data.task = task;
            auto epoch = session.epochs.front();
            epoch.validation = Scores{.loss = std::nan(""), .accuracy = std::nan("")};
            session.epochs = {epoch, epoch, epoch};
            session.epochs[1].validation = Scores{.loss = 0.9, .accuracy = 0.5};
            for (int i = 0; i < 3; ++i)
                session.epochs[static_cast<std::size_t>(i)].epoch = i + 1;
            QCOMPARE(summaryOf(session).bestEpoch, 2);
        }
    }
    void figuresThatATaskDoesNotHaveAreNotWritten()
    {
        const auto json = toJson(fullSession());
        QVERIFY(!json.at("steps").contains("mae"));
        QCOMPARE(json.at("epochs").at(0).at("validation").size(), std::size_t{2});
        auto sound = fullSession();
        sound.id = "x";
        sound.epochs[0].validation->top5 = 0.875;
        sound.epochs[0].validation->clipAccuracy = 1.0;
        const auto again = sessionFromJson(toJson(sound), "session.json");
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QCOMPARE(again->epochs[0].validation->top5, 0.875);
        QCOMPARE(again->epochs[0].validation->clipAccuracy, 1.0);
    }
    void stepsStandLast()
    {
        auto session = fullSession();
        session.unknown["future"] = {{"x", 1}};
        std::string last;
        const auto json = toJson(session);
        for (const auto& [key, value] : json.items())
            last = key;
        QCOMPARE(last, std::string("steps"));
    }
    void unknownKeysAreKept()
    {
        auto json = toJson(fullSession());
        json["id"] = "x";
        json["future"] = {{"answer", 42}};
        json["parent"] = {{"id", "older"}, {"step", 3}};
        const auto session = sessionFromJson(json, "session.json");
        QVERIFY2(session, session ? "" : session.error().message.c_str());
        QCOMPARE(toJson(*session)["future"]["answer"].get<int>(), 42);
        QCOMPARE(toJson(*session)["parent"]["id"].get<std::string>(), std::string("older"));
    }
    void newerFormatsAreRefused()
    {
        auto json = toJson(fullSession());
        json["frostline"] = "session/2";
        const auto session = sessionFromJson(json, "session.json");
        QVERIFY(!session);
        QVERIFY(session.error().message.find("newer Frostline") != std::string::npos);
    }
    void damageIsNamedWithItsPlace_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::newRow("/interventions/0/kind") << "/interventions/0/kind"
                                               << "\"melt\"";
        QTest::newRow("/interventions/1/value") << "/interventions/1/value"
                                                << "[]";
        QTest::newRow("/epochs/0/epoch") << "/epochs/0/epoch"
                                         << "-1";
        QTest::newRow("/checkpoints/0/file") << "/checkpoints/0/file"
                                             << "\"../../etc/passwd\"";
        QTest::newRow("/steps/step") << "/steps/loss"
                                     << "[1.0]";
        QTest::newRow("/steps/loss") << "/steps/loss/0"
                                     << "\"low\"";
        QTest::newRow("/steps/epoch") << "/steps/epoch/0"
                                      << "1e99";
        QTest::newRow("/recipe: /epochs") << "/recipe/epochs"
                                          << "\"many\"";
    }
    void damageIsNamedWithItsPlace()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        auto json = toJson(fullSession());
        json["id"] = "x";
        json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
        const auto session = sessionFromJson(json, "session.json");
        QVERIFY(!session);
        const QString place = QString::fromLatin1(QTest::currentDataTag());
        QVERIFY2(QString::fromStdString(session.error().message).contains(place),
                 session.error().message.c_str());
    }
    void whatIsNotTextIsStillWritten()
    {
        auto session = fullSession();
        session.name = "\xff\xfe";
        const auto folder = store().create(session);
        QVERIFY(folder);
        QVERIFY(SessionStore::load(*folder));
    }
    void idsAreNeverTakenTwice()
    {
        auto first = fullSession();
        auto second = fullSession();
        QVERIFY(store().create(first));
        QVERIFY(store().create(second));
        QVERIFY(first.id != second.id);
        QVERIFY(store().list().size() >= 2);
    }
    void discardTakesSessionsOnly()
    {
        auto session = fullSession();
        const auto folder = *store().create(session);
        QVERIFY(SessionStore::discard(folder));
        QVERIFY(!std::filesystem::exists(folder));
        QTemporaryDir other;
        QVERIFY(!SessionStore::discard(other.path().toStdString()));
        QVERIFY(std::filesystem::exists(other.path().toStdString()));
    }
    void unwritableFolderIsAnErrorAndLeavesNothing()
    {
        const std::filesystem::path blocked = m_folder.filePath(QStringLiteral("file")).toStdString();
        std::ofstream(blocked) << "in the way";
        auto session = fullSession();
        const auto folder = SessionStore(blocked).create(session);
        QVERIFY(!folder);
        QCOMPARE(folder.error().code, ErrorCode::FileSystem);
    }
};

QTEST_APPLESS_MAIN(TestSession)
#include "tst_session.moc"
