#include <QTest>

#include "training/intervention.h"

using namespace frostline;

class TestIntervention : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textsReadBackAsThemselves_data()
    {
        QTest::addColumn<QString>("text");
        for (const auto* text :
             {"trainable:layer4.*=on", "learning_rate=0.0001", "learning_rate=1e-06", "rate:conv1=0.1",
              "statistics:*=updating", "sparsity:*=0.5", "prune_frozen=off", "optimizer:momentum=0.9",
              "optimizer:kind=adamw", "note=a = b"})
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void textsReadBackAsThemselves()
    {
        QFETCH(QString, text);
        const auto change = parseChange(text.toStdString());
        QVERIFY2(change, change ? "" : change.error().message.c_str());
        QCOMPARE(QString::fromStdString(toText(*change)), text);
    }
    void wrongTextsSayWhatWouldBeRight_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << ""
                               << "expected KIND:TARGET=VALUE";
        QTest::newRow("unknown kind") << "freeze:conv1=on"
                                      << "unknown change \"freeze\"; there are trainable";
        QTest::newRow("no target") << "trainable=on"
                                   << "needs a target";
        QTest::newRow("empty target") << "trainable:=on"
                                      << "needs a target";
        QTest::newRow("target too much") << "learning_rate:x=1"
                                         << "takes no target";
        QTest::newRow("not a switch") << "trainable:x=maybe"
                                      << "expected on or off";
        QTest::newRow("not a number") << "sparsity:x=half"
                                      << "expected a number";
        QTest::newRow("not finite") << "learning_rate=inf"
                                    << "expected a number";
        QTest::newRow("trailing") << "learning_rate=1e-3x"
                                  << "expected a number";
    }
    void wrongTextsSayWhatWouldBeRight()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto change = parseChange(text.toStdString());
        QVERIFY(!change);
        QVERIFY2(QString::fromStdString(change.error().message).contains(says),
                 change.error().message.c_str());
    }
};

QTEST_APPLESS_MAIN(TestIntervention)
#include "tst_intervention.moc"
