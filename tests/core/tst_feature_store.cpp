#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

#include "training/feature_cache.h"
#include "training/feature_store.h"

using namespace frostline;

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kRows = 10;
constexpr std::int64_t kBytes = 5000;

std::vector<std::byte> rowOf(int number)
{
    std::vector<std::byte> bytes(kBytes);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::byte>(i * 7 + static_cast<std::size_t>(number));
    return bytes;
}

bool holds(FeatureStore& store, int number)
{
    std::vector<std::byte> bytes(kBytes);
    return store.read(number, bytes) && bytes == rowOf(number);
}

} // namespace

class TestFeatureStore : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    fs::path file(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    std::unique_ptr<FeatureStore> filledFile(const char* name) const
    {
        auto store = FeatureStore::inFile(file(name), kRows, kBytes);
        for (int row = 0; store && row < kRows; ++row)
            static_cast<void>((*store)->write(row, rowOf(row)));
        return store ? std::move(*store) : nullptr;
    }

private Q_SLOTS:
    void rowsComeBack_data()
    {
        QTest::addColumn<bool>("isFile");
        QTest::newRow("memory") << false;
        QTest::newRow("file") << true;
    }
    void rowsComeBack()
    {
        QFETCH(bool, isFile);
        auto made = isFile ? FeatureStore::inFile(file("plain.features"), kRows, kBytes)
                           : FeatureStore::inMemory(kRows, kBytes);
        QVERIFY(made);
        auto& store = **made;
        QCOMPARE(store.isFile(), isFile);
        QVERIFY(!holds(store, 3));
        QVERIFY(store.write(3, rowOf(3)));
        QVERIFY(store.write(7, rowOf(7)));
        QVERIFY(store.write(7, rowOf(7)));
        QCOMPARE(store.rowsThere(), 2);
        QVERIFY(holds(store, 3));
        QVERIFY(holds(store, 7));
        QVERIFY(!store.has(4));
    }
    void rowsReadAheadAreTheSame()
    {
        const auto store = filledFile("ahead.features");
        const std::vector<std::int64_t> next{2, 5, 9};
        store->prefetch(next);
        for (const int row : {5, 2, 9, 1})
            QVERIFY(holds(*store, row));
    }
    void damagedRowIsNotThere()
    {
        const auto store = filledFile("damaged.features");
        {
            std::fstream damage(file("damaged.features"), std::ios::in | std::ios::out | std::ios::binary);
            damage.seekp(4 * kBytes + 17).put('x');
        }
        QVERIFY(holds(*store, 3));
        QVERIFY(!holds(*store, 4));
        QCOMPARE(store->rowsThere(), kRows - 1);
        QVERIFY(store->write(4, rowOf(4)));
        QVERIFY(holds(*store, 4));
    }
    void fileCutShortHasLostItsEnd()
    {
        const auto store = filledFile("short.features");
        fs::resize_file(file("short.features"), 5 * kBytes + 3);
        const std::vector<std::int64_t> next{8};
        store->prefetch(next);
        QVERIFY(holds(*store, 4));
        QVERIFY(!holds(*store, 5));
        QVERIFY(!holds(*store, 8));
    }
    void removedFileIsNoticed()
    {
        const auto store = filledFile("removed.features");
        QVERIFY(!store->isLost());
        fs::remove(file("removed.features"));
        QVERIFY(store->isLost());
    }
    void fileGoesWithItsStore()
    {
        {
            const auto store = filledFile("gone.features");
            QVERIFY(fs::exists(file("gone.features")));
            removeLeftFeatureFiles(m_folder.path().toStdString());
            QVERIFY2(fs::exists(file("gone.features")), "a file in use was taken for one left behind");
        }
        QVERIFY(!fs::exists(file("gone.features")));
    }
    void leftFilesAreRemoved()
    {
        std::ofstream(file("1-0.features")) << "left by a program that was killed";
        std::ofstream(file("notes.txt")) << "not ours";
        removeLeftFeatureFiles(m_folder.path().toStdString());
        QVERIFY(!fs::exists(file("1-0.features")));
        QVERIFY(fs::exists(file("notes.txt")));
    }
    void cacheGoesToFilesWhereMemoryEnds()
    {
        FeatureCache cache({true, 3 * kRows * kBytes / 2, -1, file("cache")});
        QVERIFY(cache.makeStore(cache.add(2, "a"), FeatureCache::Train, kRows, kBytes));
        QVERIFY(cache.makeStore(*cache.find(2), FeatureCache::Validation, kRows, kBytes));
        QCOMPARE(cache.memoryBytes(), kRows * kBytes);
        QCOMPARE(cache.fileBytes(), kRows * kBytes);
        cache.drop(2);
        QCOMPARE(cache.memoryBytes() + cache.fileBytes(), 0);
    }
    void farLevelsMakeRoom()
    {
        FeatureCache cache({true, 2 * kRows * kBytes, 0, file("cache")});
        for (const int line : {1, 2, 3})
            QVERIFY(cache.makeStore(cache.add(line, "a"), FeatureCache::Train, kRows, kBytes));
        QVERIFY(!cache.find(1));
        QVERIFY2(cache.find(2)->stores[FeatureCache::Train], "what line 3 is computed from was dropped");
        QVERIFY(cache.find(3)->stores[FeatureCache::Train]);
    }
    void noRoomAtAllIsAnError()
    {
        FeatureCache cache({true, 0, kBytes - 1, file("cache")});
        const auto made = cache.makeStore(cache.add(1, "a"), FeatureCache::Train, 1, kBytes);
        QVERIFY(!made);
        QVERIFY(made.error().message.find("fit neither into memory") != std::string::npos);
        QVERIFY(fs::is_empty(file("cache")));
    }
};

QTEST_APPLESS_MAIN(TestFeatureStore)
#include "tst_feature_store.moc"
