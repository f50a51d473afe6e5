#include <fstream>

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

#include "compare/delete_dialog.h"
#include "compare/session_actions.h"
#include "compare_page_case.h"

using namespace frostline;
using namespace frostline::test;

class TestCompareTable : public ComparePageCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void init() { start(); }
    void cleanup() { end(); }

    void searchCounts();
    void renamesInPlace();
    void archivesAndShowsAgain();
    void deleteListsWhatGoes();
    void runningOnesAreNotDeleted();
    void damagedSessionIsShown();
    void branchAsksForTheStep();
};

void TestCompareTable::searchCounts()
{
    open();
    QCOMPARE(find<QLabel>("count")->text(), QStringLiteral("2 of 2"));
    QTest::keyClicks(find<QLineEdit>("search"), QStringLiteral("seco"));
    QCOMPARE(find<QLabel>("count")->text(), QStringLiteral("1 of 2"));
    QCOMPARE(view()->model()->rowCount(), 1);
}

void TestCompareTable::renamesInPlace()
{
    open();
    choose(m_first);
    QTest::keyClick(view(), Qt::Key_F2);
    auto* editor = view()->viewport()->findChild<QLineEdit*>();
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("better name"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(QString::fromStdString(SessionStore::loadHead(m_first.toStdString())->name),
                 QStringLiteral("better name"));
    QTRY_VERIFY(!view()->viewport()->findChild<QLineEdit*>());
    m_page->table().actions().findChild<QAction*>(QStringLiteral("tag"))->trigger();
    editor = view()->viewport()->findChild<QLineEdit*>();
    QVERIFY(editor);
    QTest::keyClicks(editor, QStringLiteral("shoes, good"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(SessionStore::loadHead(m_first.toStdString())->tags,
                 (std::vector<std::string>{"shoes", "good"}));
}

void TestCompareTable::archivesAndShowsAgain()
{
    open();
    choose(m_first);
    m_page->table().actions().findChild<QAction*>(QStringLiteral("archive"))->trigger();
    QTRY_VERIFY(SessionStore::loadHead(m_first.toStdString())->archived);
    QTRY_COMPARE(view()->model()->rowCount(), 1);
    QTest::mouseClick(find<QToolButton>("archive"), Qt::LeftButton);
    QCOMPARE(view()->model()->rowCount(), 2);
}

void TestCompareTable::deleteListsWhatGoes()
{
    std::ofstream(std::filesystem::path(m_first.toStdString()) / "checkpoints" / "step-000100.safetensors")
        << std::string(2048, 'x');
    open();
    choose(m_first);
    QTest::keyClick(view(), Qt::Key_Delete);
    QTRY_VERIFY(m_page->findChild<DeleteDialog*>());
    auto* list = m_page->findChild<QTreeWidget*>(QStringLiteral("doomedFiles"));
    QCOMPARE(list->topLevelItemCount(), 1);
    QCOMPARE(list->topLevelItem(0)->childCount(), 2);
    QCOMPARE(list->topLevelItem(0)->child(0)->text(0), QStringLiteral("checkpoints/step-000100.safetensors"));
    QVERIFY(std::filesystem::exists(m_first.toStdString()));
    QTest::mouseClick(find<QPushButton>("deleteForGood"), Qt::LeftButton);
    QTRY_VERIFY(!std::filesystem::exists(m_first.toStdString()));
    QTRY_COMPARE(view()->model()->rowCount(), 1);
    QVERIFY(std::filesystem::exists(m_second.toStdString()));
}

void TestCompareTable::runningOnesAreNotDeleted()
{
    open();
    auto entries = model().entries();
    for (auto& entry : entries)
        entry.isRunning = entry.folder == m_first;
    model().setEntries(entries);
    choose(m_first);
    QCOMPARE(model().index(model().indexOf(m_first).row(), SessionTableModel::State).data().toString(),
             QStringLiteral("running"));
    QSignalSpy messages(m_page.get(), &ComparePage::messageRequested);
    QTest::keyClick(view(), Qt::Key_Delete);
    QCOMPARE(messages.count(), 1);
    QCOMPARE(messages.first().first().toString(),
             QStringLiteral("“first” cannot be deleted while it runs. Stop it first."));
    QVERIFY(!m_page->findChild<DeleteDialog*>());
}

void TestCompareTable::damagedSessionIsShown()
{
    const QString folder = pathOf(keepDamaged(sessions(), "2026-01-01T00-00-00_broken"));
    open();
    const auto row = model().indexOf(folder);
    QVERIFY(row.isValid());
    QVERIFY(row.siblingAtColumn(SessionTableModel::Notes)
                .data()
                .toString()
                .contains(QStringLiteral("session.json")));
    clickTick(folder);
    QVERIFY(model().ticked().isEmpty());
}

void TestCompareTable::branchAsksForTheStep()
{
    open();
    choose(m_first);
    QSignalSpy branches(m_page.get(), &ComparePage::branchRequested);
    QTest::mouseClick(find<QToolButton>("branch"), Qt::LeftButton);
    QSpinBox* step = nullptr;
    QTRY_VERIFY((step = m_page->findChild<QSpinBox*>()));
    QCOMPARE(step->value(), 300);
    step->setValue(120);
    QTest::keyClick(step, Qt::Key_Return);
    QTRY_COMPARE(branches.count(), 1);
    QCOMPARE(branches.first().at(0).toString(), m_first);
    QCOMPARE(branches.first().at(1).value<Step>(), Step(120));
}

QTEST_MAIN(TestCompareTable)
#include "tst_compare_table.moc"
