#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "base/json.h"
#include "base/resources.h"
#include "fetch/catalog.h"
#include "fetch/places.h"

using namespace frostline;

namespace {

// JSON's \/ because moc takes what follows two slashes for a comment, even here.
constexpr auto kSmall = R"({"frostline": "catalog/1", "entries": [
 {"name": "net", "kind": "weights", "licence": "MIT",
  "files": [{"url": "https:\/\/host/net-01234567.pth", "size": 12345, "sha256_prefix": "01234567"}]},
 {"name": "set", "kind": "data", "licence": "MIT",
  "files": [{"url": "https:\/\/host/set.tar.gz", "size_about": 999, "unpack": "tar.gz", "folder": "top",
             "unpacked_at_most": 5000}], "layout": {"source": "cifar", "mean": [0.5], "std": [0.25]}}],
 "by_hand": [{"name": "own.pth", "kind": "weights", "how": "ask your teacher"}]})";

Result<Catalog> parse(const std::string& text)
{
    return parseJson(text, "catalog").and_then([](const Json& json) {
        return catalogFromJson(json, "catalog");
    });
}

QString words(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

class TestCatalog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_DATA_HOME", m_folder->path().toUtf8());
        const auto file = m_folder->filePath(QStringLiteral("catalog.json"));
        std::ofstream(file.toStdString()) << kSmall;
        qputenv("FROSTLINE_CATALOG", file.toUtf8());
    }

    void readsWhatStandsThere()
    {
        const auto catalog = parse(kSmall);
        QVERIFY2(catalog.has_value(), catalog ? "" : catalog.error().message.c_str());
        QCOMPARE(catalog->entries.size(), std::size_t{2});
        const auto& net = catalog->entries[0];
        QCOMPARE(net.files[0].name, std::string("net-01234567.pth"));
        QCOMPARE(net.size(), 12345);
        QVERIFY(net.sizeIsExact() && !net.files[0].isFullyChecked());
        QCOMPARE(net.reference(), std::string("weights:net"));
        const auto& set = catalog->entries[1];
        QCOMPARE(set.files[0].packing, Packing::Tar);
        QCOMPARE(set.files[0].unpackedAtMost, 5000);
        QVERIFY(!set.sizeIsExact());
        QCOMPARE(set.layout.deviation, std::vector<double>{0.25});
        QCOMPARE(set.reference(), std::string("dataset:set"));
    }

    void isWrittenAsItIsRead()
    {
        const auto shipped = shippedCatalog();
        QVERIFY(shipped.has_value());
        const auto again = catalogFromJson(toJson(*shipped), "again");
        QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
        QCOMPARE(jsonText(toJson(*again)), jsonText(toJson(*shipped)));
    }

    /// torchvision's file names end in the first digits of the sum.
    void shippedSumsFitTheirNames()
    {
        const auto shipped = shippedCatalog();
        QVERIFY(shipped.has_value());
        int weights = 0;
        for (const auto& entry : shipped->entries) {
            QVERIFY2(!entry.files.empty() && !entry.licence.empty() && !entry.about.empty(),
                     entry.name.c_str());
            if (entry.kind != CatalogEntry::Kind::Weights)
                continue;
            ++weights;
            const auto& file = entry.files.front();
            const auto stem = file.name.substr(0, file.name.rfind('.'));
            QVERIFY(stem.substr(stem.rfind('-') + 1).starts_with(file.sha256.substr(0, 8)));
            QCOMPARE(entry.layout.classes, 1000);
            QVERIFY(file.url.starts_with("https://download.pytorch.org/models/") || entry.name == "xception");
        }
        QVERIFY(weights >= 12);
    }

    void addresses_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<bool>("isSafe");
        QTest::newRow("https") << "https://host/file" << true;
        QTest::newRow("https with a port") << "https://host:8443/file" << true;
        QTest::newRow("http") << "http://host/file" << false;
        QTest::newRow("this machine") << "http://127.0.0.1:80/file" << true;
        QTest::newRow("this machine by name") << "http://localhost/file" << true;
        QTest::newRow("this machine, IPv6") << "http://[::1]:80/file" << true;
        QTest::newRow("another that begins so") << "http://127.0.0.1.host/file" << false;
        QTest::newRow("another behind an @") << "http://127.0.0.1@host/file" << false;
        QTest::newRow("another behind a colon and an @") << "http://localhost:1@host/file" << false;
        QTest::newRow("user") << "https://user@host/file" << false;
        QTest::newRow("file") << "file:///etc/passwd" << false;
        QTest::newRow("file with a host") << "file://localhost/etc/passwd" << false;
        QTest::newRow("ftp") << "ftp://127.0.0.1/file" << false;
        QTest::newRow("capitals") << "HTTP://127.0.0.1/file" << false;
        QTest::newRow("two lines") << "https://host/file\r\nX: y" << false;
        QTest::newRow("backslash") << "https://host\\@other/file" << false;
        QTest::newRow("no scheme") << "host/file" << false;
        QTest::newRow("nothing") << "" << false;
    }
    void addresses()
    {
        QFETCH(QString, url);
        QFETCH(bool, isSafe);
        QCOMPARE(urlProblem(url.toStdString()).empty(), isSafe);
    }

    void unknownNamesAreMet()
    {
        const auto catalog = parse(kSmall);
        QVERIFY(catalog.has_value());
        QVERIFY(catalog->entry("net").has_value());
        const auto missing = catalog->entry("nett");
        QVERIFY(!missing);
        QVERIFY(words(missing.error().message).contains(QStringLiteral("did you mean \"net\"?")));
    }

    void weightsAreFoundByNameAndByFile()
    {
        const auto place = userDataFolder() / "weights" / "net-01234567.pth";
        const auto missing = resolvePath("weights:net", {});
        QVERIFY(!missing);
        const auto message = words(missing.error().message);
        QVERIFY(message.contains(QStringLiteral("\"frostline-cli fetch net\" gets it")));
        QVERIFY(
            message.contains(QStringLiteral("put https://host/net-01234567.pth (12,345 bytes) there as %1")
                                 .arg(words(place))));
        std::filesystem::create_directories(place.parent_path());
        std::ofstream(place) << "weights";
        QCOMPARE(resolvePath("weights:net", {}).value(), place);
        QCOMPARE(resolvePath("weights:net-01234567.pth", {}).value(), place);
        QVERIFY(!resolvePath("weights:../weights/net-01234567.pth", {}));
        QVERIFY(!resolvePath("weights:", {}));
    }

    void whatHasNoAddressSaysHowItIsGot()
    {
        const auto missing = resolvePath("weights:own.pth", {});
        QVERIFY(!missing);
        QVERIFY(words(missing.error().message).endsWith(QStringLiteral("own.pth; ask your teacher")));
        const auto other = resolvePath("dataset:own.pth", {});
        QVERIFY(!other && !words(other.error().message).contains(QStringLiteral("teacher")));
        const auto twice = parse(R"({"frostline": "catalog/1", "entries": [], "by_hand": [
            {"name": "a", "kind": "data", "how": "x"}, {"name": "a", "kind": "data", "how": "y"}]})");
        QVERIFY(!twice && words(twice.error().message).contains(QStringLiteral("/by_hand/1/name")));
    }

    void dataSetsAreFoundInTheirFolder()
    {
        const auto place = userDataFolder() / "datasets" / "set";
        const auto missing = resolvePath("dataset:set", {});
        QVERIFY(!missing);
        const auto message = words(missing.error().message);
        QVERIFY(message.startsWith(QStringLiteral("data set \"set\" not found: looked for the folder ")));
        QVERIFY(
            message.contains(QStringLiteral("unpack https://host/set.tar.gz (about 999 bytes) and put what "
                                            "is in its folder top into the folder %1")
                                 .arg(words(place))));
        std::filesystem::create_directories(place);
        QCOMPARE(resolvePath("dataset:set", {}).value(), place);
    }

    void aCatalogueThatCannotBeReadIsNoReasonToSayLess()
    {
        qputenv("FROSTLINE_CATALOG", "/nowhere/catalog.json");
        QVERIFY(!loadCatalog());
        const auto missing = resolvePath("dataset:set", {});
        QVERIFY(!missing && words(missing.error().message).contains(QStringLiteral("not found: looked for")));
        const auto weights = resolvePath("weights:net", {});
        QVERIFY(!weights && words(weights.error().message).contains(QStringLiteral("weights/net")));
    }

private:
    static Result<Catalog> shippedCatalog()
    {
        return resourcesFolder().and_then(
            [](const std::filesystem::path& folder) { return loadCatalog(folder / "catalog.json"); });
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestCatalog)
#include "tst_catalog.moc"
