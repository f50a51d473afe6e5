#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include "window/message_bar.h"

using namespace frostline;

class TestMessageBar : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support).*")));
    }

    void showsTheGravestThenTheNewest()
    {
        MessageBar bar;
        QVERIFY(bar.isHidden());
        bar.post({.kind = Message::Kind::Warning, .text = QStringLiteral("w1")});
        bar.post({.text = QStringLiteral("i1")});
        bar.post({.kind = Message::Kind::Error, .text = QStringLiteral("e1")});
        bar.post({.kind = Message::Kind::Warning, .text = QStringLiteral("w2")});
        bar.show();
        QStringList order;
        while (bar.count() > 0) {
            order.append(bar.current().text);
            QTest::mouseClick(bar.findChild<QToolButton*>(QStringLiteral("messageClose")), Qt::LeftButton);
        }
        QCOMPARE(order.join(QLatin1Char(' ')), QStringLiteral("e1 w2 w1 i1"));
        QVERIFY(bar.isHidden());
    }

    void anOutcomeStandsBeforeOlderWarnings()
    {
        MessageBar bar;
        bar.post({.text = QStringLiteral("info")});
        bar.post({.kind = Message::Kind::Warning, .text = QStringLiteral("old")});
        bar.post({.kind = Message::Kind::Outcome, .text = QStringLiteral("stopped")});
        QCOMPARE(bar.current().text, QStringLiteral("stopped"));
        bar.post({.kind = Message::Kind::Warning, .text = QStringLiteral("new")});
        QCOMPARE(bar.current().text, QStringLiteral("new"));
        bar.post({.kind = Message::Kind::Error, .text = QStringLiteral("error")});
        bar.post({.kind = Message::Kind::Outcome, .text = QStringLiteral("finished")});
        QCOMPARE(bar.current().text, QStringLiteral("error"));
    }

    void aKeyReplacesAndWithdraws()
    {
        MessageBar bar;
        bar.post({.text = QStringLiteral("old"), .key = QStringLiteral("k")});
        bar.post({.text = QStringLiteral("new"), .key = QStringLiteral("k")});
        QCOMPARE(bar.count(), 1);
        QCOMPARE(bar.findChild<QLabel*>(QStringLiteral("messageText"))->text(), QStringLiteral("new"));
        bar.withdraw(QStringLiteral("k"));
        QCOMPARE(bar.count(), 0);
    }

    void theButtonActsOnceAndCloses()
    {
        MessageBar bar;
        int acted = 0;
        bar.post(
            {.text = QStringLiteral("text"), .actionText = QStringLiteral("Do"), .action = [&] { ++acted; }});
        auto* button = bar.findChild<QPushButton*>(QStringLiteral("messageAction"));
        QVERIFY(button->isVisibleTo(&bar));
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(acted, 1);
        QCOMPARE(bar.count(), 0);
    }

    void otherButtonsLeaveTheMessage()
    {
        MessageBar bar;
        QStringList acted;
        const auto does = [&acted](const char* what) {
            return [&acted, what] { acted << QLatin1String(what); };
        };
        bar.post({.text = QStringLiteral("text"),
                  .actionText = QStringLiteral("Do"),
                  .action = does("do"),
                  .others = {{QStringLiteral("Resume"), does("resume")},
                             {QStringLiteral("Branch"), does("branch")}}});
        bar.show();
        const auto others = bar.findChildren<QPushButton*>(QStringLiteral("messageOther"));
        QCOMPARE(others.size(), 2);
        QTest::mouseClick(others[1], Qt::LeftButton);
        QTest::mouseClick(others[0], Qt::LeftButton);
        QCOMPARE(acted.join(u' '), QStringLiteral("branch resume"));
        QCOMPARE(bar.count(), 1);
        bar.post({.kind = Message::Kind::Error, .text = QStringLiteral("error")});
        QVERIFY(bar.findChildren<QPushButton*>(QStringLiteral("messageOther")).isEmpty());
        bar.clear();
        QVERIFY(bar.isHidden());
    }
};

QTEST_MAIN(TestMessageBar)
#include "tst_message_bar.moc"
