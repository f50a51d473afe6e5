#include <QTemporaryDir>
#include <QTest>

#include "window/settings.h"

using namespace frostline;

class TestSettings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void beginsWithDefaults()
    {
        const Settings settings(file());
        QVERIFY(settings.lastRecipe().isEmpty());
        QVERIFY(settings.recentSessions().isEmpty());
        QCOMPARE(settings.appearance(), Appearance::System);
        QVERIFY(!settings.sessionsFolder().isEmpty());
    }

    void remembersAcrossStarts()
    {
        {
            Settings settings(file());
            settings.setWindowGeometry("geometry");
            settings.setWindowState("state");
            settings.setLayerHeader("header");
            settings.setAppearance(Appearance::Dark);
            settings.setLastRecipe(QStringLiteral("/a/b.json"));
            settings.setSessionsFolder(QStringLiteral("/tmp/runs"));
        }
        const Settings settings(file());
        QCOMPARE(settings.windowGeometry(), QByteArray("geometry"));
        QCOMPARE(settings.windowState(), QByteArray("state"));
        QCOMPARE(settings.layerHeader(), QByteArray("header"));
        QCOMPARE(settings.appearance(), Appearance::Dark);
        QCOMPARE(settings.lastRecipe(), QStringLiteral("/a/b.json"));
        QCOMPARE(settings.sessionsFolder(), QStringLiteral("/tmp/runs"));
    }

    void keepsTheNewestTenOnce()
    {
        Settings settings(file());
        for (int i = 0; i < 12; ++i)
            settings.addRecentRecipe(QStringLiteral("/r/%1.json").arg(i));
        settings.addRecentRecipe(QStringLiteral("/r/../r/5.json"));
        const auto recent = settings.recentRecipes();
        QCOMPARE(recent.size(), Settings::kMaximumRecent);
        QCOMPARE(recent.first(), QStringLiteral("/r/5.json"));
        QCOMPARE(recent.count(QStringLiteral("/r/5.json")), 1);
        QVERIFY(!recent.contains(QStringLiteral("/r/1.json")));
    }

    void forgetsSessions()
    {
        Settings settings(file());
        settings.addRecentSession(QStringLiteral("/s/one"));
        settings.addRecentSession(QStringLiteral("/s/two"));
        settings.removeRecentSession(QStringLiteral("/s/one/"));
        QCOMPARE(settings.recentSessions(), QStringList{QStringLiteral("/s/two")});
        settings.clearRecent();
        QVERIFY(settings.recentSessions().isEmpty());
    }

private:
    QString file() const { return m_folder->filePath(QStringLiteral("settings.ini")); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
