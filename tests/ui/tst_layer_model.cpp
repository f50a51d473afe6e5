#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "layer_tables.h"
#include "layers/layer_filter.h"
#include "layers/layer_model.h"

using namespace frostline;
using namespace frostline::test;

namespace {

QString shown(const LayerModel& model, const char* path, int column, int role = Qt::DisplayRole)
{
    const int row = indexOfPath(model.table(), QString::fromLatin1(path));
    return model.indexOf(row, column).data(role).toString();
}

Qt::CheckState checked(const LayerModel& model, const char* path)
{
    const int row = indexOfPath(model.table(), QString::fromLatin1(path));
    return model.indexOf(row, LayerModel::TrainableColumn).data(Qt::CheckStateRole).value<Qt::CheckState>();
}

LayerTable with(LayerTable table, const char* path, bool trainable)
{
    if (!applyChange(table, {ChangeKind::Trainable, path, trainable}))
        qWarning("no layer %s", path);
    return table;
}

int leavesIn(const QAbstractItemModel& model, const QModelIndex& parent = {})
{
    int leaves = 0;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const auto index = model.index(row, 0, parent);
        leaves += model.hasChildren(index) ? leavesIn(model, index) : 1;
    }
    return leaves;
}

} // namespace

class TestLayerModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init() { failOnAnyWarning(); }

    void isASoundModel()
    {
        LayerModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setTable(smallNetwork());
        QCOMPARE(model.rowCount(), 7);
        model.setTable(with(smallNetwork(), "layer1", false));
        model.setTable(tableOf(QStringLiteral("fc Linear 4")));
        QCOMPARE(model.rowCount(), 1);
        model.setTable({});
        QCOMPARE(model.rowCount(), 0);
    }

    void containersDeriveTheirCheck()
    {
        LayerModel model;
        model.setTable(smallNetwork());
        QCOMPARE(checked(model, "layer1"), Qt::Checked);
        model.setTable(with(smallNetwork(), "layer1.0.conv1", false));
        QCOMPARE(checked(model, "layer1"), Qt::PartiallyChecked);
        QCOMPARE(checked(model, "layer1.1"), Qt::Checked);
        QCOMPARE(shown(model, "layer1", LayerModel::ModeColumn), QStringLiteral("1 of 4 frozen"));
        model.setTable(with(smallNetwork(), "layer1", false));
        QCOMPARE(checked(model, "layer1"), Qt::Unchecked);
    }

    void layersWithoutParametersHaveNoCheck()
    {
        LayerModel model;
        model.setTable(smallNetwork());
        const auto cell =
            model.indexOf(indexOfPath(model.table(), QStringLiteral("relu")), LayerModel::TrainableColumn);
        QVERIFY(!cell.data(Qt::CheckStateRole).isValid());
        QVERIFY(!cell.flags().testFlag(Qt::ItemIsUserCheckable));
    }

    void asksForChangesAndMakesNone()
    {
        LayerModel model;
        model.setTable(with(smallNetwork(), "layer1.0", false));
        QSignalSpy asked(&model, &LayerModel::changesRequested);
        const int layer1 = indexOfPath(model.table(), QStringLiteral("layer1"));
        QVERIFY(model.setData(model.indexOf(layer1, LayerModel::TrainableColumn), Qt::Checked,
                              Qt::CheckStateRole));
        QVERIFY(model.setData(model.indexOf(0, LayerModel::RateColumn), 0.1));
        QVERIFY(model.setData(model.indexOf(0, LayerModel::SparsityColumn), 50.0));
        QVERIFY(!model.setData(model.indexOf(0, LayerModel::RateColumn), 1.0));
        QVERIFY(!model.setData(model.indexOf(0, LayerModel::NameColumn), QStringLiteral("x")));
        std::vector<Change> changes;
        for (const auto& arguments : asked)
            changes.push_back(arguments[0].value<std::vector<Change>>().front());
        QCOMPARE(changesText(changes),
                 QStringLiteral("trainable:layer1=on rate:conv1=0.1 sparsity:conv1=0.5"));
        QCOMPARE(checked(model, "layer1"), Qt::PartiallyChecked);
    }

    void readOnlyOffersNoEdits()
    {
        LayerModel model;
        model.setTable(smallNetwork());
        model.setReadOnly(true);
        for (int column = 0; column < LayerModel::ColumnCount; ++column)
            QCOMPARE(model.indexOf(0, column).flags(), Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    }

    void updatesOnlyWhatDiffers()
    {
        LayerModel model;
        model.setTable(smallNetwork());
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        auto table = smallNetwork();
        table[11].gradientNorm = 2.0;
        model.setTable(table);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toModelIndex().data(LayerModel::PathRole).toString(), QStringLiteral("fc"));
        QCOMPARE(changed[0][0].toModelIndex().column(), int(LayerModel::RateColumn));
        changed.clear();
        model.setTable(with(table, "layer1.1.conv1", false));
        QStringList paths;
        for (const auto& arguments : changed)
            paths << arguments[0].toModelIndex().data(LayerModel::PathRole).toString();
        QCOMPARE(paths, QStringList({QStringLiteral("layer1"), QStringLiteral("layer1.1"),
                                     QStringLiteral("layer1.1.conv1")}));
        QCOMPARE(reset.size(), 0);
    }

    void showsNumbersAsTheyAre()
    {
        auto table = smallNetwork();
        table[0].outputShape = {64, 7, 7};
        table[0].parameters = 12345;
        table[0].drift = 0.0012345;
        table[0].sparsity = 0.25;
        table[0].settings.sparsityTarget = 0.5;
        LayerModel model;
        model.setTable(table);
        QCOMPARE(shown(model, "conv1", LayerModel::ShapeColumn), QStringLiteral("64 × 7 × 7"));
        QCOMPARE(shown(model, "conv1", LayerModel::ParametersColumn), QStringLiteral("12,345"));
        QCOMPARE(shown(model, "conv1", LayerModel::DriftColumn), QStringLiteral("0.00123"));
        QCOMPARE(shown(model, "conv1", LayerModel::SparsityColumn), QStringLiteral("25 % (→ 50 %)"));
        QCOMPARE(shown(model, "fc", LayerModel::DriftColumn), QStringLiteral("0"));
        QCOMPARE(shown(model, "fc", LayerModel::SparsityColumn), QStringLiteral("0 %"));
        QCOMPARE(shown(model, "relu", LayerModel::DriftColumn), QString());
        QCOMPARE(shown(model, "bn1", LayerModel::ModeColumn),
                 QStringLiteral("trainable, statistics updating"));
    }

    void countsWeightsAsKerasDoes()
    {
        LayerModel model;
        model.setTable(with(smallNetwork(), "layer1", false));
        const auto tip = [&model](const char* path) {
            return shown(model, path, LayerModel::NameColumn, Qt::ToolTipRole).section(u'\n', 1, 1);
        };
        QCOMPARE(tip("fc"), QStringLiteral("Weights: 2 (2 trainable, 0 non-trainable)"));
        QCOMPARE(tip("bn1"), QStringLiteral("Weights: 4 (2 trainable, 2 non-trainable)"));
        QCOMPARE(tip("layer1.0.conv1"), QStringLiteral("Weights: 2 (0 trainable, 2 non-trainable)"));
        QCOMPARE(tip("layer1.0.bn1"), QStringLiteral("Weights: 4 (0 trainable, 4 non-trainable)"));
    }

    void locksWhatHasNotMovedOnceSomethingHas()
    {
        LayerModel model;
        auto table = with(smallNetwork(), "conv1", false);
        model.setTable(table);
        QVERIFY(
            !shown(model, "conv1", LayerModel::NameColumn, Qt::ToolTipRole).contains(QLatin1String("bit")));
        table[11].drift = 0.1;
        model.setTable(table);
        QVERIFY(
            shown(model, "conv1", LayerModel::NameColumn, Qt::ToolTipRole).contains(QLatin1String("bit")));
        QVERIFY(!shown(model, "fc", LayerModel::NameColumn, Qt::ToolTipRole).contains(QLatin1String("bit")));
    }

    void pendingIsItalicAndSaysWhen()
    {
        LayerModel model;
        model.setTable(smallNetwork());
        model.setPending({5}, 1234);
        const auto font = [&model](const char* path) {
            const int row = indexOfPath(model.table(), QString::fromLatin1(path));
            return model.indexOf(row).data(Qt::FontRole).value<QFont>();
        };
        QVERIFY(font("layer1.0.conv1").italic());
        QVERIFY(font("layer1").italic());
        QVERIFY(!font("layer1.1").italic());
        QVERIFY(shown(model, "layer1.0.conv1", LayerModel::NameColumn, Qt::ToolTipRole)
                    .startsWith(QLatin1String("Takes effect at step 1,234")));
        model.setPending({}, 0);
        QVERIFY(!font("layer1").italic());
    }

    void filterFinds_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<bool>("regex");
        QTest::addColumn<int>("matches");
        QTest::newRow("empty") << QString() << false << 10;
        QTest::newRow("part") << QStringLiteral("CONV") << false << 3;
        QTest::newRow("container") << QStringLiteral("layer1") << false << 4;
        QTest::newRow("glob") << QStringLiteral("layer1.*.bn1") << false << 2;
        QTest::newRow("glob is whole") << QStringLiteral("conv?") << false << 1;
        QTest::newRow("glob on a container") << QStringLiteral("layer1.[0]") << false << 2;
        QTest::newRow("regex") << QStringLiteral("^(conv1|fc)$") << true << 2;
        QTest::newRow("nothing") << QStringLiteral("attention") << false << 0;
        QTest::newRow("wrong regex") << QStringLiteral("conv(") << true << 10;
    }

    void filterFinds()
    {
        QFETCH(QString, pattern);
        QFETCH(bool, regex);
        QFETCH(int, matches);
        LayerModel model;
        LayerFilter filter;
        QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        filter.setSourceModel(&model);
        model.setTable(smallNetwork());
        filter.setRegularExpression(regex);
        filter.setPattern(pattern);
        QCOMPARE(filter.layerCount(), 10);
        QCOMPARE(filter.matchCount(), matches);
        QCOMPARE(leavesIn(filter), matches);
        QCOMPARE(!filter.error().isEmpty(), pattern == QStringLiteral("conv("));
    }
};

QTEST_MAIN(TestLayerModel)
#include "tst_layer_model.moc"
