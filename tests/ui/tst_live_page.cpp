#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QSlider>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>
#include <QToolTip>
#include <QWheelEvent>

#include "plots/live_page.h"
#include "plots/metric_plot.h"
#include "sample_run.h"
#include "session/session.h"

using namespace frostline;

namespace {

constexpr int kCurve = 0;
constexpr int kSmoothed = 1;
constexpr int kRaw = 2;
constexpr int kStep = 3;

bool isNear(double a, double b)
{
    return std::abs(a - b) < 1e-9 * std::max(1.0, std::abs(b));
}

} // namespace

class TestLivePage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void init();
    void cleanup() { m_page.reset(); }

    void startsWithAHint();
    void fitsWhatItIsGiven();
    void oneAppendRedrawsOnce();
    void hiddenPageDoesNotRedraw();
    void wheelZoomsAndFitReturns();
    void dragPansAndStaysInside();
    void shiftDragZoomsIntoABox();
    void zoomedViewStaysWhileTheRunGoesOn();
    void axisSwitchMovesTheRange();
    void logarithmicLossIgnoresZero();
    void outliersCanBeIgnored();
    void notANumberDoesNotBreakRanges();
    void clickOnAMarkerNamesIt();
    void markersCanBeReachedByKeys();
    void crosshairFollowsTheMouse();
    void crosshairTableKeepsAwayFromThePointer();
    void mergedMarkersAreListed();
    void crosshairFollowsTheKeys();
    void crosshairShowsSmoothedValues();
    void smoothingSliderAndNumberAgree();
    void everyControlIsReachable();
    void millionPointsInChunks();
    void showsASession();
    void clearGoesBackToTheHint();

private:
    MetricPlot& plot() const { return m_page->plot(); }
    QWidget* canvas() const { return plot().findChild<QWidget*>(QStringLiteral("canvas")); }
    QTableWidget* table() const { return m_page->findChild<QTableWidget*>(); }
    QToolButton* button(const QString& name) const { return m_page->findChild<QToolButton*>(name); }
    QPoint inside(Metric metric, double share = 0.5) const;
    void wheel(const QPoint& place, int notches);
    void fill(Step steps = 400);
    void settle();

    std::unique_ptr<LivePage> m_page;
};

void TestLivePage::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
    m_page = std::make_unique<LivePage>();
    m_page->resize(800, 640);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

QPoint TestLivePage::inside(Metric metric, double share) const
{
    const QRect area = plot().area(metric);
    return {area.left() + static_cast<int>(share * area.width()), area.center().y()};
}

void TestLivePage::wheel(const QPoint& place, int notches)
{
    const QPointF global = canvas()->mapToGlobal(place);
    QWheelEvent event(place, global, {}, {0, 120 * notches}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(canvas(), &event);
}

void TestLivePage::fill(Step steps)
{
    m_page->setStepsPerEpoch(50);
    m_page->append(test::samplePoints(steps));
    for (int epoch = 1; epoch * 50 <= steps; ++epoch)
        m_page->addEpoch(test::sampleEpoch(epoch));
    m_page->addIntervention({120, {ChangeKind::Trainable, "layer4.*", true}, Origin::User, {}});
    m_page->addIntervention({200, {ChangeKind::LearningRate, "", 1e-4}, Origin::User, {}});
    m_page->addIntervention({300, {ChangeKind::Sparsity, "*", 0.5}, Origin::Phase, {}});
    settle();
}

/// Lets a queued redraw happen.
void TestLivePage::settle()
{
    QCoreApplication::processEvents();
    QCoreApplication::processEvents();
}

void TestLivePage::startsWithAHint()
{
    const auto* hint = m_page->findChild<QLabel*>(QStringLiteral("hint"));
    QVERIFY(hint->isVisible());
    QVERIFY(!plot().isVisible());
    m_page->append(test::samplePoints(1));
    QVERIFY(!hint->isVisible());
    QVERIFY(plot().isVisible());
}

void TestLivePage::fitsWhatItIsGiven()
{
    fill();
    QVERIFY(plot().isFitted());
    QVERIFY(isNear(plot().xRange().lower, -6.0));
    QVERIFY(isNear(plot().xRange().upper, 406.0));
    const auto& points = plot().history().points();
    const auto [least, most] = std::ranges::minmax_element(points, {}, &MetricPoint::loss);
    const double air = 0.06 * (most->loss - least->loss);
    QVERIFY(isNear(plot().yRange(Metric::Loss).lower, least->loss - air));
    QVERIFY(isNear(plot().yRange(Metric::Loss).upper, most->loss + air));
    QVERIFY(plot().yRange(Metric::LearningRate).lower > 0.0);
}

void TestLivePage::oneAppendRedrawsOnce()
{
    fill();
    QSignalSpy redrawn(canvas(), SIGNAL(afterReplot()));
    m_page->append(test::samplePoints(50, 400));
    QCOMPARE(redrawn.count(), 0);
    settle();
    QCOMPARE(redrawn.count(), 1);
    m_page->append({});
    settle();
    QCOMPARE(redrawn.count(), 1);
}

void TestLivePage::hiddenPageDoesNotRedraw()
{
    fill();
    m_page->hide();
    QSignalSpy redrawn(canvas(), SIGNAL(afterReplot()));
    m_page->append(test::samplePoints(100, 400));
    m_page->addEpoch(test::sampleEpoch(9));
    settle();
    QCOMPARE(redrawn.count(), 0);
    m_page->show();
    QTRY_VERIFY(redrawn.count() >= 1);
    QVERIFY(plot().xRange().upper > 499.0);
}

void TestLivePage::wheelZoomsAndFitReturns()
{
    fill();
    const Interval before = plot().xRange();
    QVERIFY(!button(QStringLiteral("fit"))->isEnabled());
    wheel(inside(Metric::Accuracy), 3);
    const Interval zoomed = plot().xRange();
    QVERIFY(zoomed.size() < 0.7 * before.size());
    QVERIFY(zoomed.lower > before.lower && zoomed.upper < before.upper);
    QVERIFY(!plot().isFitted());
    QTest::mouseClick(button(QStringLiteral("fit")), Qt::LeftButton);
    settle();
    QCOMPARE(plot().xRange(), before);
    QVERIFY(plot().isFitted());
    QVERIFY(!button(QStringLiteral("fit"))->isEnabled());
}

void TestLivePage::dragPansAndStaysInside()
{
    fill();
    const Interval whole = plot().xRange();
    wheel(inside(Metric::Loss), 5);
    const Interval before = plot().xRange();
    QTest::mousePress(canvas(), Qt::LeftButton, {}, inside(Metric::Loss, 0.6));
    QTest::mouseMove(canvas(), inside(Metric::Loss, 0.5));
    QTest::mouseRelease(canvas(), Qt::LeftButton, {}, inside(Metric::Loss, 0.5));
    QVERIFY(plot().xRange().lower > before.lower);
    QVERIFY(std::abs(plot().xRange().size() - before.size()) < 1e-6);
    wheel(inside(Metric::Loss), -50);
    QVERIFY(isNear(plot().xRange().lower, whole.lower));
    QVERIFY(isNear(plot().xRange().upper, whole.upper));
}

void TestLivePage::shiftDragZoomsIntoABox()
{
    fill();
    const Interval xBefore = plot().xRange();
    const Interval yBefore = plot().yRange(Metric::Loss);
    const QRect area = plot().area(Metric::Loss);
    const QPoint from = area.topLeft() + QPoint(area.width() / 4, area.height() / 4);
    const QPoint to = area.topLeft() + QPoint(area.width() / 2, area.height() / 2);
    QTest::mousePress(canvas(), Qt::LeftButton, Qt::ShiftModifier, from);
    QTest::mouseMove(canvas(), to);
    QTest::mouseRelease(canvas(), Qt::LeftButton, Qt::ShiftModifier, to);
    settle();
    QVERIFY(std::abs(plot().xRange().size() / xBefore.size() - 0.25) < 0.02);
    QVERIFY(std::abs(plot().yRange(Metric::Loss).size() / yBefore.size() - 0.25) < 0.02);
    QTest::keyClick(&plot(), Qt::Key_0);
    settle();
    QCOMPARE(plot().xRange(), xBefore);
    QCOMPARE(plot().yRange(Metric::Loss), yBefore);
}

void TestLivePage::zoomedViewStaysWhileTheRunGoesOn()
{
    fill();
    wheel(inside(Metric::Loss), 3);
    const Interval zoomed = plot().xRange();
    m_page->append(test::samplePoints(100, 400));
    settle();
    QCOMPARE(plot().xRange(), zoomed);
}

void TestLivePage::axisSwitchMovesTheRange()
{
    fill();
    auto* axis = m_page->findChild<QComboBox*>(QStringLiteral("axis"));
    QTest::keyClick(axis, Qt::Key_Down);
    settle();
    QVERIFY(isNear(plot().xRange().lower, -0.015 * 8.0));
    QVERIFY(isNear(plot().xRange().upper, 1.015 * 8.0));
    QTest::keyClick(axis, Qt::Key_Down);
    settle();
    QVERIFY(isNear(plot().xRange().upper, 200.0 + 0.015 * 199.5));
    QTest::keyClick(axis, Qt::Key_Home);
    settle();
    QVERIFY(isNear(plot().xRange().upper, 406.0));
}

void TestLivePage::logarithmicLossIgnoresZero()
{
    auto points = test::samplePoints(50);
    points[10].loss = 0.0;
    m_page->append(points);
    QTest::mouseClick(button(QStringLiteral("log")), Qt::LeftButton);
    settle();
    QVERIFY(plot().yRange(Metric::Loss).lower > 0.0);
    QTest::mouseClick(button(QStringLiteral("log")), Qt::LeftButton);
    settle();
    QVERIFY(plot().yRange(Metric::Loss).lower < 0.0);
}

void TestLivePage::outliersCanBeIgnored()
{
    auto points = test::samplePoints(400);
    points[3].loss = 1e6;
    m_page->append(points);
    settle();
    QVERIFY(plot().yRange(Metric::Loss).upper > 1e6);
    QTest::mouseClick(button(QStringLiteral("outliers")), Qt::LeftButton);
    settle();
    QVERIFY(plot().yRange(Metric::Loss).upper < 10.0);
}

void TestLivePage::notANumberDoesNotBreakRanges()
{
    auto points = test::samplePoints(100);
    points[0].loss = std::numeric_limits<double>::quiet_NaN();
    points[50].loss = std::numeric_limits<double>::infinity();
    points[99].accuracy = std::numeric_limits<double>::quiet_NaN();
    m_page->append(points);
    settle();
    std::optional<Interval> finite;
    for (const auto& point : points)
        include(finite, point.loss);
    QCOMPARE(plot().yRange(Metric::Loss), padded(*finite, Scale::Linear));
    m_page->clear();
    for (auto& point : points)
        point.loss = std::numeric_limits<double>::quiet_NaN();
    m_page->append(points);
    settle();
    QVERIFY(plot().yRange(Metric::Loss).size() > 0.0);
}

void TestLivePage::clickOnAMarkerNamesIt()
{
    fill();
    QSignalSpy clicked(m_page.get(), &LivePage::markerClicked);
    QTest::mouseClick(canvas(), Qt::LeftButton, {}, plot().markerPosition(1));
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked.front().front().toInt(), 1);
    QCOMPARE(plot().selectedMarker(), 1);
    // its label, above the plots
    const QPoint label(plot().markerPosition(2).x() + 8, plot().area(Metric::Loss).top() - 8);
    QTest::mouseClick(canvas(), Qt::LeftButton, {}, label);
    QCOMPARE(clicked.count(), 2);
    QCOMPARE(clicked.back().front().toInt(), 2);
    QTest::mouseClick(canvas(), Qt::LeftButton, {}, inside(Metric::Loss, 0.02));
    QCOMPARE(clicked.count(), 2);
}

void TestLivePage::markersCanBeReachedByKeys()
{
    fill();
    QSignalSpy clicked(m_page.get(), &LivePage::markerClicked);
    QTest::keyClick(&plot(), Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(plot().selectedMarker(), 0);
    QTest::keyClick(&plot(), Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(plot().selectedMarker(), 1);
    QTest::keyClick(&plot(), Qt::Key_Return);
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked.front().front().toInt(), 1);
    QTest::keyClick(&plot(), Qt::Key_Left, Qt::ControlModifier);
    QCOMPARE(plot().selectedMarker(), 0);
}

void TestLivePage::crosshairFollowsTheMouse()
{
    fill();
    QVERIFY(!table()->isVisible());
    QTest::mouseMove(canvas(), inside(Metric::Loss, 0.3));
    QTest::mouseMove(canvas(), inside(Metric::Loss, 0.5));
    QTRY_VERIFY(table()->isVisible());
    QCOMPARE(table()->rowCount(), 6);
    QCOMPARE(table()->item(0, kCurve)->text(), QStringLiteral("Loss, training"));
    const int step = table()->item(0, kStep)->text().toInt();
    QVERIFY(std::abs(step - 200) <= 1);
    const double shown = table()->item(0, kRaw)->text().toDouble();
    QVERIFY(std::abs(shown - test::samplePoint(step).loss) < 1e-4);
    QTest::mouseClick(button(QStringLiteral("crosshair")), Qt::LeftButton);
    QVERIFY(!table()->isVisible());
}

void TestLivePage::crosshairTableKeepsAwayFromThePointer()
{
    fill();
    QTest::mouseMove(canvas(), inside(Metric::Loss, 0.5));
    for (const Metric metric : {Metric::Loss, Metric::Sparsity}) {
        for (const double share : {0.1, 0.4, 0.6, 0.9}) {
            QTest::mouseMove(canvas(), inside(metric, share));
            QTRY_VERIFY(table()->isVisible());
            QVERIFY(!table()->geometry().contains(inside(metric, share)));
            QCOMPARE(table()->geometry().center().x() > canvas()->width() / 2, share < 0.5);
            QCOMPARE(table()->geometry().center().y() > canvas()->height() / 2, metric == Metric::Loss);
        }
    }
}

void TestLivePage::mergedMarkersAreListed()
{
    fill();
    for (const char* path : {"block1", "block2", "block3", "block4"})
        m_page->addIntervention({310, {ChangeKind::Trainable, path, true}, Origin::User, {}});
    settle();
    const int x = plot().markerPosition(3).x();
    QTest::mouseMove(canvas(), {x - 60, plot().area(Metric::Loss).center().y()});
    for (const int row : {0, 1})
        QTest::mouseMove(canvas(), {x + 8, plot().area(Metric::Loss).top() - 8 - row * 18});
    QTRY_VERIFY(QToolTip::isVisible());
    for (const char* path : {"block2", "block3", "block4"})
        QVERIFY2(QToolTip::text().contains(QLatin1String(path)), qPrintable(QToolTip::text()));
}

void TestLivePage::crosshairFollowsTheKeys()
{
    fill();
    plot().setFocus();
    QTest::keyClick(&plot(), Qt::Key_Home);
    QCOMPARE(table()->item(0, kStep)->text(), QStringLiteral("0"));
    QTest::keyClick(&plot(), Qt::Key_Right);
    QCOMPARE(table()->item(0, kStep)->text(), QStringLiteral("1"));
    QTest::keyClick(&plot(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(table()->item(0, kStep)->text(), QStringLiteral("11"));
    QTest::keyClick(&plot(), Qt::Key_Left);
    QCOMPARE(table()->item(0, kStep)->text(), QStringLiteral("10"));
    QTest::keyClick(&plot(), Qt::Key_End);
    QCOMPARE(table()->item(0, kStep)->text(), QStringLiteral("399"));
    QVERIFY(canvas()->accessibleDescription().contains(QStringLiteral("Step 399")));
    QTest::keyClick(&plot(), Qt::Key_Escape);
    QVERIFY(!table()->isVisible());
}

void TestLivePage::crosshairShowsSmoothedValues()
{
    fill();
    QTest::keyClick(&plot(), Qt::Key_Home);
    QVERIFY(table()->isColumnHidden(kSmoothed));
    m_page->findChild<QSlider*>(QStringLiteral("smoothingSlider"))->setValue(50);
    settle();
    QTest::keyClick(&plot(), Qt::Key_Right);
    QVERIFY(!table()->isColumnHidden(kSmoothed));
    const double first = test::samplePoint(0).loss;
    const double second = test::samplePoint(1).loss;
    const double expected = (first * 0.25 + second * 0.5) / 0.75;
    QVERIFY(std::abs(table()->item(0, kSmoothed)->text().toDouble() - expected) < 1e-3);
    QCOMPARE(table()->item(4, kSmoothed)->text(), QString());
}

void TestLivePage::smoothingSliderAndNumberAgree()
{
    auto* slider = m_page->findChild<QSlider*>(QStringLiteral("smoothingSlider"));
    auto* weight = m_page->findChild<QDoubleSpinBox*>(QStringLiteral("smoothingWeight"));
    QCOMPARE(slider->value(), 0);
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_End);
    QCOMPARE(weight->value(), 0.99);
    weight->setValue(0.25);
    QCOMPARE(weight->value(), 0.25);
    QCOMPARE(slider->value(), 25);
}

void TestLivePage::everyControlIsReachable()
{
    fill();
    int controls = 0;
    for (const auto* widget : m_page->findChildren<QWidget*>()) {
        const bool isControl =
            qobject_cast<const QToolButton*>(widget) || qobject_cast<const QComboBox*>(widget) ||
            qobject_cast<const QSlider*>(widget) || qobject_cast<const QDoubleSpinBox*>(widget);
        if (!isControl)
            continue;
        ++controls;
        QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
        QVERIFY2(!widget->toolTip().isEmpty(), qPrintable(widget->objectName()));
        QVERIFY2(widget->focusPolicy() & Qt::TabFocus, qPrintable(widget->objectName()));
    }
    QCOMPARE(controls, 10);
    QVERIFY(plot().focusPolicy() & Qt::TabFocus);
}

void TestLivePage::millionPointsInChunks()
{
    constexpr Step chunk = 50'000;
    for (Step from = 0; from < 1'000'000; from += chunk) {
        m_page->append(test::samplePoints(chunk, from));
        settle();
    }
    QCOMPARE(plot().history().points().size(), std::size_t(1'000'000));
    QVERIFY(plot().xRange().upper > 999'999.0);
    const auto& points = plot().history().points();
    const auto [least, most] = std::ranges::minmax_element(points, {}, &MetricPoint::loss);
    QVERIFY(plot().yRange(Metric::Loss).lower < least->loss);
    QVERIFY(plot().yRange(Metric::Loss).upper > most->loss);
    wheel(inside(Metric::Loss), 20);
    settle();
    QVERIFY(plot().xRange().size() < 100'000.0);
}

void TestLivePage::showsASession()
{
    Session session;
    session.name = "fashion-shoes";
    session.steps = test::samplePoints(100);
    session.epochs = {test::sampleEpoch(1), test::sampleEpoch(2)};
    session.interventions = {{30, {ChangeKind::LearningRate, "", 0.1}, Origin::User, {}}};
    m_page->append(test::samplePoints(400));
    m_page->showSession(session);
    settle();
    QCOMPARE(plot().history().points().size(), std::size_t(100));
    QCOMPARE(plot().history().epochs().size(), std::size_t(2));
    QVERIFY(!plot().markerPosition(0).isNull());
    QVERIFY(isNear(plot().xRange().upper, 101.5));
}

void TestLivePage::clearGoesBackToTheHint()
{
    fill();
    QTest::keyClick(&plot(), Qt::Key_Home);
    m_page->clear();
    settle();
    QVERIFY(m_page->findChild<QLabel*>(QStringLiteral("hint"))->isVisible());
    QVERIFY(plot().history().points().empty());
    m_page->append(test::samplePoints(10));
    settle();
    QVERIFY(plot().xRange().upper < 10.0);
}

QTEST_MAIN(TestLivePage)
#include "tst_live_page.moc"
