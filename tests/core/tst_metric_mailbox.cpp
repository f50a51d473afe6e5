#include <QTest>

#include <thread>

#include "training/metric_mailbox.h"

using namespace frostline;

class TestMetricMailbox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void handsPointsOverOnceAndInOrder()
    {
        MetricMailbox mailbox(10);
        for (Step step = 0; step < 5; ++step)
            mailbox.post({.step = step});
        const auto points = mailbox.take();
        QCOMPARE(points.size(), std::size_t{5});
        QCOMPARE(points.back().step, Step{4});
        QVERIFY(mailbox.take().empty());
        QCOMPARE(mailbox.dropped(), std::size_t{0});
    }
    void thinsWhenFullAndCountsIt()
    {
        MetricMailbox mailbox(8);
        for (Step step = 0; step < 100; ++step)
            mailbox.post({.step = step});
        const auto points = mailbox.take();
        QVERIFY(points.size() <= 8);
        QCOMPARE(points.size() + mailbox.dropped(), std::size_t{100});
        QCOMPARE(points.front().step, Step{0});
        QCOMPARE(points.back().step, Step{99});
        QVERIFY(std::ranges::is_sorted(points, {}, &MetricPoint::step));
    }
    void losesNothingBetweenTwoThreads()
    {
        constexpr Step kPoints = 20'000;
        MetricMailbox mailbox(kPoints);
        std::jthread worker([&mailbox] {
            for (Step step = 0; step < kPoints; ++step)
                mailbox.post({.step = step});
        });
        Step next = 0;
        while (next < kPoints) {
            for (const auto& point : mailbox.take())
                QCOMPARE(point.step, next++);
        }
        QCOMPARE(mailbox.dropped(), std::size_t{0});
    }
};

QTEST_APPLESS_MAIN(TestMetricMailbox)
#include "tst_metric_mailbox.moc"
