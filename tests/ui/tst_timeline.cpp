#include <set>

#include <QContextMenuEvent>
#include <QElapsedTimer>
#include <QHelpEvent>
#include <QMenu>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QToolTip>
#include <QTreeView>
#include <QVBoxLayout>

#include "layer_tables.h"
#include "plots/live_page.h"
#include "plots/metric_plot.h"
#include "sample_run.h"
#include "timeline/freeze_look.h"
#include "timeline/freeze_track.h"
#include "timeline/intervention_model.h"
#include "timeline/timeline_panel.h"
#include "timeline/timeline_strip.h"

using namespace frostline;

namespace {

Intervention trainable(Step step, const char* target, bool on)
{
    return {step, {ChangeKind::Trainable, target, on}, Origin::User, "2026-11-21T16:30:05Z"};
}

/// `0-120 frozen, 120-400 trainable`.
QString spansText(const LayerHistory& layer)
{
    QStringList texts;
    for (const auto& span : layer.spans)
        texts << QStringLiteral("%1-%2 %3").arg(span.from).arg(span.to).arg(lookName(span.state));
    return texts.join(QStringLiteral(", "));
}

} // namespace

class TestTimeline : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        test::failOnAnyWarning();
        m_window = std::make_unique<QWidget>();
        m_page = new LivePage;
        m_panel = new TimelinePanel(m_page->plot());
        auto* layout = new QVBoxLayout(m_window.get());
        layout->setContentsMargins(0, 0, 0, 0);
        layout->addWidget(m_page, 2);
        layout->addWidget(m_panel, 1);
        connect(m_page, &LivePage::markerSelected, m_panel, &TimelinePanel::select);
        connect(m_panel, &TimelinePanel::interventionSelected, m_page, &LivePage::selectMarker);
        m_window->resize(1000, 800);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanup() { m_window.reset(); }

    void aTrackGrowsWithItsRun();
    void changesBeforeOneStepCountAsOne();
    void aTrackGoesOnAfterASession();
    void aLiveTrackIsWhatTheSessionKeeps();
    void otherLayersBeginAnew();
    void tooltipsNameLayerStepsAndState();
    void clickOnAMarkSelectsEverywhere();
    void aMarkerInThePlotSelectsInTheList();
    void theListSelectsInPlotAndStrip();
    void keysMoveFromPlaceToPlace();
    void keysGoFromChangeToChange();
    void branchBeforeThisAsksForItsStep();
    void thePlotOffersPlacesToBranchFrom();
    void menusSayWhyNothingCanBeBranched();
    void standsUnderThePlot();
    void followsZoomAndAxis();
    void rowsScrollAndStayBelowTheMarks();
    void anEndIsNotBeyondTheRun();
    void patternsDifferWithoutColour();
    void aMillionStepsAndAHundredLayersPaintFast();

private:
    void fill(Step steps = 400);
    TimelineStrip& strip() const { return *m_panel->findChild<TimelineStrip*>(); }
    QTreeView& list() const { return *m_panel->findChild<QTreeView*>(QStringLiteral("interventions")); }
    MetricPlot& plot() const { return m_page->plot(); }
    int selectedRow() const
    {
        const auto rows = list().selectionModel()->selectedRows();
        return rows.isEmpty() ? -1 : rows.first().row();
    }
    QPoint place(Step step, std::size_t layer) const
    {
        return {static_cast<int>(std::lround(strip().xOf(step))), strip().rowRect(layer).center().y()};
    }
    static void settle()
    {
        QCoreApplication::processEvents();
        QCoreApplication::processEvents();
    }

    std::unique_ptr<QWidget> m_window;
    LivePage* m_page = nullptr;
    TimelinePanel* m_panel = nullptr;
};

/// 400 steps; `layer1` is frozen from 120 on, `fc` from 200 to 300, and at 200 the rate is lowered too.
void TestTimeline::fill(Step steps)
{
    auto table = test::smallNetwork();
    m_panel->begin(table);
    const auto change = [&](const Intervention& intervention) {
        if (intervention.change.kind == ChangeKind::Trainable)
            QVERIFY(applyChange(table, intervention.change).has_value());
        m_panel->setSteps(intervention.step);
        m_panel->addIntervention(intervention, table);
        m_page->addIntervention(intervention);
    };
    m_page->append(test::samplePoints(steps));
    for (int epoch = 1; epoch * 50 <= steps; ++epoch)
        m_page->addEpoch(test::sampleEpoch(epoch));
    change(trainable(120, "layer1.*", false));
    change({200, {ChangeKind::LearningRate, "", 1e-4}, Origin::Schedule, {}});
    change(trainable(200, "fc", false));
    change(trainable(300, "fc", true));
    m_panel->setSteps(steps);
    settle();
}

void TestTimeline::aTrackGrowsWithItsRun()
{
    fill();
    const auto& layers = m_panel->track().layers();
    QCOMPARE(layers.size(), std::size_t(7)); // Leaves with parameters alone.
    QCOMPARE(layers[0].path, std::string("conv1"));
    QCOMPARE(spansText(layers[0]), QStringLiteral("0-400 trainable"));
    QCOMPARE(spansText(layers[2]), QStringLiteral("0-120 trainable, 120-400 frozen"));
    QCOMPARE(spansText(layers[6]), QStringLiteral("0-200 trainable, 200-300 frozen, 300-400 trainable"));
    m_panel->setSteps(450);
    QCOMPARE(spansText(layers[2]), QStringLiteral("0-120 trainable, 120-450 frozen"));
}

void TestTimeline::changesBeforeOneStepCountAsOne()
{
    auto table = test::smallNetwork();
    FreezeTrack track;
    track.begin(table);
    track.setSteps(10);
    for (const bool on : {false, true, false}) {
        QVERIFY(applyChange(table, {ChangeKind::Trainable, "fc", on}).has_value());
        track.apply(trainable(10, "fc", on), table);
    }
    track.setSteps(20);
    QCOMPARE(spansText(track.layers()[6]), QStringLiteral("0-10 trainable, 10-20 frozen"));
    QVERIFY(applyChange(table, {ChangeKind::Trainable, "fc", true}).has_value());
    track.apply(trainable(20, "fc", true), table);
    QVERIFY(applyChange(table, {ChangeKind::Trainable, "fc", false}).has_value());
    track.apply(trainable(20, "fc", false), table);
    track.setSteps(30);
    QCOMPARE(spansText(track.layers()[6]), QStringLiteral("0-10 trainable, 10-30 frozen"));
    QCOMPARE(track.interventions().size(), std::size_t(5));
}

void TestTimeline::aTrackGoesOnAfterASession()
{
    Session session;
    session.layers = test::smallNetwork();
    session.steps = test::samplePoints(100);
    session.interventions = {trainable(40, "fc", false)};
    FreezeTrack track;
    track.show(session);
    QCOMPARE(spansText(track.layers()[6]), QStringLiteral("0-40 trainable, 40-100 frozen"));
    auto table = session.layers;
    track.begin(table); // Trainable again, as a branch may begin.
    track.setSteps(150);
    QCOMPARE(spansText(track.layers()[6]),
             QStringLiteral("0-40 trainable, 40-100 frozen, 100-150 trainable"));
    QCOMPARE(spansText(track.layers()[0]), QStringLiteral("0-150 trainable"));
}

void TestTimeline::aLiveTrackIsWhatTheSessionKeeps()
{
    fill();
    Session session;
    session.layers = test::smallNetwork();
    session.steps = test::samplePoints(400);
    session.interventions = m_panel->track().interventions();
    FreezeTrack saved;
    saved.show(session);
    QCOMPARE(saved.layers().size(), m_panel->track().layers().size());
    for (std::size_t i = 0; i < saved.layers().size(); ++i)
        QCOMPARE(spansText(saved.layers()[i]), spansText(m_panel->track().layers()[i]));
}

void TestTimeline::otherLayersBeginAnew()
{
    fill();
    m_panel->clear();
    m_panel->begin(test::tableOf(QStringLiteral("dense1 Linear 10\ndense2 Linear 10 frozen\n")));
    m_panel->setSteps(5);
    const auto& layers = m_panel->track().layers();
    QCOMPARE(layers.size(), std::size_t(2));
    QCOMPARE(spansText(layers[1]), QStringLiteral("0-5 frozen"));
    QCOMPARE(list().model()->rowCount(), 0);
}

void TestTimeline::tooltipsNameLayerStepsAndState()
{
    fill();
    QCOMPARE(strip().tipAt(place(250, 6)), QStringLiteral("fc: frozen from step 200 to 300"));
    QCOMPARE(strip().tipAt({10, strip().rowRect(2).center().y()}), QStringLiteral("layer1.0.conv1"));
    const QPoint mark(static_cast<int>(strip().xOf(120)) + 8, strip().rowRect(0).top() - 12);
    QVERIFY2(strip().tipAt(mark).contains(QStringLiteral("Step 120")), qPrintable(strip().tipAt(mark)));
    QHelpEvent help(QEvent::ToolTip, place(250, 6), strip().viewport()->mapToGlobal(place(250, 6)));
    QCoreApplication::sendEvent(strip().viewport(), &help);
    QTRY_COMPARE(QToolTip::text(), QStringLiteral("fc: frozen from step 200 to 300"));
    QToolTip::hideText();
}

void TestTimeline::clickOnAMarkSelectsEverywhere()
{
    fill();
    QSignalSpy selected(m_panel, &TimelinePanel::interventionSelected);
    QTest::mouseClick(strip().viewport(), Qt::LeftButton, {}, place(300, 3));
    QCOMPARE(selected.count(), 1);
    QCOMPARE(selected.first().first().toInt(), 3);
    QCOMPARE(strip().selected(), 3);
    QCOMPARE(selectedRow(), 3);
    QCOMPARE(plot().selectedMarker(), 3);
    QTest::mouseClick(strip().viewport(), Qt::LeftButton, {}, place(250, 3));
    QCOMPARE(selected.count(), 1); // Beside all marks: the place moves, the selection stays.
    QVERIFY(std::abs(strip().currentStep() - 250) <= 1);
    QCOMPARE(strip().currentLayer(), std::size_t(3));
}

void TestTimeline::aMarkerInThePlotSelectsInTheList()
{
    fill();
    QTest::mouseClick(plot().findChild<QWidget*>(QStringLiteral("canvas")), Qt::LeftButton, {},
                      plot().markerPosition(0));
    QCOMPARE(selectedRow(), 0);
    QCOMPARE(strip().selected(), 0);
    QTest::keyClick(&plot(), Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(selectedRow(), 1);
}

void TestTimeline::theListSelectsInPlotAndStrip()
{
    fill();
    QSignalSpy selected(m_panel, &TimelinePanel::interventionSelected);
    const auto place = list().visualRect(list().model()->index(1, InterventionModel::ChangeColumn)).center();
    QTest::mouseClick(list().viewport(), Qt::LeftButton, {}, place);
    QCOMPARE(selected.count(), 1);
    QCOMPARE(plot().selectedMarker(), 1);
    QCOMPARE(strip().selected(), 1);
    QTest::keyClick(&list(), Qt::Key_Down);
    QCOMPARE(plot().selectedMarker(), 2);
    const auto* model = list().model();
    QCOMPARE(model->index(1, InterventionModel::StepColumn).data().toString(), QStringLiteral("200"));
    QCOMPARE(model->index(1, InterventionModel::ChangeColumn).data().toString(),
             QStringLiteral("learning rate 1e-4"));
    QCOMPARE(model->index(1, InterventionModel::OriginColumn).data().toString(), QStringLiteral("schedule"));
    QVERIFY(!model->index(0, InterventionModel::WhenColumn).data().toString().isEmpty());
}

void TestTimeline::keysMoveFromPlaceToPlace()
{
    fill();
    strip().setFocus();
    QTest::keyClick(&strip(), Qt::Key_End);
    QCOMPARE(strip().currentStep(), Step{400});
    QTest::keyClick(&strip(), Qt::Key_Left);
    QTest::keyClick(&strip(), Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(strip().currentStep(), Step{389});
    for (int i = 0; i < 20; ++i)
        QTest::keyClick(&strip(), Qt::Key_Down);
    QCOMPARE(strip().currentLayer(), std::size_t(6));
    QCOMPARE(strip().accessibleDescription(), QStringLiteral("fc, step 389: trainable from step 300 to 400"));
    QTest::keyClick(&strip(), Qt::Key_Home);
    QTest::keyClick(&strip(), Qt::Key_Up);
    QCOMPARE(strip().accessibleDescription(),
             QStringLiteral("layer1.1.bn1, step 0: trainable from step 0 to 120"));
}

void TestTimeline::keysGoFromChangeToChange()
{
    fill();
    QTest::keyClick(&strip(), Qt::Key_Right, Qt::ControlModifier);
    QTest::keyClick(&strip(), Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(selectedRow(), 1);
    QCOMPARE(plot().selectedMarker(), 1);
    QCOMPARE(strip().currentStep(), Step{200});
    QTest::keyClick(&strip(), Qt::Key_Left, Qt::ControlModifier);
    QCOMPARE(selectedRow(), 0);
}

void TestTimeline::branchBeforeThisAsksForItsStep()
{
    fill();
    QSignalSpy branch(m_panel, &TimelinePanel::branchRequested);
    auto* button = m_panel->findChild<QToolButton*>(QStringLiteral("branchBefore"));
    QVERIFY(!button->isEnabled());
    m_panel->select(2);
    QVERIFY(button->isEnabled());
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(branch.count(), 1);
    QCOMPARE(branch.first().first().value<Step>(), Step{200});
    m_panel->setBranchObstacle(QStringLiteral("Stop first"));
    QVERIFY(!button->isEnabled());
    QCOMPARE(button->toolTip(), QStringLiteral("Stop first"));

    m_panel->setBranchObstacle({});
    const auto places = strip().branchPlacesAt(place(300, 1));
    QCOMPARE(places.size(), std::size_t(2));
    QCOMPARE(places[0].text, QStringLiteral("Branch before “fc on” (step 300)"));
    QContextMenuEvent menuKey(QContextMenuEvent::Keyboard, {}, {});
    strip().setFocus();
    QTest::keyClick(&strip(), Qt::Key_End);
    QCoreApplication::sendEvent(strip().viewport(), &menuKey);
    auto* menu = strip().findChild<QMenu*>();
    QVERIFY(menu);
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Return);
    QCOMPARE(branch.count(), 2);
    QCOMPARE(branch.last().first().value<Step>(), Step{400});
}

void TestTimeline::thePlotOffersPlacesToBranchFrom()
{
    fill();
    const auto atMarker = plot().branchPlacesAt(plot().markerPosition(1));
    QCOMPARE(atMarker.size(), std::size_t(3));
    QCOMPARE(atMarker[0].step, Step{200});
    const auto beside = plot().branchPlacesAt(plot().markerPosition(0) - QPoint(30, 0));
    QCOMPARE(beside.size(), std::size_t(2));
    QVERIFY(beside[0].step > 50 && beside[0].step < 120);
    QCOMPARE(beside[1].step, Step{beside[0].step <= 100 ? 100 : 150});
    QVERIFY(beside[1].text.startsWith(QStringLiteral("Branch after epoch ")));
}

void TestTimeline::menusSayWhyNothingCanBeBranched()
{
    fill();
    m_panel->setBranchObstacle(QStringLiteral("The session is being written"));
    QContextMenuEvent event(QContextMenuEvent::Mouse, plot().markerPosition(0),
                            plot().mapToGlobal(plot().markerPosition(0)));
    QCoreApplication::sendEvent(&plot(), &event);
    auto* menu = plot().findChild<QMenu*>();
    QVERIFY(menu);
    for (const auto* action : menu->actions()) {
        QVERIFY(!action->isEnabled());
        QCOMPARE(action->toolTip(), QStringLiteral("The session is being written"));
    }
    menu->close();
}

void TestTimeline::standsUnderThePlot()
{
    fill();
    settle();
    // Beside it stands the list, so that here only the range can be the same.
    QVERIFY(!strip().isAligned());
    QVERIFY(strip().xOf(0) >= strip().labelWidth());
    QVERIFY(strip().xOf(400) <= strip().viewport()->width());
    // As in the window, where the list stands under the controls.
    m_window->resize(1400, 800);
    m_window->layout()->removeWidget(m_page);
    m_page->setGeometry(0, 0, 1000, 500);
    m_window->layout()->setContentsMargins(0, 500, 0, 0);
    settle();
    settle();
    QVERIFY(strip().isAligned());
    const int fromPlot = plot().mapToGlobal(plot().markerPosition(3)).x();
    const int fromStrip = strip().viewport()->mapToGlobal(QPoint(static_cast<int>(strip().xOf(300)), 0)).x();
    QVERIFY2(std::abs(fromPlot - fromStrip) <= 1,
             qPrintable(QStringLiteral("%1 %2").arg(fromPlot).arg(fromStrip)));
    QVERIFY(strip().area().left() >= strip().labelWidth());
    m_panel->hide();
    settle();
    QVERIFY(plot().area(Metric::Loss).left() < strip().labelWidth());
}

void TestTimeline::followsZoomAndAxis()
{
    fill();
    plot().setAxis(XAxis::Epochs);
    settle();
    QVERIFY(std::abs(strip().xOf(200) - (strip().xOf(0) + strip().xOf(400)) / 2) < 1.0);
    QVERIFY(std::abs(strip().stepAt(strip().xOf(137)) - 137) <= 1);
    plot().setAxis(XAxis::Time);
    settle();
    QVERIFY(std::abs(strip().stepAt(strip().xOf(137)) - 137) <= 1);
    plot().setAxis(XAxis::Steps);
    settle();
    const double before = strip().xOf(300) - strip().xOf(200);
    QTest::keyClick(&plot(), Qt::Key_Plus);
    settle();
    QVERIFY(strip().xOf(300) - strip().xOf(200) > 1.3 * before);
}

void TestTimeline::rowsScrollAndStayBelowTheMarks()
{
    QString text;
    for (int i = 0; i < 60; ++i)
        text += QStringLiteral("conv%1 Conv2d 10\n").arg(i);
    m_panel->begin(test::tableOf(text));
    m_page->append(test::samplePoints(100));
    m_panel->setSteps(100);
    settle();
    strip().setFocus();
    const int top = strip().rowRect(0).top();
    for (int i = 0; i < 59; ++i)
        QTest::keyClick(&strip(), Qt::Key_Down);
    QCOMPARE(strip().currentLayer(), std::size_t(59));
    QVERIFY(strip().rowRect(59).bottom() < strip().viewport()->height());
    QVERIFY(!strip().layerAt(top - 3));
    QVERIFY(strip().layerAt(strip().rowRect(59).center().y()) == std::size_t(59));
}

void TestTimeline::anEndIsNotBeyondTheRun()
{
    fill();
    QCOMPARE(strip().stepAt(1e6), Step{400});
    QCOMPARE(strip().stepAt(-1e6), Step{0});
    QVERIFY(!m_panel->track().spanAt(0, 401));
    QVERIFY(m_panel->track().spanAt(0, 400));
}

void TestTimeline::patternsDifferWithoutColour()
{
    const auto greyOf = [](FreezeState state) {
        QImage image(32, 14, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        paintFreezeLook(painter, QRectF(0, 0, 32, 14), state, QPalette());
        return image.convertToFormat(QImage::Format_Grayscale8).convertToFormat(QImage::Format_RGB32);
    };
    const auto tones = [](const QImage& image) {
        std::set<QRgb> found;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                found.insert(image.pixel(x, y));
        }
        return found.size();
    };
    QCOMPARE(tones(greyOf(FreezeState::Trainable)), std::size_t(1));
    QVERIFY(tones(greyOf(FreezeState::Frozen)) > 1);
    QVERIFY(tones(greyOf(FreezeState::StatisticsOnly)) > 1);
    QVERIFY(greyOf(FreezeState::Frozen) != greyOf(FreezeState::StatisticsOnly));
}

void TestTimeline::aMillionStepsAndAHundredLayersPaintFast()
{
    QString text;
    for (int i = 0; i < 100; ++i)
        text += QStringLiteral("conv%1 Conv2d 10\n").arg(i);
    auto table = test::tableOf(text);
    m_panel->begin(table);
    m_page->append(test::samplePoints(1'000'000));
    for (Step step = 5'000; step < 1'000'000; step += 5'000) {
        m_panel->setSteps(step);
        const Change change{ChangeKind::Trainable, step % 10'000 == 0 ? "*" : "conv5*", step % 10'000 == 0};
        QVERIFY(applyChange(table, change).has_value());
        m_panel->addIntervention({step, change, Origin::User, {}}, table);
    }
    m_window->resize(1000, 3000); // All rows at once.
    settle();
    QElapsedTimer timer;
    timer.start();
    constexpr int repeats = 10;
    for (int i = 0; i < repeats; ++i) {
        m_panel->setSteps(1'000'000);
        strip().viewport()->repaint();
    }
    const auto each = static_cast<double>(timer.elapsed()) / repeats;
    qInfo("repainted in %.1f ms", each);
    QVERIFY2(each < 100.0, qPrintable(QStringLiteral("%1 ms").arg(each)));
}

QTEST_MAIN(TestTimeline)
#include "tst_timeline.moc"
