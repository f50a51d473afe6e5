#include <fstream>

#include <QAbstractItemModelTester>
#include <QFile>
#include <QTest>

#include "queue/queue_estimate.h"
#include "queue/queue_file.h"
#include "queue/queue_model.h"
#include "queue/queue_text.h"
#include "queue/recipe_edit.h"
#include "queue_case.h"

using namespace frostline;
using test::queuedRecipe;
using ItemState = QueueItem::State;
using State = RunQueue::State;

namespace {

QString lines(const Recipe& recipe)
{
    return QStringLiteral("%1|%2|%3|%4|%5")
        .arg(QString::fromStdString(recipe.title))
        .arg(recipe.seed)
        .arg(recipe.optimizer.learningRate)
        .arg(recipe.epochs)
        .arg(recipe.batchSize);
}

QueueItem measured(const Recipe& recipe, ItemState state, Step step, Step steps, double seconds)
{
    QueueItem item;
    item.recipe = recipe;
    item.state = state;
    item.progress = {.step = step, .steps = steps, .epoch = 1, .epochs = recipe.epochs};
    item.seconds = seconds;
    return item;
}

} // namespace

class TestQueueList : public test::QueueCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void init() { setUp(); }
    void cleanup() { m_queue.reset(); }

    void runsAreAddedMovedAndRemoved();
    void theModelFollows();
    void seeds_data();
    void seeds();
    void clonesTakeWhatIsTyped();
    void whatCannotBeIsOneSentence_data();
    void whatCannotBeIsOneSentence();
    void timeLeftComesFromTheMostAlike();
    void differencesAreShort();
    void everyFieldIsKept();
    void aQueueThatCannotBeReadIsKeptAside_data();
    void aQueueThatCannotBeReadIsKeptAside();
    void twoWindowsDoNotOverwriteEachOther();
    void whatWasSavedLastIsOnTheDisk();
};

void TestQueueList::runsAreAddedMovedAndRemoved()
{
    const auto ids = addRuns({"a", "b", "c", "d"});
    QCOMPARE(titles(), QStringLiteral("a b c d"));
    m_queue->add({queuedRecipe("e"), queuedRecipe("f")}, 1);
    QCOMPARE(titles(), QStringLiteral("a e f b c d"));
    m_queue->move({ids[3], ids[0]}, 3); // In the order that they stand in.
    QCOMPARE(titles(), QStringLiteral("e f a d b c"));
    m_queue->move({ids[0]}, 99);
    QCOMPARE(titles(), QStringLiteral("e f d b c a"));
    m_queue->shift({ids[1], ids[2]}, -1);
    QCOMPARE(titles(), QStringLiteral("e f b c d a"));
    m_queue->shift({ids[0], ids[3]}, 1); // They stand at the end.
    QCOMPARE(titles(), QStringLiteral("e f b c d a"));
    m_queue->shift({ids[2], ids[0]}, 1); // Only one of them can.
    QCOMPARE(titles(), QStringLiteral("e f b d c a"));
    m_queue->remove({ids[0], ids[1]});
    QCOMPARE(titles(), QStringLiteral("e f d c"));
    m_queue->edit(ids[2], queuedRecipe("C", 7));
    QCOMPARE(titles(), QStringLiteral("e f d C"));
    QCOMPARE(item(3).recipe.epochs, 7);
    QCOMPARE(m_queue->state(), State::Off);
}

void TestQueueList::theModelFollows()
{
    QueueModel model(*m_queue);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto ids = addRuns({"a", "b", "c"});
    QCOMPARE(model.rowCount(), 3);
    const QPersistentModelIndex b = model.index(1, QueueModel::Name);
    m_queue->move({ids[1]}, 0);
    QCOMPARE(b.row(), 0);
    m_queue->add({queuedRecipe("new")}, 0);
    QCOMPARE(b.row(), 1);
    QCOMPARE(b.data().toString(), QStringLiteral("b"));
    QCOMPARE(model.index(1, QueueModel::State).data().toString(), QStringLiteral("waiting"));
    QVERIFY(!model.index(1, QueueModel::State).data(Qt::DecorationRole).value<QIcon>().isNull());
    QCOMPARE(model.index(1, QueueModel::Progress).data().toString(), QStringLiteral("1 epoch"));
    m_queue->remove({ids[0], ids[2]});
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(b.row(), 1);
    QCOMPARE(model.rowOf(ids[1]), 1);
    QCOMPARE(model.rowOf(ids[0]), -1);
    m_queue->remove({ids[1]});
    QVERIFY(!b.isValid());
}

void TestQueueList::seeds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("one") << "7"
                         << "7";
    QTest::newRow("range") << "2..5"
                           << "2 3 4 5";
    QTest::newRow("list") << "1, 4,9"
                          << "1 4 9";
    QTest::newRow("mixed, each once") << " 3, 1..4 "
                                      << "3 1 2 4";
    QTest::newRow("nothing") << ""
                             << "no seed";
    QTest::newRow("word") << "few"
                          << "“few” is no seed";
    QTest::newRow("backwards") << "5..2"
                               << "“5..2” is no seed";
    QTest::newRow("below nothing") << "-1"
                                   << "“-1” is no seed";
    QTest::newRow("three ends") << "1..2..3"
                                << "“1..2..3” is no seed";
    QTest::newRow("too many") << "1..5000"
                              << "too many seeds: at most 1000";
}

void TestQueueList::seeds()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto seeds = seedsOf(text);
    if (!seeds) {
        const auto problem = QString::fromStdString(seeds.error().message);
        QVERIFY2(problem.contains(expected), qPrintable(problem));
        return;
    }
    QStringList found;
    for (const auto seed : *seeds)
        found.append(QString::number(seed));
    QCOMPARE(found.join(QLatin1Char(' ')), expected);
}

void TestQueueList::clonesTakeWhatIsTyped()
{
    const auto recipe = queuedRecipe("base", 5);
    auto edit = editOf(recipe);
    QCOMPARE(editedRecipes(recipe, edit)->size(), std::size_t(1));
    edit.name = QStringLiteral("other");
    edit.seeds = QStringLiteral("2, 3");
    edit.learningRate = QStringLiteral("1e-2");
    edit.epochs = QStringLiteral("9");
    edit.others = QStringLiteral("batch_size = 4\n\n optimizer.weight_decay=0.5");
    const auto clones = editedRecipes(recipe, edit);
    QVERIFY2(clones, clones ? "" : clones.error().message.c_str());
    QCOMPARE(clones->size(), std::size_t(2));
    QCOMPARE(lines((*clones)[0]), QStringLiteral("other|2|0.01|9|4"));
    QCOMPARE(lines((*clones)[1]), QStringLiteral("other|3|0.01|9|4"));
    QCOMPARE((*clones)[1].optimizer.weightDecay, 0.5);
    QCOMPARE((*clones)[1].source, recipe.source); // What names it in messages.
    QCOMPARE((*clones)[1].data, recipe.data);
}

void TestQueueList::whatCannotBeIsOneSentence_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("name") << "name"
                          << "  "
                          << "needs a name";
    QTest::newRow("rate") << "rate"
                          << "fast"
                          << "“fast” is no learning rate";
    QTest::newRow("negative rate") << "rate"
                                   << "-1"
                                   << "“-1” is no learning rate";
    QTest::newRow("epochs") << "epochs"
                            << "0"
                            << "“0” is no number of epochs";
    QTest::newRow("half an epoch") << "epochs"
                                   << "1.5"
                                   << "“1.5” is no number of epochs";
    QTest::newRow("no equals sign") << "others"
                                    << "batch_size"
                                    << "write KEY=VALUE";
    QTest::newRow("unknown key") << "others"
                                 << "batch_siez=3"
                                 << "batch_size";
    QTest::newRow("wrong value") << "others"
                                 << "batch_size=many"
                                 << "batch_size";
    QTest::newRow("no place") << "others"
                              << "seed.deep.er=1"
                              << "seed.deep.er";
}

void TestQueueList::whatCannotBeIsOneSentence()
{
    QFETCH(QString, field);
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto recipe = queuedRecipe("base");
    auto edit = editOf(recipe);
    auto& place = field == QLatin1String("name")     ? edit.name
                  : field == QLatin1String("rate")   ? edit.learningRate
                  : field == QLatin1String("epochs") ? edit.epochs
                                                     : edit.others;
    place = text;
    const auto clones = editedRecipes(recipe, edit);
    QVERIFY(!clones);
    const auto problem = QString::fromStdString(clones.error().message);
    QVERIFY2(problem.contains(expected), qPrintable(problem));
    QVERIFY2(!problem.contains(QStringLiteral("--set")) && !problem.contains(QLatin1Char('\n')),
             qPrintable(problem));
}

void TestQueueList::timeLeftComesFromTheMostAlike()
{
    auto frozen = queuedRecipe("frozen", 10);
    frozen.layers = {LayerRule{"dense1", false, {}, {}, {}}};
    auto other = queuedRecipe("other", 10);
    other.model.architecture = "convnet";
    const auto waiting = [](const Recipe& recipe) {
        QueueItem item;
        item.recipe = recipe;
        return item;
    };
    std::vector<QueueItem> items{waiting(queuedRecipe("a", 10)), waiting(frozen), waiting(other)};
    QVERIFY(!secondsLeft(items[0], items));
    QCOMPARE(totalsText(totalsOf(items)),
             QStringLiteral("0 of 3 done, time left not known before a run like these is measured"));

    // 20 s an epoch, all layers; then 5 s an epoch, frozen; one runs and is half through.
    items.insert(items.begin(), measured(queuedRecipe("done", 10), ItemState::Finished, 50, 50, 200.0));
    QCOMPARE(secondsLeft(items[1], items).value(), 200.0);
    QCOMPARE(secondsLeft(items[2], items).value(), 200.0); // Not known better.
    items.insert(items.begin(), measured(frozen, ItemState::Running, 25, 50, 25.0));
    QCOMPARE(secondsLeft(items[0], items).value(), 25.0);
    QCOMPARE(secondsLeft(items[2], items).value(), 200.0);
    QCOMPARE(secondsLeft(items[3], items).value(), 50.0);
    QVERIFY(!secondsLeft(items[4], items));
    QVERIFY(!secondsLeft(items[1], items)); // It is over.
    items[3].state = ItemState::Failed;
    const auto totals = totalsOf(items);
    QCOMPARE(totals.secondsLeft, 225.0);
    QCOMPARE(totals.share, 15.0 / 40.0);
    QCOMPARE(totalsText(totals),
             QStringLiteral("1 of 5 done, 1 failed, about 4 min left, 1 not measured yet"));
    QCOMPARE(roughTime(4.0), QStringLiteral("a few seconds"));
    QCOMPARE(roughTime(42.0), QStringLiteral("about 40 s"));
    QCOMPARE(roughTime(4830.0), QStringLiteral("about 1 h 21 min"));
}

void TestQueueList::differencesAreShort()
{
    const auto first = queuedRecipe("first", 5);
    auto other = queuedRecipe("other", 5);
    QCOMPARE(differenceOf(first, other).brief, QString()); // A name is no setting.
    other.seed = 2;
    other.optimizer.learningRate = 1e-4;
    QCOMPARE(differenceOf(first, other).brief, QStringLiteral("seed 2, learning rate 0.0001"));
    QVERIFY(differenceOf(first, other).full.contains(QStringLiteral("seed: 1 → 2")));
    other.layers = {LayerRule{"dense1", false, {}, {}, {}}};
    QCOMPARE(differenceOf(first, other).brief, QStringLiteral("seed 2, other layers, learning rate 0.0001"));
    other.batchSize = 4;
    QVERIFY(differenceOf(first, other).brief.endsWith(QStringLiteral(" and 1 more")));
}

void TestQueueList::everyFieldIsKept()
{
    auto finished = measured(queuedRecipe("a", 4), ItemState::Finished, 20, 20, 12.5);
    finished.recipe.folder = "/somewhere";
    finished.session = QStringLiteral("/sessions/one");
    finished.bestEpoch = 3;
    finished.bestAccuracy = 0.875;
    auto failed = measured(queuedRecipe("b"), ItemState::Failed, 0, 0, 0.0);
    failed.problem = QStringLiteral("the disk said “no”");
    auto branch = measured(queuedRecipe("c"), ItemState::Waiting, 0, 0, 0.0);
    branch.origin = RunOrigin{RunOrigin::Kind::Branch, "/sessions/one", 7, true};
    const std::vector items{finished, failed, branch};
    const std::filesystem::path file = m_folder->filePath(QStringLiteral("q.json")).toStdString();
    std::ofstream(file) << queueText(items);
    const auto read = readQueue(file);
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    QCOMPARE(queueText(*read), queueText(items));
    QCOMPARE((*read)[0].recipe.folder, finished.recipe.folder);
    QCOMPARE((*read)[0].bestAccuracy, finished.bestAccuracy);
    QCOMPARE((*read)[0].seconds, 12.5);
    QCOMPARE((*read)[1].problem, failed.problem);
    QCOMPARE((*read)[2].origin, branch.origin);
}

void TestQueueList::aQueueThatCannotBeReadIsKeptAside_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("expected");
    QTest::newRow("cut short") << QByteArray("{\"frostline\": \"queue/1\", \"items\": [") << "queue.json";
    QTest::newRow("newer") << QByteArray(R"({"frostline": "queue/2", "items": []})") << "newer Frostline";
    QTest::newRow("unknown state") << QByteArray(
                                          R"({"frostline": "queue/1", "items": [{"state": "asleep"}]})")
                                   << "/items/0/state";
    QTest::newRow("no recipe") << QByteArray(R"({"frostline": "queue/1", "items": [{"state": "waiting"}]})")
                               << "/items/0/recipe";
}

void TestQueueList::aQueueThatCannotBeReadIsKeptAside()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, expected);
    m_queue.reset();
    QDir().mkpath(sessions());
    QFile file(queueFile());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    open();
    QVERIFY(m_queue->items().empty());
    QVERIFY2(m_queue->loadProblem().contains(expected), qPrintable(m_queue->loadProblem()));
    QFile aside(queueFile() + QStringLiteral(".unread"));
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), content);
    addRuns({"a"}); // A new queue begins.
    open();
    QCOMPARE(titles(), QStringLiteral("a"));
}

void TestQueueList::twoWindowsDoNotOverwriteEachOther()
{
    addRuns({"first"});
    {
        RunQueue second(options());
        QVERIFY2(second.loadProblem().contains(QStringLiteral("Another window")),
                 qPrintable(second.loadProblem()));
        second.add({queuedRecipe("second")});
    }
    open();
    QCOMPARE(titles(), QStringLiteral("first"));
}

void TestQueueList::whatWasSavedLastIsOnTheDisk()
{
    for (int i = 0; i < 20; ++i) {
        addRuns({"first"});
        addRuns({"last"});
        open();
        QVERIFY(titles().endsWith(QStringLiteral("first last")));
        QCOMPARE(m_queue->items().size(), std::size_t(2 * (i + 1)));
    }
}

QTEST_MAIN(TestQueueList)
#include "tst_queue_list.moc"
