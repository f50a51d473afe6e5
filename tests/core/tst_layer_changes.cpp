#include <QTest>

#include "model/layer_changes.h"
#include "model/layer_info.h"

using namespace frostline;

namespace {

/// conv1, bn1, layer1(0(conv, norm)), fc: two stages below the block, one above.
LayerTable smallTable()
{
    const auto row = [](std::string path, std::string kind, int parent, int stage, std::int64_t parameters) {
        LayerInfo layer;
        layer.name = path.substr(path.rfind('.') + 1);
        layer.path = std::move(path);
        layer.kind = std::move(kind);
        layer.parent = parent;
        layer.stage = stage;
        layer.parameters = parameters;
        layer.isNormalisation = layer.kind == "BatchNorm2d";
        layer.prunable = layer.isNormalisation ? 0 : parameters;
        return layer;
    };
    LayerTable table{row("conv1", "Conv2d", -1, 0, 100),       row("bn1", "BatchNorm2d", -1, 1, 8),
                     row("layer1", "Sequential", -1, 2, 58),   row("layer1.0", "Block", 2, 2, 58),
                     row("layer1.0.conv", "Conv2d", 3, 2, 50), row("layer1.0.norm", "BatchNorm2d", 3, 2, 8),
                     row("layer1.0.relu", "ReLU", 3, 2, 0),    row("fc", "Linear", -1, 3, 20)};
    table[2].isLeaf = false;
    table[3].isLeaf = false;
    deriveStatistics(table);
    return table;
}

/// The trainable leaves, as text, so that a difference reads well.
QString trainableOf(const LayerTable& table)
{
    QStringList names;
    for (const auto& layer : table) {
        if (layer.isLeaf && layer.hasParameters() && layer.settings.trainable)
            names << QString::fromStdString(layer.path);
    }
    return names.join(QLatin1Char(' '));
}

Change trainable(const char* pattern, bool on)
{
    return {ChangeKind::Trainable, pattern, on};
}

} // namespace

class TestLayerChanges : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNormWithoutParametersFollowsItsModule()
    {
        auto table = smallTable();
        table[5].parameters = 0;
        deriveStatistics(table);
        QVERIFY(table[5].statisticsUpdating);
        QVERIFY(applyChange(table, trainable("layer1", false)));
        QVERIFY(!table[5].statisticsUpdating);
        QVERIFY(applyChange(table, trainable("layer1.0.conv", true)));
        QVERIFY(table[5].statisticsUpdating);
    }
    void patternsSelectWholeContainers_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("left");
        QTest::newRow("all") << "*"
                             << "";
        QTest::newRow("leaf") << "conv1"
                              << "bn1 layer1.0.conv layer1.0.norm fc";
        QTest::newRow("container") << "layer1"
                                   << "conv1 bn1 fc";
        QTest::newRow("inner container") << "layer1.0"
                                         << "conv1 bn1 fc";
        QTest::newRow("star crosses dots") << "layer1*norm"
                                           << "conv1 bn1 layer1.0.conv fc";
        QTest::newRow("set of characters") << "[cf]*"
                                           << "bn1 layer1.0.conv layer1.0.norm";
    }
    void patternsSelectWholeContainers()
    {
        QFETCH(QString, pattern);
        auto table = smallTable();
        QVERIFY(applyChange(table, trainable(pattern.toUtf8().constData(), false)));
        QTEST(trainableOf(table), "left");
    }
    void misspeltPatternIsAnErrorAndChangesNothing()
    {
        auto table = smallTable();
        const auto result = applyChange(table, trainable("layre1.*", false));
        QVERIFY(!result);
        QVERIFY(QString::fromStdString(result.error().message)
                    .contains(QStringLiteral("\"layre1.*\" matches no layer")));
        QCOMPARE(trainableOf(table), QStringLiteral("conv1 bn1 layer1.0.conv layer1.0.norm fc"));
    }
    void patternThatConcernsNothingIsAnError()
    {
        auto table = smallTable();
        QVERIFY(!applyChange(table, trainable("layer1.0.relu", false)));
        QVERIFY(!applyChange(table, {ChangeKind::Sparsity, "bn1", 0.5}));
        QVERIFY(!applyChange(table, {ChangeKind::Statistics, "conv1", std::string("frozen")}));
    }
    void valuesOutOfRangeAreRefused_data()
    {
        QTest::addColumn<double>("sparsity");
        QTest::newRow("negative") << -0.1;
        QTest::newRow("one") << 1.0;
        QTest::newRow("not a number") << std::nan("");
    }
    void valuesOutOfRangeAreRefused()
    {
        QFETCH(double, sparsity);
        auto table = smallTable();
        QVERIFY(!applyChange(table, {ChangeKind::Sparsity, "*", sparsity}));
    }
    void statisticsFollowTheFreezeUnlessToldOtherwise()
    {
        auto table = smallTable();
        QVERIFY(table[1].statisticsUpdating);
        QVERIFY(applyChange(table, trainable("bn1", false)));
        QVERIFY(!table[1].statisticsUpdating);
        QVERIFY(applyChange(table, {ChangeKind::Statistics, "bn1", std::string("updating")}));
        QVERIFY(table[1].statisticsUpdating);
    }
    void frostLineIsTheFirstStageThatChanges()
    {
        auto table = smallTable();
        QCOMPARE(frostLine(table), 0);
        QVERIFY(applyChange(table, trainable("*", false)));
        QCOMPARE(frostLine(table), 4);
        QVERIFY(applyChange(table, trainable("fc", true)));
        QCOMPARE(frostLine(table), 3);
        QVERIFY(applyChange(table, {ChangeKind::Statistics, "bn1", std::string("updating")}));
        QCOMPARE(frostLine(table), 1);
    }
    void totalsFollow()
    {
        auto table = smallTable();
        QVERIFY(applyChange(table, trainable("layer1", false)));
        const auto totals = totalsOf(table);
        QCOMPARE(totals.parameters, std::int64_t{186});
        QCOMPARE(totals.trainable, std::int64_t{128});
        QCOMPARE(totals.frozen, std::int64_t{58});
    }
};

QTEST_APPLESS_MAIN(TestLayerChanges)
#include "tst_layer_changes.moc"
