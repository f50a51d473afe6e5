#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "compare/delta_text.h"
#include "compare/session_filter.h"
#include "compare/session_table_model.h"
#include "compare/settings_table_model.h"
#include "session_folder.h"

using namespace frostline;
using namespace frostline::test;

namespace {

using Model = SessionTableModel;

/// The tree as text: `a(b,c(d)),e`.
QString treeText(const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    QStringList parts;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const auto index = model.index(row, 0, parent);
        const QString inner = treeText(model, index);
        const QString name = index.data().toString();
        parts.append(inner.isEmpty() ? name : QStringLiteral("%1(%2)").arg(name, inner));
    }
    return parts.join(QLatin1Char(','));
}

SessionEntry entryOf(Session session, const QString& folder)
{
    SessionEntry entry;
    entry.folder = folder;
    entry.figures = figuresOf(session);
    entry.head = std::move(session);
    entry.head->id = entry.id().toStdString();
    return entry;
}

std::vector<SessionEntry> sampleEntries()
{
    auto first = sampleSession("first", 100, 0.1);
    first.tags = {"shoes"};
    auto second = sampleSession("second", 200, 0.9);
    second.notes = "went\nwell";
    auto branch = sampleSession("branch", 150, 0.5);
    branch.parent = SessionParent{"a", 60};
    auto hidden = sampleSession("hidden", 50);
    hidden.archived = true;
    std::vector<SessionEntry> entries{
        entryOf(second, QStringLiteral("/s/b")), entryOf(branch, QStringLiteral("/s/c")),
        entryOf(first, QStringLiteral("/s/a")), entryOf(hidden, QStringLiteral("/s/d"))};
    SessionEntry damaged;
    damaged.folder = QStringLiteral("/s/e");
    damaged.error = QStringLiteral("not valid JSON");
    entries.push_back(damaged);
    return entries;
}

ComparedRun comparedOf(Session session, const QString& folder, bool isBaseline)
{
    auto loaded = std::make_shared<LoadedSession>();
    loaded->session = std::move(session);
    return {folder, QString::fromStdString(loaded->session.name), {}, isBaseline, loaded};
}

} // namespace

class TestCompareModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void listsSessions()
    {
        Model model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setEntries(sampleEntries());
        QCOMPARE(treeText(model), QStringLiteral("second,branch,first,hidden,e"));
        QCOMPARE(model.index(0, Model::Steps).data().toString(), QStringLiteral("200"));
        QCOMPARE(model.index(0, Model::BestEpoch).data().toString(), QStringLiteral("4"));
        QCOMPARE(model.index(0, Model::Notes).data().toString(), QStringLiteral("went well"));
        QCOMPARE(model.index(0, Model::Notes).data(Qt::ToolTipRole).toString(), QStringLiteral("went\nwell"));
        QCOMPARE(model.index(2, Model::Tags).data().toString(), QStringLiteral("shoes"));
    }

    void whereThereIsNoAccuracyTheLossIsTold()
    {
        auto session = sampleSession("values", 100);
        session.recipe.data.task = Task::Values;
        for (auto& epoch : session.epochs)
            epoch.validation->accuracy = kNoFigure;
        session.epochs.front().validation->loss = 0.25;
        session.epochs.back().validation->loss = 0.5;
        session.summary = summaryOf(session);
        Model model;
        model.setEntries({entryOf(session, QStringLiteral("/s/v"))});
        QCOMPARE(model.index(0, Model::Best).data().toString(), QStringLiteral("loss 0.25"));
        QCOMPARE(model.index(0, Model::Last).data().toString(), QStringLiteral("loss 0.5"));
        QCOMPARE(model.index(0, Model::BestEpoch).data().toString(), QStringLiteral("1"));
    }

    void damagedSessionSaysWhy()
    {
        Model model;
        model.setEntries(sampleEntries());
        const auto row = model.index(4, 0);
        QCOMPARE(row.siblingAtColumn(Model::State).data().toString(), QStringLiteral("unreadable"));
        QCOMPARE(row.siblingAtColumn(Model::Notes).data().toString(), QStringLiteral("not valid JSON"));
        QVERIFY(!row.data(Qt::CheckStateRole).isValid());
        QVERIFY(!model.setData(row, Qt::Checked, Qt::CheckStateRole));
        QVERIFY(!row.flags().testFlag(Qt::ItemIsEditable));
    }

    void branchesHangUnderTheirParents()
    {
        Model model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setEntries(sampleEntries());
        model.setTree(true);
        QVERIFY(treeText(model).contains(QStringLiteral("first(branch)")));
        QCOMPARE(model.indexOf(QStringLiteral("/s/c")).parent().data().toString(), QStringLiteral("first"));
        model.setTree(false);
        QCOMPARE(treeText(model), QStringLiteral("second,branch,first,hidden,e"));
    }

    void tickedOnesGetColoursThatStay()
    {
        Model model;
        model.setEntries(sampleEntries());
        QSignalSpy ticked(&model, &Model::tickedChanged);
        QVERIFY(model.setData(model.index(0, 0), Qt::Checked, Qt::CheckStateRole));
        QVERIFY(model.setData(model.index(2, 0), Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(ticked.count(), 2);
        QCOMPARE(model.ticked(), QStringList({QStringLiteral("/s/b"), QStringLiteral("/s/a")}));
        QCOMPARE(model.styleOf(QStringLiteral("/s/b")).slot, 0);
        QCOMPARE(model.styleOf(QStringLiteral("/s/a")).slot, 1);
        model.setData(model.index(0, 0), Qt::Unchecked, Qt::CheckStateRole);
        QCOMPARE(model.styleOf(QStringLiteral("/s/a")).slot, 1);
        QCOMPARE(model.styleOf(QStringLiteral("/s/b")).slot, -1);
        model.setTicked({QStringLiteral("/s/c")});
        QCOMPARE(model.styleOf(QStringLiteral("/s/c")).slot, 0);
    }

    void ticksOutliveAReload()
    {
        Model model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setEntries(sampleEntries());
        model.setTicked({QStringLiteral("/s/a"), QStringLiteral("/s/b")});
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.setEntries(sampleEntries());
        QCOMPARE(resets.count(), 0);
        auto fewer = sampleEntries();
        fewer.erase(fewer.begin());
        model.setEntries(fewer);
        QCOMPARE(resets.count(), 1);
        QCOMPARE(model.ticked(), QStringList(QStringLiteral("/s/a")));
    }

    void editsAskToBeWritten()
    {
        Model model;
        model.setEntries(sampleEntries());
        QSignalSpy annotated(&model, &Model::annotated);
        QVERIFY(model.setData(model.index(0, Model::Name), QStringLiteral(" renamed ")));
        QVERIFY(model.setData(model.index(0, Model::Tags), QStringLiteral("a, b,, a")));
        QVERIFY(!model.setData(model.index(0, Model::Steps), QStringLiteral("7")));
        QCOMPARE(annotated.count(), 2);
        const auto head = annotated.last().at(1).value<SessionHead>();
        QCOMPARE(QString::fromStdString(head.name), QStringLiteral("renamed"));
        QCOMPARE(head.tags, (std::vector<std::string>{"a", "b"}));
    }

    void deltasHaveSigns()
    {
        QCOMPARE(pointsText(0.0131, QLocale::c()), QStringLiteral("+1.31 pp"));
        QCOMPARE(pointsText(-0.002, QLocale::c()), QStringLiteral("−0.2 pp"));
        QCOMPARE(pointsText(0.0, QLocale::c()), QStringLiteral("±0 pp"));
        Model model;
        model.setEntries(sampleEntries());
        model.setBaseline(QStringLiteral("/s/a"));
        QCOMPARE(model.index(2, Model::Delta).data().toString(), QStringLiteral("baseline"));
        QVERIFY(model.index(0, Model::Delta).data().toString().startsWith(QLatin1Char('+')));
    }

    void filterFindsAndSorts()
    {
        Model model;
        SessionFilter filter;
        QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        filter.setSourceModel(&model);
        model.setEntries(sampleEntries());
        QCOMPARE(filter.rowCount(), 4);
        QCOMPARE(filter.searchedCount(), 4);
        filter.setShowsArchived(true);
        QCOMPARE(filter.rowCount(), 5);
        filter.setWords(QStringLiteral("SHOES"));
        QCOMPARE(treeText(filter), QStringLiteral("first"));
        QCOMPARE(filter.matchCount(), 1);
        filter.setWords(QStringLiteral("trial went"));
        QCOMPARE(treeText(filter), QStringLiteral("second"));
        filter.setWords({});
        filter.sort(Model::Steps, Qt::DescendingOrder);
        QCOMPARE(filter.index(0, 0).data().toString(), QStringLiteral("second"));
        filter.sort(Model::Best, Qt::AscendingOrder);
        QCOMPARE(filter.index(4, 0).data().toString(), QStringLiteral("second"));
    }

    void settingsMarkWhatDiffers()
    {
        auto first = sampleSession("first", 100);
        auto second = sampleSession("second", 100, 0.5);
        second.recipe.optimizer.learningRate = 0.25;
        const ComparedRuns sessions{comparedOf(first, QStringLiteral("/s/a"), true),
                                    comparedOf(second, QStringLiteral("/s/b"), false)};
        SettingsTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setSessions(sessions, settingRowsOf(sessions));
        QCOMPARE(model.columnCount(), 3);
        QVERIFY(model.index(0, 2).data().toString().contains(QStringLiteral("pp)")));
        QVERIFY(!model.index(0, 1).data().toString().contains(QStringLiteral("pp)")));
        QStringList different;
        for (int row = 0; row < model.rowCount(); ++row) {
            const auto key = model.index(row, 0);
            if (key.data(SettingsTableModel::DiffersRole).toBool() &&
                !key.data(SettingsTableModel::FigureRole).toBool())
                different.append(key.data().toString() + QLatin1Char('=') +
                                 model.index(row, 2).data().toString());
        }
        QCOMPARE(different, QStringList(QStringLiteral("optimizer.learning_rate=≠ 0.25")));
    }
};

QTEST_MAIN(TestCompareModel)
#include "tst_compare_model.moc"
