#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "data/folder_tree.h"

using namespace frostline;

namespace fs = std::filesystem;

namespace {

const FileKind kSounds{"sound", {".wav", ".flac"}};

void put(const fs::path& file)
{
    fs::create_directories(file.parent_path());
    std::ofstream(file) << "x";
}

/// "0:a/x.wav 1:b/y.wav": labels and paths below the root.
QString textOf(const std::vector<ClassFile>& files, const fs::path& root)
{
    QStringList all;
    for (const auto& file : files)
        all << QString::number(file.label) + u':' +
                   QString::fromStdString(file.path.lexically_relative(root).string());
    return all.join(u' ');
}

} // namespace

class TestFolderTree : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_root = fs::path(m_folder->path().toStdString()) / "root";
        fs::create_directories(m_root);
    }
    void listsClassesAndFilesInOrder()
    {
        for (const auto* file : {"dog/2.wav", "dog/10.WAV", "cat/deep/er/1.flac", "cat/z.wav",
                                 "cat/notes.txt", "cat/._z.wav", ".git/x.wav", "readme.txt"})
            put(m_root / file);
        const auto found = listClassFolders(m_root, kSounds);
        QVERIFY2(found, found ? "" : found.error().message.c_str());
        QCOMPARE(found->classNames, (std::vector<std::string>{"cat", "dog"}));
        QCOMPARE(textOf(found->train, m_root),
                 QStringLiteral("0:cat/deep/er/1.flac 0:cat/z.wav 1:dog/10.WAV 1:dog/2.wav"));
        QVERIFY(!found->validation);
        QVERIFY(!found->test);
    }
    void splitsShareTheClassesForTraining()
    {
        for (const auto* file :
             {"train/a/1.wav", "train/b/2.wav", "val/b/3.wav", "test/a/4.wav", "extra/c/5.wav"})
            put(m_root / file);
        const auto found = listClassFolders(m_root, kSounds);
        QVERIFY2(found, found ? "" : found.error().message.c_str());
        QCOMPARE(textOf(found->train, m_root), QStringLiteral("0:train/a/1.wav 1:train/b/2.wav"));
        QCOMPARE(textOf(*found->validation, m_root), QStringLiteral("1:val/b/3.wav"));
        QCOMPARE(textOf(*found->test, m_root), QStringLiteral("0:test/a/4.wav"));
    }
    void linksInACircleEnd()
    {
        put(m_root / "a" / "1.wav");
        put(m_root / "b" / "sub" / "2.wav");
        fs::create_directory_symlink("..", m_root / "b" / "sub" / "up");
        fs::create_directory_symlink("../..", m_root / "a" / "out");
        fs::create_directory_symlink(".", m_root / "again");
        fs::create_symlink("self.wav", m_root / "a" / "self.wav");
        fs::create_symlink("nowhere.wav", m_root / "a" / "broken.wav");
        QCOMPARE(mkfifo((m_root / "a" / "pipe.wav").c_str(), 0600), 0);
        const auto found = listClassFolders(m_root, kSounds);
        QVERIFY2(found, found ? "" : found.error().message.c_str());
        QCOMPARE(textOf(found->train, m_root),
                 QStringLiteral("0:a/1.wav 0:a/broken.wav 0:a/self.wav 1:b/sub/2.wav"));
    }
    void aLinkFromAClassToItsSplitEnds()
    {
        put(m_root / "train" / "cat" / "1.wav");
        put(m_root / "train" / "dog" / "2.wav");
        fs::create_directory_symlink("..", m_root / "train" / "cat" / "up");
        fs::create_directory_symlink("../..", m_root / "train" / "cat" / "further up");
        const auto found = listClassFolders(m_root, kSounds);
        QVERIFY2(found, found ? "" : found.error().message.c_str());
        QCOMPARE(textOf(found->train, m_root), QStringLiteral("0:train/cat/1.wav 1:train/dog/2.wav"));
    }
    void aClassMayBeCalledTrain()
    {
        for (const auto* file : {"boat/1.wav", "car/2.wav", "test/3.wav", "train/4.wav"})
            put(m_root / file);
        const auto found = listClassFolders(m_root, kSounds);
        QVERIFY2(found, found ? "" : found.error().message.c_str());
        QCOMPARE(found->classNames, (std::vector<std::string>{"boat", "car", "test", "train"}));
        QVERIFY(!found->test);
    }
    void linkedFoldersCount()
    {
        put(m_root.parent_path() / "elsewhere" / "1.wav");
        fs::create_directory_symlink("../elsewhere", m_root / "a");
        const auto found = listClassFolders(m_root, kSounds);
        QVERIFY2(found, found ? "" : found.error().message.c_str());
        QCOMPARE(textOf(found->train, m_root), QStringLiteral("0:a/1.wav"));
    }
    void badFoldersAreNamed_data()
    {
        QTest::addColumn<QStringList>("files");
        QTest::addColumn<QString>("says");
        QTest::newRow("no folder") << QStringList() << "has no sub-folders; expected one for each class";
        QTest::newRow("files alone") << QStringList{"1.wav"} << "has no sub-folders";
        QTest::newRow("empty class") << QStringList{"a/1.wav", "b/notes.txt"}
                                     << "/b: has no sound file (.wav, .flac); a class needs at least one";
        QTest::newRow("empty split") << QStringList{"train/a/1.wav", "val/notes.txt"}
                                     << "/val: has no sub-folders";
        QTest::newRow("splits without classes")
            << QStringList{"train/1.wav", "test/2.wav"} << "/train: has no sub-folders";
        QTest::newRow("two for validation")
            << QStringList{"train/a/1.wav", "val/a/2.wav", "valid/a/3.wav"}
            << "/root: has both val and valid; expected one folder for validation";
        QTest::newRow("strange class") << QStringList{"train/horse/1.wav", "test/hors/2.wav"}
                                       << "no such class among those for training; did you mean \"horse\"?";
        QTest::newRow("too deep") << QStringList{"a/1/2/3/4/5/6/7/8/9/x.wav"}
                                  << "more than 8 folders below its class";
    }
    void badFoldersAreNamed()
    {
        QFETCH(QStringList, files);
        QFETCH(QString, says);
        for (const auto& file : files)
            put(m_root / file.toStdString());
        const auto found = listClassFolders(m_root, kSounds);
        QVERIFY(!found);
        QVERIFY2(QString::fromStdString(found.error().message).contains(says), found.error().message.c_str());
    }
    void saysThatTheFolderIsMissing()
    {
        const auto found = listClassFolders(m_root / "nowhere", kSounds);
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::FileSystem);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
};

QTEST_APPLESS_MAIN(TestFolderTree)
#include "tst_folder_tree.moc"
