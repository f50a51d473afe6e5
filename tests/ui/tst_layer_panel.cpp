#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QUndoStack>

#include "layer_tables.h"
#include "layers/layer_model.h"
#include "layers/layer_panel.h"
#include "layers/layer_tree_view.h"
#include "model/layer_diff.h"

using namespace frostline;
using namespace frostline::test;

namespace {

/// A panel with an owner that carries changes out at once, as the window does while nothing runs.
struct Bench {
    LayerPanel panel;
    QSignalSpy asked{&panel, &LayerPanel::changesRequested};
    bool obeys = true;

    Bench()
    {
        QObject::connect(&panel, &LayerPanel::changesRequested, &panel,
                         [this](const std::vector<Change>& list) {
                             if (obeys)
                                 panel.setTable(withChanges(panel.table(), list));
                         });
        panel.setTable(smallNetwork());
        panel.resize(700, 500);
        panel.show();
        QVERIFY(QTest::qWaitForWindowExposed(&panel));
        panel.tree()->expandAll();
    }

    LayerTreeView* tree() const { return panel.tree(); }

    QModelIndex cell(const char* path, int column) const
    {
        const auto hits =
            tree()->model()->match(tree()->model()->index(0, 0), LayerModel::PathRole,
                                   QString::fromLatin1(path), 1, Qt::MatchExactly | Qt::MatchRecursive);
        return hits.isEmpty() ? QModelIndex() : hits.first().siblingAtColumn(column);
    }

    void clickCheck(const char* path, Qt::KeyboardModifiers modifiers = {}) const
    {
        const auto rectangle = tree()->visualRect(cell(path, LayerModel::TrainableColumn));
        QTest::mouseClick(tree()->viewport(), Qt::LeftButton, modifiers,
                          QPoint(rectangle.left() + 10, rectangle.center().y()));
    }

    void clickName(const char* path, Qt::KeyboardModifiers modifiers = {}) const
    {
        const auto rectangle = tree()->visualRect(cell(path, LayerModel::NameColumn));
        QTest::mouseClick(tree()->viewport(), Qt::LeftButton, modifiers,
                          QPoint(rectangle.left() + 30, rectangle.center().y()));
    }

    void doAction(const char* name) const { panel.findChild<QAction*>(QString::fromLatin1(name))->trigger(); }

    QString lastAsked() const
    {
        return asked.isEmpty() ? QString() : changesText(asked.last()[0].value<std::vector<Change>>());
    }
};

} // namespace

class TestLayerPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init() { failOnAnyWarning(); }

    void clickOnACheckBoxFreezes()
    {
        Bench bench;
        bench.clickCheck("layer1.0.conv1");
        QCOMPARE(bench.lastAsked(), QStringLiteral("trainable:layer1.0.conv1=off"));
        bench.clickCheck("layer1");
        QCOMPARE(bench.lastAsked(), QStringLiteral("trainable:layer1=on"));
        bench.clickCheck("layer1");
        QCOMPARE(bench.lastAsked(), QStringLiteral("trainable:layer1=off"));
        QCOMPARE(
            treeText(bench.panel.table()),
            QStringLiteral("conv1+ bn1+ relu layer1(0(conv1- bn1-) 1(conv1- bn1-)) avgpool fc+ softmax"));
    }

    void clickInASelectionTogglesAllOfIt()
    {
        Bench bench;
        bench.clickName("conv1");
        bench.clickName("fc", Qt::ControlModifier);
        bench.clickCheck("fc");
        QCOMPARE(bench.asked.size(), 1);
        QCOMPARE(bench.lastAsked(), QStringLiteral("trainable:conv1=off trainable:fc=off"));
    }

    void spaceTogglesTheSelection()
    {
        Bench bench;
        bench.clickName("conv1");
        bench.clickName("bn1", Qt::ShiftModifier);
        QTest::keyClick(bench.tree(), Qt::Key_Space);
        QCOMPARE(bench.lastAsked(), QStringLiteral("trainable:conv1=off trainable:bn1=off"));
        QTest::keyClick(bench.tree(), Qt::Key_Space);
        QCOMPARE(bench.lastAsked(), QStringLiteral("trainable:conv1=on trainable:bn1=on"));
    }

    void undoAndRedoByKey()
    {
        Bench bench;
        bench.clickName("layer1");
        QTest::keyClick(bench.tree(), Qt::Key_Space);
        QTest::keyClick(bench.tree(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bench.lastAsked(), QStringLiteral("trainable:layer1=on"));
        QTest::keyClick(bench.tree(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(bench.lastAsked(), QStringLiteral("trainable:layer1=off"));
        bench.panel.setTable(tableOf(QStringLiteral("fc Linear 4")));
        QCOMPARE(bench.panel.undoStack()->count(), 0);
    }

    void actionsWithoutSelectionSayWhy()
    {
        Bench bench;
        auto* upTo = bench.panel.findChild<QAction*>(QStringLiteral("freeze-up-to"));
        QVERIFY(!upTo->isEnabled());
        QVERIFY(upTo->toolTip().contains(QStringLiteral("Select a layer first")));
        bench.clickName("bn1");
        QVERIFY(upTo->isEnabled());
        QTest::keyClick(bench.tree(), Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(bench.lastAsked(), QStringLiteral("trainable:conv1=off trainable:bn1=off"));
    }

    void saysWhereNothingWouldChange()
    {
        Bench bench;
        QSignalSpy messages(&bench.panel, &LayerPanel::messageRequested);
        bench.doAction("unfreeze-all");
        QCOMPARE(bench.asked.size(), 0);
        QCOMPARE(messages.size(), 1);
    }

    void warnsWhereNothingTrains()
    {
        Bench bench;
        auto* warning = bench.panel.findChild<QWidget*>(QStringLiteral("nothingTrainable"));
        QVERIFY(!warning->isVisible());
        bench.doAction("freeze-all");
        QVERIFY(warning->isVisible());
        bench.doAction("head-only");
        QVERIFY(!warning->isVisible());
        auto* trainable = bench.panel.findChild<QLabel*>(QStringLiteral("trainableTotal"));
        QVERIFY2(trainable->text().endsWith(QStringLiteral("50 trainable (12.4 %)")),
                 qPrintable(trainable->text()));
    }

    void whileRunningWaitsForItsStep()
    {
        Bench bench;
        bench.obeys = false;
        bench.panel.setRunning(true, 77);
        bench.clickCheck("conv1");
        QCOMPARE(bench.lastAsked(), QStringLiteral("trainable:conv1=off"));
        const auto name = bench.cell("conv1", LayerModel::NameColumn);
        const auto check = bench.cell("conv1", LayerModel::TrainableColumn);
        QCOMPARE(check.data(Qt::CheckStateRole).value<Qt::CheckState>(), Qt::Unchecked);
        QVERIFY(name.data(Qt::FontRole).value<QFont>().italic());
        QVERIFY(name.data(Qt::ToolTipRole).toString().startsWith(QStringLiteral("Takes effect at step 77")));
        QCOMPARE(treeText(bench.panel.table()), treeText(smallNetwork()));
        bench.panel.setTable(withChanges(smallNetwork(), {{ChangeKind::Trainable, "conv1", false}}));
        QVERIFY(!name.data(Qt::FontRole).isValid());
    }

    void refusedChangeGoesAway()
    {
        Bench bench;
        bench.obeys = false;
        bench.panel.setRunning(true, 77);
        bench.clickCheck("conv1");
        bench.panel.clearPending();
        const auto check = bench.cell("conv1", LayerModel::TrainableColumn);
        QCOMPARE(check.data(Qt::CheckStateRole).value<Qt::CheckState>(), Qt::Checked);
    }

    void readOnlyAsksForNothing()
    {
        Bench bench;
        bench.panel.setReadOnly(true);
        bench.clickCheck("conv1");
        bench.clickName("bn1");
        QTest::keyClick(bench.tree(), Qt::Key_Space);
        bench.doAction("freeze-all");
        QCOMPARE(bench.asked.size(), 0);
    }

    void rateIsEditedForTheSelection()
    {
        Bench bench;
        bench.clickName("fc");
        bench.clickName("conv1", Qt::ControlModifier);
        QTest::keyClick(bench.tree(), Qt::Key_F2);
        auto* editor = bench.tree()->viewport()->findChild<QLineEdit*>();
        QVERIFY(editor);
        QCOMPARE(editor->text(), QStringLiteral("1"));
        editor->selectAll();
        QTest::keyClicks(editor, QStringLiteral("1e-2"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(bench.lastAsked(), QStringLiteral("rate:conv1=0.01 rate:fc=0.01"));
    }

    void statisticsFromTheMenu()
    {
        Bench bench;
        bench.clickName("layer1");
        Q_EMIT bench.tree()->customContextMenuRequested(QPoint(20, 20));
        auto* menu = bench.panel.findChild<QMenu*>(QString(), Qt::FindDirectChildrenOnly);
        QVERIFY(menu);
        auto* statistics = menu->findChild<QMenu*>();
        QVERIFY(statistics->isEnabled());
        statistics->actions().constLast()->trigger();
        QCOMPARE(bench.lastAsked(), QStringLiteral("statistics:layer1=updating"));
        menu->close();
    }

    void filterCountsAsOneTypes()
    {
        Bench bench;
        auto* edit = bench.panel.findChild<QLineEdit*>();
        auto* count = bench.panel.findChild<QLabel*>(QStringLiteral("matchCount"));
        QCOMPARE(count->text(), QStringLiteral("10 layers"));
        bench.tree()->collapseAll();
        QTest::keyClicks(edit, QStringLiteral("layer1.*.bn1"));
        QCOMPARE(count->text(), QStringLiteral("2 of 10"));
        QVERIFY(bench.tree()->isExpanded(bench.cell("layer1.0", 0)));
        edit->clear();
        QVERIFY(!bench.tree()->isExpanded(bench.cell("layer1", 0)));
        bench.panel.findChild<QToolButton*>(QStringLiteral("regex"))->click();
        QTest::keyClicks(edit, QStringLiteral("conv("));
        QCOMPARE(count->text(), QStringLiteral("Not valid"));
        QCOMPARE(bench.tree()->model()->rowCount(), 7);
    }

    void columnsHideFromTheHeader()
    {
        Bench bench;
        Q_EMIT bench.tree()->header()->customContextMenuRequested(QPoint(5, 5));
        auto* menu = bench.tree()->findChild<QMenu*>();
        QVERIFY(menu);
        QVERIFY(!menu->actions().constFirst()->isEnabled());
        menu->actions().at(1)->trigger();
        QVERIFY(bench.tree()->isColumnHidden(LayerModel::TrainableColumn));
        menu->actions().constLast()->trigger();
        QVERIFY(!bench.tree()->isColumnHidden(LayerModel::TrainableColumn));
        menu->close();
    }

    void columnsComeBack()
    {
        Bench bench;
        bench.tree()->setColumnHidden(LayerModel::KindColumn, true);
        const auto state = bench.panel.headerState();
        LayerPanel other;
        QVERIFY(!other.tree()->isColumnHidden(LayerModel::KindColumn));
        QVERIFY(other.restoreHeaderState(state));
        QVERIFY(other.tree()->isColumnHidden(LayerModel::KindColumn));
    }
};

QTEST_MAIN(TestLayerPanel)
#include "tst_layer_panel.moc"
