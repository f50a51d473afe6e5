#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QPointer>
#include <QProgressBar>
#include <QTreeView>

#include "base/sha256.h"
#include "fetch/catalog_model.h"
#include "fetch/fetch_dialog.h"
#include "loopback_server.h"
#include "window_case.h"

using namespace frostline;
using namespace frostline::test;

namespace {

const std::string kContent(400'000, 'w');

QString sumOf(const std::string& content)
{
    return QString::fromStdString(Sha256().add(content.data(), content.size()).finish());
}

} // namespace

/// Clicks through the dialog, against a server on this machine.
class TestFetchDialog : public WindowCase {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        setUp();
        m_server = std::make_unique<LoopbackServer>(kContent);
        qputenv("XDG_DATA_HOME", m_folder->filePath(QStringLiteral("home")).toUtf8());
        writeCatalog(sumOf(kContent));
        m_window->actions()->getData->trigger();
        m_dialog = m_window->findChild<FetchDialog*>();
        QVERIFY(m_dialog && m_dialog->isVisible());
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog));
    }

    void cleanup()
    {
        m_server->release();
        tearDown();
        m_server.reset();
        qunsetenv("FROSTLINE_CATALOG");
    }

    void theMenuOpensOneDialog()
    {
        m_window->actions()->getData->trigger();
        QCOMPARE(m_window->findChildren<FetchDialog*>().size(), 1);
    }

    void theCatalogueIsListed()
    {
        auto* model = table()->model();
        const QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model->rowCount(), 2);
        QStringList row;
        for (int column = 0; column < model->columnCount(); ++column)
            row << model->index(0, column).data().toString();
        QCOMPARE(row.join(QLatin1Char('|')), QStringLiteral("net|Weights: A net|400.0 kB|CC0-1.0|"));
        QCOMPARE(model->index(1, CatalogModel::Title).data().toString(), QStringLiteral("Data: set"));
        QVERIFY(text("fetchAbout").contains(QStringLiteral("What it &amp; its title are")));
        QVERIFY(text("fetchAbout").contains(QStringLiteral("It is not here yet.")));
        QVERIFY(text("fetchAbout").contains(place()));
        QVERIFY(!button("fetchCancel")->isEnabled() && !button("fetchCopy")->isEnabled());
    }

    void getsAndTellsHowToNameIt()
    {
        click("fetchGet");
        QTRY_VERIFY_WITH_TIMEOUT(text("fetchMessage").startsWith(QStringLiteral("Done.")), kPatience);
        QVERIFY2(text("fetchMessage").contains(place()), qPrintable(text("fetchMessage")));
        QVERIFY(text("fetchMessage").contains(QStringLiteral("weights:net")));
        QCOMPARE(QFileInfo(place()).size(), qint64(kContent.size()));
        QCOMPARE(table()->model()->index(0, CatalogModel::Here).data().toString(), QStringLiteral("here"));
        QVERIFY(text("fetchAbout").contains(QStringLiteral("It lies in %1").arg(place())));
        QCOMPARE(button("fetchGet")->text(), QStringLiteral("&Get again"));
        QVERIFY(!m_dialog->findChild<QProgressBar*>()->isVisible());
        click("fetchCopy");
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("weights:net"));
    }

    void saysWhatWentWrong()
    {
        m_server->setMissing(true);
        click("fetchGet");
        QTRY_VERIFY_WITH_TIMEOUT(text("fetchMessage").contains(QStringLiteral("no such file (404)")),
                                 kPatience);
        QVERIFY(text("fetchMessage").contains(QStringLiteral("there as %1").arg(place())));
        QVERIFY(button("fetchGet")->isEnabled() && !button("fetchCancel")->isEnabled());
        m_server->setMissing(false);
        click("fetchGet");
        QTRY_VERIFY_WITH_TIMEOUT(text("fetchMessage").startsWith(QStringLiteral("Done.")), kPatience);
    }

    void refusesTheWrongFile()
    {
        reopenWith(sumOf("another"));
        click("fetchGet");
        QTRY_VERIFY_WITH_TIMEOUT(
            text("fetchMessage").contains(QStringLiteral("its SHA-256 is ") + sumOf(kContent)), kPatience);
        QVERIFY(!QFileInfo::exists(place()));
    }

    void cancelsAndGoesOn()
    {
        startHalf();
        QVERIFY(!button("fetchGet")->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(text("fetchRemaining").startsWith(QStringLiteral("200.0 kB of 400.0 kB")),
                                 kPatience);
        QCOMPARE(m_dialog->findChild<QProgressBar*>()->value(), 500);
        click("fetchCancel");
        QTRY_VERIFY_WITH_TIMEOUT(text("fetchMessage").startsWith(QStringLiteral("Stopped.")), kPatience);
        QVERIFY(!QFileInfo::exists(place()) && QFileInfo::exists(part()));
        m_server->release();
        m_server->setHalf(false);
        click("fetchGet");
        QTRY_VERIFY_WITH_TIMEOUT(text("fetchMessage").startsWith(QStringLiteral("Done.")), kPatience);
        QVERIFY(m_server->lastRequest().find("Range: bytes=200000-") != std::string::npos);
        QCOMPARE(QFileInfo(place()).size(), qint64(kContent.size()));
    }

    void closingStops()
    {
        startHalf();
        const QPointer<FetchDialog> dialog(m_dialog);
        click("fetchClose");
        QTRY_VERIFY_WITH_TIMEOUT(!dialog, kPatience);
        QCOMPARE(QFileInfo(part()).size(), qint64(kContent.size() / 2));
        QVERIFY(!QFileInfo::exists(place()));
    }

    void closingTheWindowStops()
    {
        startHalf();
        m_window.reset();
        QVERIFY(!QFileInfo::exists(place()) && QFileInfo::exists(part()));
    }

    void aCatalogueThatCannotBeRead()
    {
        QFile file(catalog());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        reopen();
        QVERIFY2(text("fetchMessage").contains(catalog()), qPrintable(text("fetchMessage")));
        QVERIFY(!button("fetchGet")->isEnabled());
    }

    void looksRightInLightAndDark()
    {
        for (const auto appearance : {Appearance::Dark, Appearance::Light}) {
            applyAppearance(appearance);
            QVERIFY(!m_dialog->grab().isNull());
        }
    }

private:
    void writeCatalog(const QString& sum)
    {
        const auto url = QString::fromStdString(m_server->url("net.pth"));
        const auto file = QStringLiteral(R"([{"url": "%1", "size": %2, "sha256": "%3"}])")
                              .arg(url)
                              .arg(kContent.size())
                              .arg(sum);
        const auto text = QStringLiteral(R"({"frostline": "catalog/1", "entries": [
{"name": "net", "kind": "weights", "title": "A net", "about": "What it & its title are", "licence": "CC0-1.0", "files": %1},
{"name": "set", "kind": "data", "licence": "CC0-1.0", "files": %1}]})")
                              .arg(file);
        QFile out(catalog());
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text.toUtf8());
        qputenv("FROSTLINE_CATALOG", catalog().toUtf8());
    }

    void reopen()
    {
        delete m_dialog;
        m_window->actions()->getData->trigger();
        m_dialog = m_window->findChild<FetchDialog*>();
        QVERIFY(m_dialog);
    }

    void reopenWith(const QString& sum)
    {
        writeCatalog(sum);
        reopen();
    }

    void startHalf()
    {
        m_server->setHalf(true);
        click("fetchGet");
        QTRY_COMPARE_WITH_TIMEOUT(QFileInfo(part()).size(), qint64(kContent.size() / 2), kPatience);
        QVERIFY(button("fetchCancel")->isEnabled());
    }

    QTreeView* table() const { return m_dialog->findChild<QTreeView*>(QStringLiteral("catalogTable")); }
    QPushButton* button(const char* name) const
    {
        return m_dialog->findChild<QPushButton*>(QLatin1String(name));
    }
    void click(const char* name) const { QTest::mouseClick(button(name), Qt::LeftButton); }
    QString text(const char* name) const { return m_dialog->findChild<QLabel*>(QLatin1String(name))->text(); }
    QString catalog() const { return m_folder->filePath(QStringLiteral("catalog.json")); }
    QString place() const { return m_folder->filePath(QStringLiteral("home/frostline/weights/net.pth")); }
    QString part() const
    {
        return m_folder->filePath(QStringLiteral("home/frostline/weights/.net.download/net.pth.part"));
    }

    std::unique_ptr<LoopbackServer> m_server;
    FetchDialog* m_dialog = nullptr;
};

QTEST_MAIN(TestFetchDialog)
#include "tst_fetch_dialog.moc"
