#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

#include "data/load_data.h"

using namespace frostline;

namespace {

/// `count` images of 2x2 pixels whose bytes are their index, with labels 0 1 2 0 1 2 ...
void writePair(const std::filesystem::path& folder, const std::string& prefix, int count,
               int highestLabel = 2)
{
    std::ofstream images(folder / (prefix + "-images-idx3-ubyte"), std::ios::binary);
    images.write("\0\0\x08\x03\0\0\0", 7).put(static_cast<char>(count)).write("\0\0\0\x02\0\0\0\x02", 8);
    std::ofstream labels(folder / (prefix + "-labels-idx1-ubyte"), std::ios::binary);
    labels.write("\0\0\x08\x01\0\0\0", 7).put(static_cast<char>(count));
    for (int i = 0; i < count; ++i) {
        images << std::string(4, static_cast<char>(i));
        labels.put(static_cast<char>(i % (highestLabel + 1)));
    }
}

DataRecipe recipeFor(const QTemporaryDir& folder)
{
    DataRecipe recipe;
    recipe.path = folder.path().toStdString();
    return recipe;
}

} // namespace

class TestLoadData : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        const std::filesystem::path path = m_folder->path().toStdString();
        writePair(path, "train", 60);
        writePair(path, "t10k", 30);
        std::ofstream(path / "classes.txt") << "apple\nbanana\ncherry\n";
    }
    void readsAllByDefault()
    {
        const auto splits = loadData(recipeFor(*m_folder), 1, {});
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        QCOMPARE(splits->train.size(), std::int64_t{60});
        QCOMPARE(splits->validation.size(), std::int64_t{30});
        QCOMPARE(splits->train.classNames, (std::vector<std::string>{"apple", "banana", "cherry"}));
        QCOMPARE(splits->train.image(7)[0], std::uint8_t{7});
        QCOMPARE(splits->train.classCounts(), (std::vector<std::int64_t>{20, 20, 20}));
    }
    void selectedClassesAreRenumberedInTheGivenOrder()
    {
        auto recipe = recipeFor(*m_folder);
        recipe.classes = {"cherry", "apple"};
        const auto splits = loadData(recipe, 1, {});
        QVERIFY(splits);
        QCOMPARE(splits->train.size(), std::int64_t{40});
        QCOMPARE(splits->train.classNames, (std::vector<std::string>{"cherry", "apple"}));
        // The first images are 0 (apple) and 2 (cherry).
        QCOMPARE(splits->train.labels[0], std::int64_t{1});
        QCOMPARE(splits->train.labels[1], std::int64_t{0});
        QCOMPARE(splits->train.image(1)[0], std::uint8_t{2});
    }
    void limitsAreForEachClassAndFollowTheSeed()
    {
        auto recipe = recipeFor(*m_folder);
        recipe.trainLimit = 5;
        recipe.validation.limit = 3;
        const auto first = loadData(recipe, 1, {});
        const auto again = loadData(recipe, 1, {});
        const auto other = loadData(recipe, 2, {});
        QCOMPARE(first->train.classCounts(), (std::vector<std::int64_t>{5, 5, 5}));
        QCOMPARE(first->validation.classCounts(), (std::vector<std::int64_t>{3, 3, 3}));
        QCOMPARE(first->train.pixels, again->train.pixels);
        QVERIFY(first->train.pixels != other->train.pixels);
    }
    void validationFromTrainSharesNoImage()
    {
        auto recipe = recipeFor(*m_folder);
        recipe.validation.from = ValidationRecipe::From::Train;
        recipe.validation.fraction = 0.25;
        const auto splits = loadData(recipe, 1, {});
        QCOMPARE(splits->validation.size(), std::int64_t{15});
        QCOMPARE(splits->train.size(), std::int64_t{45});
        QCOMPARE(splits->test.size(), std::int64_t{30});
        for (std::int64_t i = 0; i < splits->validation.size(); ++i) {
            for (std::int64_t j = 0; j < splits->train.size(); ++j)
                QVERIFY(splits->validation.image(i)[0] != splits->train.image(j)[0]);
        }
    }
    void withoutNamesTheTestHasTheClassesForTraining()
    {
        const std::filesystem::path path = m_folder->path().toStdString();
        std::filesystem::remove(path / "classes.txt");
        writePair(path, "train", 60, 9);
        writePair(path, "t10k", 30, 8);
        auto recipe = recipeFor(*m_folder);
        const auto splits = loadData(recipe, 1, {});
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        QCOMPARE(splits->test.classNames.size(), std::size_t{10});
        QCOMPARE(splits->validation.classNames, splits->train.classNames);
        recipe.classes = {"0", "9"};
        const auto two = loadData(recipe, 1, {});
        QVERIFY2(two, two ? "" : two.error().message.c_str());
    }
    void namesMayEndAsWindowsEndsLines()
    {
        std::ofstream(m_folder->filePath(QStringLiteral("classes.txt")).toStdString(), std::ios::binary)
            << "apple\r\nbanana\r\n\r\ncherry\r\n";
        const auto splits = loadData(recipeFor(*m_folder), 1, {});
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        QCOMPARE(splits->train.classNames, (std::vector<std::string>{"apple", "banana", "cherry"}));
    }
    void aSlashAtTheEndChangesNoNames()
    {
        const std::filesystem::path path = m_folder->path().toStdString() + "/fashion-mnist";
        std::filesystem::create_directories(path);
        writePair(path, "train", 60);
        writePair(path, "t10k", 30);
        DataRecipe recipe;
        for (const auto* end : {"", "/"}) {
            recipe.path = path.string() + end;
            const auto splits = loadData(recipe, 1, {});
            QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
            QCOMPARE(splits->train.classNames.front(), std::string("t-shirt"));
        }
    }
    void manyClassesAreNotAllListed()
    {
        std::ofstream names(m_folder->filePath(QStringLiteral("classes.txt")).toStdString());
        for (int i = 0; i < 25; ++i)
            names << "class " << i << '\n';
        names.close();
        auto recipe = recipeFor(*m_folder);
        recipe.classes = {"dog"};
        const auto splits = loadData(recipe, 1, {});
        QVERIFY(!splits);
        QVERIFY2(splits.error().message.ends_with("class 18, class 19, and 5 more"),
                 splits.error().message.c_str());
    }
    void badDataAreNamed_data()
    {
        QTest::addColumn<QString>("breakage");
        QTest::addColumn<QString>("says");
        QTest::newRow("misspelt class")
            << "class"
            << "class \"aple\" is not in the data; there are apple, banana, cherry; "
               "did you mean \"apple\"?";
        QTest::newRow("class twice") << "twice"
                                     << "class \"apple\" is selected twice";
        QTest::newRow("label out of range")
            << "label"
            << "label 3 of image 3 is out of range; there are 3 classes, 0 to 2";
        QTest::newRow("missing file") << "missing"
                                      << "has no file t10k-labels-idx1-ubyte";
        QTest::newRow("counts differ") << "counts"
                                       << "60 images but 50 labels in train";
        QTest::newRow("no folder") << "folder"
                                   << "does not exist";
        QTest::newRow("unknown data set") << "dataset"
                                          << "data set \"fashion-mnits\" not found";
        QTest::newRow("too many channels") << "normalize"
                                           << "has 3 values, the images have 1 channels";
    }
    void badDataAreNamed()
    {
        QFETCH(QString, breakage);
        QFETCH(QString, says);
        const std::filesystem::path path = m_folder->path().toStdString();
        auto recipe = recipeFor(*m_folder);
        if (breakage == QLatin1String("class"))
            recipe.classes = {"aple"};
        else if (breakage == QLatin1String("twice"))
            recipe.classes = {"apple", "apple"};
        else if (breakage == QLatin1String("label"))
            writePair(path, "train", 60, 9);
        else if (breakage == QLatin1String("missing"))
            std::filesystem::remove(path / "t10k-labels-idx1-ubyte");
        else if (breakage == QLatin1String("counts"))
            mixCounts(path);
        else if (breakage == QLatin1String("folder"))
            recipe.path += "/nowhere";
        else if (breakage == QLatin1String("dataset"))
            recipe.path = "dataset:fashion-mnits";
        else
            recipe.mean = recipe.deviation = {0.5, 0.5, 0.5};
        const auto splits = loadData(recipe, 1, {});
        QVERIFY(!splits);
        QVERIFY2(QString::fromStdString(splits.error().message).contains(says),
                 splits.error().message.c_str());
    }

private:
    static void mixCounts(const std::filesystem::path& path)
    {
        QTemporaryDir other;
        const std::filesystem::path source = other.path().toStdString();
        writePair(source, "train", 50);
        std::filesystem::copy_file(source / "train-labels-idx1-ubyte", path / "train-labels-idx1-ubyte",
                                   std::filesystem::copy_options::overwrite_existing);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestLoadData)
#include "tst_load_data.moc"
