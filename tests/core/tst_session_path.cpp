#include <QTemporaryDir>
#include <QTest>

#include <fstream>

#include "session/session_path.h"

using namespace frostline;

namespace fs = std::filesystem;

class TestSessionPath : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_root;
    fs::path root() const { return fs::canonical(m_root.path().toStdString()); }
    fs::path session() const { return root() / "session"; }

private Q_SLOTS:
    void initTestCase()
    {
        fs::create_directories(session() / "checkpoints");
        fs::create_directories(root() / "session-2");
        std::ofstream(root() / "outside") << "secret";
        std::ofstream(root() / "session-2/other") << "secret";
        std::ofstream(session() / "checkpoints/a.safetensors") << "weights";
        fs::create_symlink(root() / "outside", session() / "link-out");
        fs::create_symlink("../outside", session() / "relative-link-out");
        fs::create_symlink(root(), session() / "folder-out");
        fs::create_symlink(root() / "not-yet", session() / "link-to-nowhere");
        fs::create_symlink("link-to-nowhere", session() / "link-to-link");
        fs::create_symlink("loop", session() / "loop");
        fs::create_symlink("checkpoints/a.safetensors", session() / "link-inside");
        fs::create_directory_symlink(session(), root() / "alias");
    }
    void givesTheFileInside_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("file");
        QTest::newRow("a file") << "checkpoints/a.safetensors"
                                << "checkpoints/a.safetensors";
        QTest::newRow("not there yet") << "checkpoints/b.safetensors"
                                       << "checkpoints/b.safetensors";
        QTest::newRow("nothing of it yet") << "x/y/z"
                                           << "x/y/z";
        QTest::newRow("dots in a name") << "a..b"
                                        << "a..b";
        QTest::newRow("three dots") << "..."
                                    << "...";
        QTest::newRow("a detour") << "./checkpoints/./a.safetensors"
                                  << "checkpoints/a.safetensors";
        QTest::newRow("a link inside") << "link-inside"
                                       << "checkpoints/a.safetensors";
    }
    void givesTheFileInside()
    {
        QFETCH(QString, text);
        QFETCH(QString, file);
        for (const auto& folder : {session(), root() / "alias"}) {
            const auto found = fileInside(folder, text.toStdString());
            QVERIFY2(found, found ? "" : found.error().message.c_str());
            QCOMPARE(*found, session() / file.toStdString());
        }
    }
    void refusesWhatLeavesTheFolder_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char* text : {"",
                                 ".",
                                 "./",
                                 "./.",
                                 "..",
                                 "../outside",
                                 "checkpoints/../../outside",
                                 "checkpoints/..",
                                 "../session/checkpoints/a.safetensors",
                                 "../session-2/other",
                                 "/etc/passwd",
                                 "/",
                                 "link-out",
                                 "relative-link-out",
                                 "folder-out",
                                 "folder-out/outside",
                                 "folder-out/new",
                                 "link-to-nowhere",
                                 "link-to-link",
                                 "link-to-nowhere/x"})
            QTest::newRow(text) << QByteArray(text);
        QTest::newRow("inside, but absolute") << QByteArray::fromStdString((session() / "x").string());
        QTest::newRow("a NUL") << QByteArray("checkpoints\0/x", 14);
    }
    void refusesWhatLeavesTheFolder()
    {
        QFETCH(QByteArray, text);
        const auto found = fileInside(session(), text.toStdString());
        QVERIFY2(!found, found ? found->c_str() : "");
        QCOMPARE(found.error().code, ErrorCode::BadInput);
        QVERIFY(found.error().message.ends_with("\" does not lie inside the session's folder"));
    }
    void whatTheSystemRefusesIsItsError()
    {
        for (const auto& text : {std::string("loop"), std::string(5000, 'x')}) {
            const auto found = fileInside(session(), text);
            QVERIFY(!found);
            QCOMPARE(found.error().code, ErrorCode::FileSystem);
            QVERIFY(found.error().message.size() < 300);
        }
        QVERIFY(!fileInside(root() / "missing", "x"));
    }
};

QTEST_APPLESS_MAIN(TestSessionPath)
#include "tst_session_path.moc"
