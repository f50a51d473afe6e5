#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

#include "data/load_data.h"
#include "data/sources.h"

using namespace frostline;

namespace fs = std::filesystem;

namespace {

constexpr int kPixels = 3 * 32 * 32;

void write(const fs::path& file, const std::string& bytes)
{
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
}

/// Red, green and blue planes of `value`, `value` + 1 and `value` + 2.
std::string record(const std::string& labels, int value)
{
    auto bytes = labels;
    for (int plane = 0; plane < 3; ++plane)
        bytes += std::string(kPixels / 3, static_cast<char>(value + plane));
    return bytes;
}

std::string label(int number)
{
    return std::string(1, static_cast<char>(number));
}

void writeCifar10(const fs::path& folder)
{
    write(folder / "batches.meta.txt", "airplane\nautomobile\r\nbird\n\n");
    write(folder / "data_batch_1.bin", record(label(2), 10) + record(label(0), 20));
    write(folder / "data_batch_2.bin", record(label(1), 30));
    write(folder / "data_batch_10.bin", record(label(0), 40));
    write(folder / "test_batch.bin", record(label(1), 50));
}

void writeCifar100(const fs::path& folder)
{
    write(folder / "fine_label_names.txt", "apple\naquarium_fish\nbaby\n");
    write(folder / "coarse_label_names.txt", "fruit\nfish\npeople\n");
    write(folder / "train.bin", record(label(19) + label(2), 10) + record(label(0) + label(1), 20));
    write(folder / "test.bin", record(label(0) + label(0), 30));
}

} // namespace

class TestCifar : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void readsBatchesInTheOrderOfTheirNumbers()
    {
        writeCifar10(path());
        const auto data = readCifarFolder(path());
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->train.classNames, (std::vector<std::string>{"airplane", "automobile", "bird"}));
        QCOMPARE(data->train.labels, (std::vector<std::int64_t>{2, 0, 1, 0}));
        QCOMPARE(data->train.channels, 3);
        QCOMPARE(data->train.height, 32);
        QCOMPARE(data->train.image(3)[0], std::uint8_t{40});
        QCOMPARE(data->train.image(3)[kPixels - 1], std::uint8_t{42});
        QVERIFY(data->test);
        QCOMPARE(data->test->labels, (std::vector<std::int64_t>{1}));
        QCOMPARE(data->test->image(0)[1024], std::uint8_t{51});
    }
    void takesTheFineLabels()
    {
        writeCifar100(path());
        const auto data = readCifarFolder(path());
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->train.classNames, (std::vector<std::string>{"apple", "aquarium_fish", "baby"}));
        QCOMPARE(data->train.labels, (std::vector<std::int64_t>{2, 1}));
        QCOMPARE(data->train.image(1)[0], std::uint8_t{20});
        QCOMPARE(data->train.image(1)[kPixels - 1], std::uint8_t{22});
        QCOMPARE(data->test->labels, (std::vector<std::int64_t>{0}));
    }
    void looksIntoTheArchivesFolder_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("CIFAR-10") << "cifar-10-batches-bin";
        QTest::newRow("CIFAR-100") << "cifar-100-binary";
    }
    void looksIntoTheArchivesFolder()
    {
        QFETCH(QString, name);
        const auto inner = path() / name.toStdString();
        name.contains(QStringLiteral("100")) ? writeCifar100(inner) : writeCifar10(inner);
        DataRecipe recipe;
        recipe.source = "cifar";
        recipe.path = path().string();
        const auto splits = loadData(recipe, 1, {});
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        QCOMPARE(splits->validation.size(), std::int64_t{1});
    }
    void theTestBatchMayBeMissing()
    {
        writeCifar10(path());
        fs::remove(path() / "test_batch.bin");
        const auto data = readCifarFolder(path());
        QVERIFY(data);
        QVERIFY(!data->test);
    }
    void badFilesAreNamed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        const auto good = QByteArray::fromStdString(record(label(0), 1));
        QTest::newRow("empty") << "data_batch_2.bin" << QByteArray("")
                               << "data_batch_2.bin: has 0 bytes, not a multiple of the 3073";
        QTest::newRow("cut") << "data_batch_2.bin" << good.chopped(1)
                             << "has 3072 bytes, not a multiple of the 3073 of one image";
        QTest::newRow("label")
            << "test_batch.bin" << good + QByteArray::fromStdString(record(label(3), 1))
            << "test_batch.bin: label 3 of image 1 is out of range; there are 3 classes, 0 to 2";
        QTest::newRow("no names") << "batches.meta.txt" << QByteArray("\n\n")
                                  << "batches.meta.txt: names no class";
        QTest::newRow("too many names")
            << "batches.meta.txt" << QByteArray("x\n").repeated(300) << "names more than 256 classes";
    }
    void badFilesAreNamed()
    {
        QFETCH(QString, file);
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        writeCifar10(path());
        write(path() / file.toStdString(), content.toStdString());
        refuses(says);
    }
    void coarseLabelsAreChecked()
    {
        writeCifar100(path());
        write(path() / "train.bin", record(label(20) + label(0), 1));
        refuses(
            QStringLiteral("train.bin: coarse label 20 of image 0 is out of range; there are 20 classes"));
    }
    void missingFilesAreNamed()
    {
        refuses(QStringLiteral("has neither data_batch_1.bin (CIFAR-10) nor train.bin (CIFAR-100)"));
        writeCifar10(path());
        fs::remove(path() / "batches.meta.txt");
        refuses(QStringLiteral("has no file batches.meta.txt, which names the classes"));
    }
    void readsTheRealThing()
    {
        const auto given = qEnvironmentVariable("FROSTLINE_TEST_ASSETS");
        const auto assets = given.isEmpty() ? qEnvironmentVariable("FROSTLINE_RESOURCES") +
                                                  QStringLiteral("/../../shared/assets")
                                            : given;
        const fs::path folder = assets.toStdString() + "/cifar10-small";
        if (!fs::exists(folder))
            QSKIP("there is no folder of test assets");
        const auto data = readCifarFolder(folder);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        QCOMPARE(data->train.size(), std::int64_t{5000});
        QCOMPARE(data->test->size(), std::int64_t{2000});
        QCOMPARE(data->train.classNames.back(), std::string("truck"));
        QCOMPARE(std::ranges::min(data->train.classCounts()) > 400, true);
    }

private:
    fs::path path() const { return m_folder->path().toStdString(); }

    void refuses(const QString& says) const
    {
        const auto data = readCifarFolder(path());
        QVERIFY(!data);
        QVERIFY2(QString::fromStdString(data.error().message).contains(says), data.error().message.c_str());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestCifar)
#include "tst_cifar.moc"
