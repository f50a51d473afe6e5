#include <QLabel>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include "controls/controls_panel.h"
#include "controls/cost_line_model.h"
#include "controls/environment_text.h"
#include "controls/feature_text.h"
#include "layer_tables.h"

using namespace frostline;
using namespace frostline::test;

namespace {

constexpr std::int64_t kMiB = 1 << 20;

/// Every stage 1 ms, 2 ms besides, 4,000 images of which some are kept.
CostReport reportFor(int line, std::int64_t cachedSamples)
{
    CostReport report;
    for (const auto* path : {"conv1", "bn1", "relu", "layer1.0", "layer1.1", "avgpool", "fc", "softmax"})
        report.stages.push_back({path, 0.001});
    report.overheadSeconds = 0.002;
    report.batchSize = 10;
    report.trainSamples = 3000;
    report.fixedMemoryBytes = 100 * kMiB;
    report.features.line = line;
    report.features.samples = 4000;
    report.features.cachedSamples = cachedSamples;
    report.features.sampleBytes = 4096;
    report.features.memoryBytes = cachedSamples * 4096;
    return report;
}

/// smallNetwork() with shapes, everything up to `node` frozen.
LayerTable tableUpTo(const char* node)
{
    auto table = smallNetwork();
    for (auto& layer : table)
        layer.outputShape = {1024};
    return frozenUpTo(table, node ? indexOfPath(table, QString::fromLatin1(node)) : -1);
}

QString rowText(const QAbstractItemModel& model, int row)
{
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column)
        cells << model.index(row, column).data().toString();
    return cells.join(QStringLiteral(" | "));
}

QString toolTipOf(const QAbstractItemModel& model, int row)
{
    return model.index(row, 0).data(Qt::ToolTipRole).toString().remove(QStringLiteral("<p>"));
}

/// The rows that are marked, as `name`, by their bold letters.
QStringList boldRows(const QAbstractItemModel& model)
{
    QStringList rows;
    for (int row = 0; row < model.rowCount(); ++row) {
        if (model.index(row, 0).data(Qt::FontRole).value<QFont>().bold())
            rows << model.index(row, 0).data().toString();
    }
    return rows;
}

} // namespace

class TestCostGroup : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init() { failOnAnyWarning(); }

    void aRowForEachPlaceOfTheLine()
    {
        ControlsPanel panel;
        panel.setTable(tableUpTo("layer1"));
        panel.setEstimatedCost(reportFor(6, 0));
        const auto& model = *panel.findChild<QTableView*>(QStringLiteral("costLines"))->model();
        QCOMPARE(model.rowCount(), 4);
        // 2 + 2 (conv1) + 3 (bn1) + 2 (relu) + 3 + 3 + 2 + 3 (fc) + 2: the weights' and the inputs'
        // gradients.
        QCOMPARE(rowText(model, 0).section(u'|', 0, 2), QStringLiteral("nothing | 22 | – "));
        QCOMPARE(rowText(model, 1).section(u'|', 0, 2), QStringLiteral("conv1 | 19 | – "));
        QCOMPARE(rowText(model, 2).section(u'|', 0, 2), QStringLiteral("bn1 | 15 | – "));
        QCOMPARE(rowText(model, 3).section(u'|', 0, 2), QStringLiteral("layer1 | 6 | – "));
        QCOMPARE(boldRows(model), QStringList(QStringLiteral("layer1")));
        QVERIFY(
            model.index(3, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("in force")));
        QCOMPARE(
            toolTipOf(model, 3),
            QStringLiteral("With everything up to layer1 frozen a step takes about 6 ms once the features "
                           "are kept, 12 ms while they are computed; 15.6 MiB of features. This is in "
                           "force now.</p>"));
    }

    void aLineWithinAGroupHasARowOfItsOwn()
    {
        const auto lines = costLines(reportFor(4, 0), tableUpTo("layer1.0"));
        QStringList names;
        for (const auto& line : lines)
            names << line.name + (line.isInForce ? QStringLiteral("*") : QString());
        QCOMPARE(names.join(u' '), QStringLiteral(" conv1 bn1 layer1.0* layer1"));
    }

    void oneGroupAloneIsSplitIntoItsStages()
    {
        QString text = QStringLiteral("features\n");
        for (int i = 0; i < 20; ++i)
            text += QStringLiteral("  %1 Conv2d 10\n").arg(i);
        const auto lines = costLines({}, tableOf(text + QStringLiteral("classifier Linear 10\n")));
        QCOMPARE(lines.size(), std::size_t(7));
        QCOMPARE(lines.front().name, QString());
        QVERIFY(lines.front().isInForce);
        QCOMPARE(lines[1].name, QStringLiteral("features.2"));
        QCOMPARE(lines.back().name, QStringLiteral("features.19"));
    }

    void aChangeIsPredictedAtOnceAndMeasuredAnew()
    {
        ControlsPanel panel;
        panel.setTable(tableUpTo("layer1"));
        panel.setRunning(true);
        auto report = reportFor(6, 4000);
        report.stepSeconds = 0.0075;
        panel.setMeasuredCost(report);
        panel.setMeasuredMemory(200 * kMiB);
        const auto* expected = panel.findChild<QLabel*>(QStringLiteral("expectedStep"));
        const auto* measured = panel.findChild<QLabel*>(QStringLiteral("measuredStep"));
        const auto* memory = panel.findChild<QLabel*>(QStringLiteral("measuredMemory"));
        QCOMPARE(expected->text(), QStringLiteral("6 ms"));
        QCOMPARE(measured->text(), QStringLiteral("7.5 ms"));
        QCOMPARE(memory->text(), QStringLiteral("200.0 MiB"));
        QVERIFY(expected->toolTip().contains(QStringLiteral("12 ms")));

        panel.setTable(tableUpTo("bn1"));
        QCOMPARE(expected->text(), QStringLiteral("15 ms"));
        QCOMPARE(measured->text(), QStringLiteral("–"));
        QCOMPARE(memory->text(), QStringLiteral("–"));
        report = reportFor(3, 1000);
        report.stepSeconds = 0.025;
        panel.setMeasuredCost(report);
        QCOMPARE(measured->text(), QStringLiteral("25 ms"));
        const auto& model = *panel.findChild<QTableView*>(QStringLiteral("costLines"))->model();
        // While features are computed a step says nothing of what it will take.
        QCOMPARE(rowText(model, 2).section(u'|', 0, 2), QStringLiteral("bn1 | 15 | – "));
        report.stepSeconds = 0.018;
        panel.setMeasuredCost(report);
        QCOMPARE(rowText(model, 2).section(u'|', 0, 2), QStringLiteral("bn1 | 15 | 18 "));
        QCOMPARE(rowText(model, 3).section(u'|', 0, 2), QStringLiteral("layer1 | 6 | 7.5 "));
        QCOMPARE(boldRows(model), QStringList(QStringLiteral("bn1")));

        panel.setRunning(false);
        panel.setRunning(true);
        QCOMPARE(rowText(model, 3).section(u'|', 0, 2), QStringLiteral("layer1 | 6 | – "));
    }

    void whatIsKept_data()
    {
        QTest::addColumn<FeatureReport>("features");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shortText");
        auto features = reportFor(6, 3200).features;
        QTest::newRow("in memory") << features
                                   << QStringLiteral("Kept: 3,200 of 4,000 samples, 12.5 MiB in memory")
                                   << QStringLiteral("80 % kept, 12.5 MiB");
        features.fileBytes = features.memoryBytes;
        QTest::newRow("both") << features
                              << QStringLiteral("Kept: 3,200 of 4,000 samples, 12.5 MiB in memory, 12.5 MiB "
                                                "in a file")
                              << QStringLiteral("80 % kept, 25.0 MiB");
        features.memoryBytes = 0;
        QTest::newRow("in a file") << features
                                   << QStringLiteral("Kept: 3,200 of 4,000 samples, 12.5 MiB in a file")
                                   << QStringLiteral("80 % kept, 12.5 MiB");
        features.cachedSamples = 3999;
        QTest::newRow("not quite") << features
                                   << QStringLiteral("Kept: 3,999 of 4,000 samples, 12.5 MiB in a file")
                                   << QStringLiteral("> 99.9 % kept, 12.5 MiB");
        features.cachedSamples = 0;
        QTest::newRow("none yet") << features << QStringLiteral("Kept: none of 4,000 samples yet")
                                  << QString();
        features.views = 4;
        QTest::newRow("views") << features << QStringLiteral("Kept: none of 4,000 samples yet, 4 fixed views")
                               << QString();
        features.isEnabled = false;
        QTest::newRow("off") << features << QStringLiteral("Features are not kept")
                             << QStringLiteral("not kept");
        features.remark = "the disk is full";
        QTest::newRow("remark") << features << QStringLiteral("Not kept: the disk is full")
                                << QStringLiteral("not kept");
        features.line = 0;
        features.remark.clear();
        QTest::newRow("no line") << features << QStringLiteral("Nothing lies under the frost line")
                                 << QString();
    }
    void whatIsKept()
    {
        QFETCH(FeatureReport, features);
        QFETCH(QString, text);
        QFETCH(QString, shortText);
        QCOMPARE(keptText(features), text);
        QCOMPARE(keptShortText(features), shortText);
        QVERIFY(keptToolTip(features).endsWith(u'.'));
    }

    void whatItSaves()
    {
        ControlsPanel panel;
        panel.show();
        const auto* kept = panel.findChild<QLabel*>(QStringLiteral("keptFeatures"));
        const auto* saved = panel.findChild<QLabel*>(QStringLiteral("savedTime"));
        QVERIFY(kept->isHidden());
        panel.setTable(tableUpTo("layer1"));
        panel.setEstimatedCost(reportFor(6, 0));
        QVERIFY(kept->isVisible());
        QVERIFY(saved->isHidden());
        panel.setMeasuredCost(reportFor(6, 4000));
        QVERIFY(saved->isVisible());
        QCOMPARE(saved->text(), QStringLiteral("Saves 6 ms a step"));
        panel.setMeasuredCost(reportFor(6, 1000));
        QCOMPARE(saved->text(), QStringLiteral("Saves 6 ms a step once all are kept"));
        // A report of the layers as they were says nothing of what is kept now.
        panel.setTable(tableUpTo("bn1"));
        QCOMPARE(kept->text(), QStringLiteral("Kept: none of 4,000 samples yet"));
        QVERIFY(saved->isHidden());
        panel.setTable(tableUpTo(nullptr));
        QCOMPARE(kept->text(), QStringLiteral("Nothing lies under the frost line"));
    }

    void aRemarkWarnsAndHoldsForItsOwnLineOnly()
    {
        ControlsPanel panel;
        panel.show();
        panel.setTable(tableUpTo("layer1"));
        const auto* kept = panel.findChild<QLabel*>(QStringLiteral("keptFeatures"));
        const auto plain = kept->palette().color(QPalette::WindowText);
        auto report = reportFor(6, 0);
        report.features.isEnabled = false;
        report.features.remark = "a sample's features need more than the memory there is";
        panel.setMeasuredCost(report);
        QVERIFY(kept->text().contains(QStringLiteral("need more than the memory")));
        QVERIFY(kept->palette().color(QPalette::WindowText) != plain);
        const auto& model = *panel.findChild<QTableView*>(QStringLiteral("costLines"))->model();
        QCOMPARE(rowText(model, 3).section(u'|', 1, 1).trimmed(), QStringLiteral("12"));
        QVERIFY(toolTipOf(model, 3).contains(QStringLiteral("not kept")));
        QCOMPARE(rowText(model, 2).section(u'|', 1, 1).trimmed(), QStringLiteral("15"));
    }

    void aRowFreezesUpToThere()
    {
        ControlsPanel panel;
        panel.resize(panel.sizeHint());
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        const auto table = tableUpTo("layer1");
        panel.setTable(table);
        panel.setEstimatedCost(reportFor(6, 0));
        QSignalSpy asked(&panel, &ControlsPanel::freezeRequested);
        auto* view = panel.findChild<QTableView*>(QStringLiteral("costLines"));
        const auto place = view->visualRect(view->model()->index(2, 0)).center();
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, place);
        QCOMPARE(asked.size(), 0);
        QTest::mouseDClick(view->viewport(), Qt::LeftButton, {}, place);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toInt(), indexOfPath(table, QStringLiteral("bn1")));
        view->setFocus();
        QTest::keyClick(view, Qt::Key_Home, Qt::ControlModifier);
        QTest::keyClick(view, Qt::Key_Return);
        QCOMPARE(asked.size(), 2);
        QCOMPARE(asked[1][0].toInt(), -1);
    }

    void theEnvironmentSaysWhatIsNotUsual()
    {
        SessionEnvironment environment;
        environment.device = "cpu";
        environment.threads = 2;
        QCOMPARE(environmentText(environment), QStringLiteral("cpu, 2 threads"));
        environment.threads = 1;
        environment.precision = "bf16";
        environment.memoryFormat = "channels_last";
        QCOMPARE(environmentText(environment), QStringLiteral("cpu, 1 thread, bf16, channels last"));
    }
};

QTEST_MAIN(TestCostGroup)
#include "tst_cost_group.moc"
