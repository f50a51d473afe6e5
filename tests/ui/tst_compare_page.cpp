#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>
#include <QWheelEvent>

#include "compare/curves_tab.h"
#include "compare/freeze_map_view.h"
#include "compare/hover_link.h"
#include "compare/overlay_plot.h"
#include "compare/tradeoff_tab.h"
#include "compare_page_case.h"

using namespace frostline;
using namespace frostline::test;

class TestComparePage : public ComparePageCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void init() { start(); }
    void cleanup() { end(); }

    void saysWhatToDo();
    void tickingLaysCurvesOver();
    void spaceTicksToo();
    void alignsByEpochAndRelativeStep();
    void seedsBecomeOneBand();
    void branchLeavesItsParent();
    void wheelZoomsAndFitReturns();
    void diffOnlyHidesWhatIsAlike();
    void clickOnAHeaderPinsTheBaseline();
    void hoverLightsUpEverywhere();
    void freezeMapTellsAndListsDifferences();
    void tradeoffKnowsItsFront();
    void curveMenuBranchesAtTheStep();
    void exportsPicturesAndNumbers();
    void reportIsOnePage();
    void paletteChangeIsFollowed();
};

void TestComparePage::saysWhatToDo()
{
    open();
    QVERIFY(find<QLabel>("hint")->text().contains(QStringLiteral("Tick two sessions")));
    QVERIFY(find<QLabel>("hint")->isVisible());
}

void TestComparePage::tickingLaysCurvesOver()
{
    open();
    clickTick(m_first);
    clickTick(m_second);
    QTRY_COMPARE(plot().runs().size(), std::size_t(2));
    QVERIFY(plot().isVisible());
    QCOMPARE(plot().runs()[0].folders, QStringList(m_first));
    QCOMPARE(plot().runs()[0].loss.training.size(), std::size_t(300));
    QCOMPARE(plot().runs()[1].accuracy.validation.size(), std::size_t(8));
    QTRY_VERIFY(plot().xRange().upper > 399.0);
    clickTick(m_first);
    QTRY_COMPARE(plot().runs().size(), std::size_t(1));
}

void TestComparePage::spaceTicksToo()
{
    open();
    choose(m_second);
    QTest::keyClick(view(), Qt::Key_Space);
    QTRY_COMPARE(plot().runs().size(), std::size_t(1));
    QTest::keyClick(view(), Qt::Key_Space);
    QTRY_VERIFY(find<QLabel>("hint")->isVisible());
}

void TestComparePage::alignsByEpochAndRelativeStep()
{
    auto branch = sampleSession("branch", 400);
    branch.parent = SessionParent{"gone", 250};
    const QString folder = add(branch);
    open();
    tickAll({m_first, folder});
    auto* alignment = find<QComboBox>("alignment");
    QTest::keyClick(alignment, Qt::Key_Down);
    QTRY_VERIFY(plot().xRange().lower < -249.0);
    QTest::keyClick(alignment, Qt::Key_Down);
    QTRY_VERIFY(plot().xRange().upper < 9.0 && plot().xRange().upper > 7.9);
    QTest::keyClick(alignment, Qt::Key_Down);
    QTRY_VERIFY(plot().xRange().upper > 199.0); // half a second a step
}

void TestComparePage::seedsBecomeOneBand()
{
    auto twin = sampleSession("first", 300, 0.2);
    twin.recipe.seed = 2;
    const QString folder = add(twin);
    open();
    tickAll({m_first, m_second, folder});
    QTRY_COMPARE(plot().runs().size(), std::size_t(3));
    QTest::mouseClick(find<QToolButton>("band"), Qt::LeftButton);
    QTRY_COMPARE(plot().runs().size(), std::size_t(2));
    QCOMPARE(plot().runs()[0].folders, QStringList({m_first, folder}));
    QCOMPARE(plot().runs()[0].accuracy.validationBand.size(), std::size_t(6));
    QVERIFY(plot().runs()[0].accuracy.validationBand[3].deviation > 0.0);
}

void TestComparePage::branchLeavesItsParent()
{
    auto branch = sampleSession("branch", 400);
    branch.parent = SessionParent{m_first.section(QLatin1Char('/'), -1).toStdString(), 250};
    const QString folder = add(branch);
    open();
    tickAll({folder});
    QTRY_COMPARE(plot().runs().size(), std::size_t(1));
    QCOMPARE(plot().runs()[0].branchX.value_or(0.0), 250.0);
    QTest::mouseClick(find<QToolButton>("tree"), Qt::LeftButton);
    QCOMPARE(model().indexOf(folder).parent(), model().indexOf(m_first));
    QVERIFY(cell(folder, 0).isValid());
}

void TestComparePage::wheelZoomsAndFitReturns()
{
    open();
    tickAll({m_first});
    QTRY_VERIFY(plot().xRange().upper > 299.0);
    auto* canvas = find<QWidget>("overlayCanvas");
    const QPointF centre = QRectF(canvas->rect()).center() - QPointF(0, 60);
    QWheelEvent wheel(centre, canvas->mapToGlobal(centre), {}, QPoint(0, 240), Qt::NoButton, {},
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(canvas, &wheel);
    QVERIFY(!plot().isFitted());
    QVERIFY(plot().xRange().size() < 250.0);
    QTest::mouseClick(find<QToolButton>("fit"), Qt::LeftButton);
    QVERIFY(plot().isFitted());
    QTRY_VERIFY(plot().xRange().size() > 299.0);
}

void TestComparePage::diffOnlyHidesWhatIsAlike()
{
    open();
    tickAll({m_first, m_second});
    showTab(kSettings);
    const auto* rows = find<QTableView>("settings")->model();
    QTRY_VERIFY(rows->rowCount() > 0);
    const int different = rows->rowCount();
    QTest::mouseClick(find<QCheckBox>("diffOnly"), Qt::LeftButton, {}, QPoint(8, 8));
    QVERIFY(rows->rowCount() > different + 10);
}

void TestComparePage::clickOnAHeaderPinsTheBaseline()
{
    open();
    tickAll({m_first, m_second});
    showTab(kSettings);
    auto* settings = find<QTableView>("settings");
    QTRY_COMPARE(settings->model()->columnCount(), 3);
    auto* header = settings->horizontalHeader();
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                      QPoint(header->sectionViewportPosition(1) + 20, header->height() / 2));
    QCOMPARE(model().baseline(), m_first);
    QTRY_VERIFY(settings->model()->index(0, 2).data().toString().contains(QStringLiteral("(+")));
    QVERIFY(!view()->isColumnHidden(SessionTableModel::Delta));
}

void TestComparePage::hoverLightsUpEverywhere()
{
    open();
    tickAll({m_first, m_second});
    QTRY_COMPARE(plot().runs().size(), std::size_t(2));
    QSignalSpy hovered(&m_page->hover(), &HoverLink::hovered);
    QTest::mouseMove(view()->viewport(), cell(m_second, SessionTableModel::State).center());
    QTRY_COMPARE(m_page->hover().run(), m_second);

    auto* canvas = find<QWidget>("overlayCanvas");
    QPoint place;
    QTRY_VERIFY(!(place = plot().positionOf(m_first, 120.0)).isNull());
    QTest::mouseMove(canvas, place);
    QTRY_COMPARE(m_page->hover().run(), m_first);

    showTab(kFreeze);
    auto* map = m_page->findChild<FreezeMapView*>();
    QTRY_VERIFY(!map->positionOf(1, 0, 0).isNull());
    auto* scroll = qobject_cast<QScrollArea*>(map->parentWidget()->parentWidget());
    scroll->ensureVisible(0, map->positionOf(1, 0, 0).y());
    QTest::mouseMove(map, map->positionOf(1, 0, 0));
    QTRY_COMPARE(m_page->hover().run(), m_second);

    showTab(kTradeoff);
    auto* tradeoff = m_page->findChild<TradeoffTab*>();
    QTRY_VERIFY(!tradeoff->positionOf(m_first).isNull());
    tradeoff->grab();
    QTest::mouseMove(find<QWidget>("tradeoffCanvas"),
                     find<QWidget>("tradeoffCanvas")->mapFrom(tradeoff, tradeoff->positionOf(m_first)));
    QTRY_COMPARE(m_page->hover().run(), m_first);
    QVERIFY(hovered.count() >= 4);
}

void TestComparePage::freezeMapTellsAndListsDifferences()
{
    open();
    tickAll({m_first, m_second});
    model().setBaseline(m_first);
    showTab(kFreeze);
    auto* list = find<QTreeWidget>("differences");
    // block3 from step 100 on; block4, which the first unfroze at 100, stays frozen.
    QTRY_COMPARE(list->topLevelItemCount(), 4);
    QCOMPARE(list->topLevelItem(0)->text(1), QStringLiteral("block3.conv"));
    QCOMPARE(list->topLevelItem(0)->text(2), QStringLiteral("100–299"));
    QCOMPARE(list->topLevelItem(0)->text(3), QStringLiteral("trainable"));
    QCOMPARE(list->topLevelItem(0)->text(4), QStringLiteral("frozen"));
    auto* map = m_page->findChild<FreezeMapView*>();
    map->setFocus();
    QTest::keyClick(map, Qt::Key_Down);
    QVERIFY(find<QLabel>("freezeDescription")
                ->text()
                .contains(QStringLiteral("block1.conv: frozen, steps 0–299")));
    list->setCurrentItem(list->topLevelItem(2));
    QVERIFY(find<QLabel>("freezeDescription")
                ->text()
                .contains(QStringLiteral("in the baseline trainable at steps 100–299")));
}

void TestComparePage::tradeoffKnowsItsFront()
{
    auto dear = sampleSession("dear", 300, 0.0);
    dear.recipe.layers.clear();
    dear.interventions.clear();
    const QString folder = add(dear);
    open();
    tickAll({m_first, m_second, folder});
    showTab(kTradeoff);
    auto* tradeoff = m_page->findChild<TradeoffTab*>();
    QTRY_VERIFY(!tradeoff->front().isEmpty());
    QVERIFY(!tradeoff->front().contains(folder));
    QVERIFY(tradeoff->front().contains(m_second));
}

void TestComparePage::curveMenuBranchesAtTheStep()
{
    open();
    tickAll({m_first});
    QTRY_VERIFY(plot().xRange().upper > 299.0);
    plot().grab(); // lays it out
    QPoint place;
    QTRY_VERIFY(!(place = plot().positionOf(m_first, 120.0)).isNull());
    QSignalSpy branches(m_page.get(), &ComparePage::branchRequested);
    auto* canvas = find<QWidget>("overlayCanvas");
    QContextMenuEvent event(QContextMenuEvent::Mouse, place, canvas->mapToGlobal(place));
    QApplication::sendEvent(canvas, &event);
    auto* here = m_page->findChild<QAction*>(QStringLiteral("branchHere"));
    QVERIFY2(here, "no menu");
    QVERIFY2(here->isEnabled(), qPrintable(here->text()));
    here->trigger();
    QCOMPARE(branches.count(), 1);
    QVERIFY(std::abs(branches.first().at(1).toLongLong() - 120) <= 1);
}

void TestComparePage::exportsPicturesAndNumbers()
{
    open();
    tickAll({m_first, m_second});
    QTRY_COMPARE(plot().runs().size(), std::size_t(2));
    auto* curves = m_page->findChild<CurvesTab*>();
    for (const auto* suffix : {"png", "svg", "pdf"}) {
        const QString file = m_folder->filePath(QStringLiteral("curves.") + QString::fromLatin1(suffix));
        QCOMPARE(curves->exportTo(file), QString());
        QVERIFY(QFileInfo(file).size() > 4000);
    }
    QFile svg(m_folder->filePath(QStringLiteral("curves.svg")));
    QVERIFY(svg.open(QIODevice::ReadOnly));
    const QString drawn = QString::fromUtf8(svg.readAll());
    for (const auto* text : {"Loss", "Accuracy", "Step", "first", "second", "validation"})
        QVERIFY2(drawn.contains(QString::fromLatin1(text)), text);

    QSignalSpy exported(curves, &CurvesTab::exported);
    const QString table = m_folder->filePath(QStringLiteral("curves.csv"));
    QCOMPARE(curves->exportTo(table), QString());
    QTRY_VERIFY(exported.count() > 0);
    QFile csv(table);
    QVERIFY(csv.open(QIODevice::ReadOnly));
    const auto lines = csv.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 1 + 300 + 6 + 400 + 8);
    QVERIFY(lines[0].startsWith("session,name,step,epoch,seconds,loss,"));
    QVERIFY(lines[1].contains(",\"first\",0,1,"));
    QVERIFY(!curves->exportTo(m_folder->filePath(QStringLiteral("curves.txt"))).isEmpty());
}

void TestComparePage::reportIsOnePage()
{
    open();
    tickAll({m_first, m_second});
    model().setBaseline(m_second);
    QTRY_COMPARE(std::ranges::count(m_page->compared(), true, &ComparedRun::isBaseline), 1);
    QSignalSpy written(m_page.get(), &ComparePage::reportWritten);
    const QString file = m_folder->filePath(QStringLiteral("report.html"));
    m_page->exportReportTo(file);
    QTRY_VERIFY(written.count() > 0);
    QFile report(file);
    QVERIFY(report.open(QIODevice::ReadOnly));
    const QByteArray html = report.readAll();
    QVERIFY(html.contains("first") && html.contains("<svg"));
    QSignalSpy messages(m_page.get(), &ComparePage::messageRequested);
    m_page->exportReportTo(QStringLiteral("/nowhere/report.html"));
    QTRY_VERIFY(messages.count() > 0);
    QVERIFY(messages.first().first().toString().contains(QStringLiteral("/nowhere/report.html")));
}

void TestComparePage::paletteChangeIsFollowed()
{
    open();
    tickAll({m_first, m_second});
    QTRY_COMPARE(plot().runs().size(), std::size_t(2));
    QPalette dark(Qt::black);
    dark.setColor(QPalette::Base, Qt::black);
    dark.setColor(QPalette::Text, Qt::white);
    m_page->setPalette(dark);
    QTRY_COMPARE(plot().grab().toImage().pixelColor(2, 2), QColor(Qt::black));
}

QTEST_MAIN(TestComparePage)
#include "tst_compare_page.moc"
