#include <QAbstractItemModelTester>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include "session/session_store.h"
#include "start/architecture_strip.h"
#include "start/demo_card.h"
#include "start/ready_card.h"
#include "start/recent_sessions.h"
#include "start/start_page.h"

using namespace frostline;

namespace {

LayerRule ruleOf(const std::string& match, bool trainable)
{
    LayerRule rule;
    rule.match = match;
    rule.trainable = trainable;
    return rule;
}

LayerInfo leafOf(const std::string& path, bool trainable)
{
    LayerInfo layer;
    layer.path = path;
    layer.parent = 0;
    layer.parameters = 9;
    layer.settings.trainable = trainable;
    return layer;
}

Recipe convnetRecipe()
{
    Recipe recipe;
    recipe.name = "convnet";
    recipe.title = "Three blocks";
    recipe.notes = "Look at the blocks. They stay.";
    recipe.data.path = "dataset:fashion-mnist";
    recipe.model.architecture = "convnet";
    recipe.model.options.widths = {{8, 16, 32}};
    recipe.layers = {ruleOf("block*", false), ruleOf("block3.*", true)};
    return recipe;
}

Demo demoOf(const Recipe& recipe, const QString& file)
{
    return {file, QString::fromStdString(recipe.title), firstSentence(QString::fromStdString(recipe.notes)),
            QString(), recipe};
}

} // namespace

class TestStartPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
    }

    void firstSentenceEndsAtItsStop_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("two") << QStringLiteral("One. Two.") << QStringLiteral("One.");
        QTest::newRow("number") << QStringLiteral("About 0.5 of it. More.")
                                << QStringLiteral("About 0.5 of it.");
        QTest::newRow("open") << QStringLiteral("no stop") << QStringLiteral("no stop");
        QTest::newRow("empty") << QString() << QString();
    }
    void firstSentenceEndsAtItsStop()
    {
        QFETCH(QString, text);
        QFETCH(QString, sentence);
        QCOMPARE(firstSentence(text), sentence);
    }

    void stripShowsWhatTheRulesFreeze()
    {
        const auto blocks = blocksOf(convnetRecipe());
        QCOMPARE(blocks.size(), 4u);
        QCOMPARE(blocks[0].kind, StripBlock::Kind::Frozen);
        QCOMPARE(blocks[2].kind, StripBlock::Kind::Trainable);
        QCOMPARE(blocks[3].name, QStringLiteral("head"));
        QVERIFY(blocks[0].height > blocks[3].height);
    }

    void stripShowsWhatTheTableHolds()
    {
        LayerTable table{LayerInfo(), leafOf("block.conv", false), leafOf("block.norm", true)};
        table[0].path = "block";
        table[0].isLeaf = false;
        QCOMPARE(blocksOf(table).front().kind, StripBlock::Kind::Mixed);
        table[2].settings.trainable = false;
        QCOMPARE(blocksOf(table).front().kind, StripBlock::Kind::Frozen);
    }

    void clickingADemoChoosesItsRecipe()
    {
        StartPage page;
        page.setDemos({demoOf(convnetRecipe(), QStringLiteral("/r/a.json")),
                       demoOf(convnetRecipe(), QStringLiteral("/r/b.json"))});
        page.resize(700, 700);
        page.show();
        QVERIFY(QTest::qWaitForWindowExposed(&page));
        QSignalSpy chosen(&page, &StartPage::recipeChosen);
        const auto cards = page.findChildren<DemoCard*>();
        QCOMPARE(cards.size(), 2);
        QTest::mouseClick(cards[1], Qt::LeftButton);
        QCOMPARE(chosen.takeFirst().first().toString(), QStringLiteral("/r/b.json"));
        cards[0]->setFocus();
        QTest::keyClick(cards[0], Qt::Key_Space);
        QCOMPARE(chosen.takeFirst().first().toString(), QStringLiteral("/r/a.json"));
    }

    void readyCardSaysWhatIsLoaded()
    {
        StartPage page;
        page.readyCard()->setRecipe(convnetRecipe());
        QCOMPARE(page.findChild<QLabel*>(QStringLiteral("readyTitle"))->text(),
                 QStringLiteral("Three blocks"));
        QSignalSpy start(&page, &StartPage::startRequested);
        auto* button = page.findChild<QPushButton*>(QStringLiteral("readyStart"));
        page.readyCard()->setStartEnabled(false, QStringLiteral("reading"));
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(start.count(), 0);
        page.readyCard()->setStartEnabled(true, QString());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(start.count(), 1);
    }

    void listsSessionsOfTheFolder()
    {
        const QTemporaryDir folder;
        const SessionStore store(folder.path().toStdString());
        Session session;
        session.name = "boots";
        session.created = "2026-11-21T10:00:00Z";
        session.recipe = convnetRecipe();
        session.state = SessionState::Stopped;
        session.summary.bestEpoch = 2;
        session.summary.bestValidationAccuracy = 0.875;
        const auto path = store.create(session);
        QVERIFY(path.has_value());
        QVERIFY(SessionStore::save(session, *path).has_value());

        StartPage page;
        page.resize(700, 700);
        page.show();
        auto* view = page.findChild<QTreeView*>(QStringLiteral("recentSessions"));
        QAbstractItemModelTester tester(view->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        page.reloadSessions(folder.path());
        QTRY_COMPARE(view->model()->rowCount(), 1);
        QVERIFY(view->isVisibleTo(&page));
        const auto cell = [view](int column) { return view->model()->index(0, column).data().toString(); };
        QCOMPARE(cell(RecentSessionsModel::Name), QStringLiteral("boots"));
        QVERIFY(cell(RecentSessionsModel::Best).contains(QLocale().toString(87.5, 'f', 1)));
        QCOMPARE(cell(RecentSessionsModel::State), QStringLiteral("stopped"));
        QSignalSpy chosen(&page, &StartPage::sessionChosen);
        view->setCurrentIndex(view->model()->index(0, 0));
        QTest::keyClick(view, Qt::Key_Return);
        QCOMPARE(chosen.takeFirst().first().toString(), QString::fromStdString(path->string()));
        QSignalSpy resumed(&page, &StartPage::resumeRequested);
        const QPoint place = view->visualRect(view->currentIndex()).center();
        Q_EMIT view->customContextMenuRequested(place);
        const auto* menu = view->findChild<QMenu*>();
        QVERIFY(menu);
        QCOMPARE(menu->actions().size(), 3);
        menu->actions().at(1)->trigger();
        QCOMPARE(resumed.takeFirst().first().toString(), QString::fromStdString(path->string()));
    }

    void whatHasNotEndedWasInterruptedUnlessItRuns()
    {
        QCOMPARE(wordFor(SessionState::Running), QStringLiteral("interrupted"));
        QCOMPARE(wordFor(SessionState::Paused, true), QStringLiteral("running"));
        QCOMPARE(wordFor(SessionState::Finished), QStringLiteral("finished"));
        RecentSession session;
        QVERIFY(!session.canResume()); // It cannot be read.
        session.state = SessionState::Running;
        QVERIFY(session.canResume());
        session.isRunning = true;
        QVERIFY(!session.canResume());
    }

    void aSessionThatCannotBeReadIsListed()
    {
        const QTemporaryDir folder;
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("broken")));
        QFile file(folder.filePath(QStringLiteral("broken/session.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        const auto sessions = recentSessionsIn(folder.path());
        QCOMPARE(sessions.size(), 1u);
        QVERIFY(!sessions.front().state);
        QVERIFY(!sessions.front().error.isEmpty());
    }
};

QTEST_MAIN(TestStartPage)
#include "tst_start_page.moc"
