#include <memory>

#include <QCoreApplication>
#include <QRegularExpression>
#include <QTest>

#include "plots/live_page.h"
#include "plots/metric_plot.h"
#include "sample_run.h"

using namespace frostline;

/// A run whose task has no accuracy shows its errors in the same place.
class TestErrorPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_page.reset(); }
    void errorsStandWhereAccuracyDid();
    void theNextRunHasAccuracyAgain();

private:
    MetricPlot& plot() const { return m_page->plot(); }
    void fillWithErrors();
    /// Lets a queued redraw happen.
    void settle();

    std::unique_ptr<LivePage> m_page;
};

void TestErrorPanel::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
    m_page = std::make_unique<LivePage>();
    m_page->resize(800, 640);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

void TestErrorPanel::fillWithErrors()
{
    auto points = test::samplePoints(100);
    for (auto& point : points) {
        point.mae = 3.0 + 0.01 * static_cast<double>(point.step);
        point.accuracy = kNoFigure;
    }
    m_page->append(points);
    auto epoch = test::sampleEpoch(1);
    epoch.validation->accuracy = kNoFigure;
    epoch.validation->mae = 5.0;
    m_page->addEpoch(epoch);
    settle();
}

void TestErrorPanel::settle()
{
    QCoreApplication::processEvents();
    QCoreApplication::processEvents();
}

void TestErrorPanel::errorsStandWhereAccuracyDid()
{
    fillWithErrors();
    const Interval range = plot().yRange(Metric::Accuracy);
    QVERIFY(range.lower > 2.0 && range.lower < 3.0);
    QVERIFY(range.upper > 5.0 && range.upper < 6.0);
    QVERIFY(plot().accessibleName().contains(QStringLiteral("mean absolute error")));
    QVERIFY(plot().history().bestEpoch());
}

void TestErrorPanel::theNextRunHasAccuracyAgain()
{
    fillWithErrors();
    m_page->clear();
    m_page->append(test::samplePoints(100));
    settle();
    QVERIFY(plot().yRange(Metric::Accuracy).upper < 1.2);
    QVERIFY(plot().accessibleName().contains(QStringLiteral("accuracy")));
}

QTEST_MAIN(TestErrorPanel)
#include "tst_error_panel.moc"
