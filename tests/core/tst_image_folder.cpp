#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "data/image_cache.h"
#include "data/image_files.h"
#include "data/load_data.h"
#include "data/sources.h"
#include "image_bytes.h"

using namespace frostline;

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kPlenty = 1 << 30;
#ifdef __SANITIZE_ADDRESS__
constexpr bool kKeepsFreedMemory = true;
#else
constexpr bool kKeepsFreedMemory = false;
#endif

void write(const fs::path& file, const QByteArray& bytes)
{
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary).write(bytes.constData(), bytes.size());
}

/// An image of one value.
QByteArray image(int value, quint32 width = 6, quint32 height = 4)
{
    return image_bytes::plainPng(width, height, QByteArray(3, static_cast<char>(value)));
}

/// Two classes, ant and bee, of `count` images whose values count up through both.
void writeClasses(const fs::path& folder, int count, int firstValue)
{
    for (const auto* name : {"ant", "bee"}) {
        for (int i = 0; i < count; ++i)
            write(folder / name / (std::to_string(i) + ".png"), image(firstValue++));
    }
}

/// Memory that this process holds.
std::int64_t residentBytes()
{
    std::int64_t all = 0;
    std::int64_t resident = 0;
    std::ifstream("/proc/self/statm") >> all >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

struct Log {
    std::vector<std::string> warnings;
    LogSink sink()
    {
        return [this](LogLevel level, const std::string& message) {
            if (level == LogLevel::Warning)
                warnings.push_back(message);
        };
    }
};

} // namespace

class TestImageFolder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_recipe = {};
        m_recipe.source = "image_folder";
        m_recipe.path = root().string();
        m_recipe.inputSize = {8, 10};
        m_recipe.validation.from = ValidationRecipe::From::Train;
    }
    void foldersAreClasses()
    {
        write(root() / "bee/2.png", image(4));
        write(root() / "bee/10.PNG", image(3));
        write(root() / "bee/deep/er/1.png", image(5));
        write(root() / "Wasp/a.png", image(1));
        write(root() / "ant/a.jpeg", image_bytes::busyJpeg(20, 10));
        write(root() / "ant/.hidden.png", image(9));
        write(root() / "ant/notes.txt", "no image");
        write(root() / ".git/x.png", image(9));
        write(root() / "labels.csv", "no image");
        const auto data = readImageFolder(root(), m_recipe);
        QVERIFY2(data, data ? "" : data.error().message.c_str());
        const auto& train = data->train;
        QCOMPARE(train.classNames, (std::vector<std::string>{"Wasp", "ant", "bee"}));
        QCOMPARE(train.origins, (std::vector<std::string>{"Wasp/a.png", "ant/a.jpeg", "bee/10.PNG",
                                                          "bee/2.png", "bee/deep/er/1.png"}));
        QCOMPARE(train.labels, (std::vector<std::int64_t>{0, 1, 2, 2, 2}));
        QCOMPARE(train.channels, 3);
        QCOMPARE(train.height, 8);
        QCOMPARE(train.width, 10);
        QVERIFY(train.pixels.empty());
        QVERIFY(!data->test && !data->validation);
    }
    void foldersAreSplits_data()
    {
        QTest::addColumn<QString>("validation");
        for (const auto* name : {"val", "valid", "validation"})
            QTest::newRow(name) << name;
    }
    void foldersAreSplits()
    {
        QFETCH(QString, validation);
        writeClasses(root() / "train", 3, 10);
        writeClasses(root() / validation.toStdString(), 2, 20);
        write(root() / "test/bee/x.png", image(30));
        m_recipe.validation.from = ValidationRecipe::From::Test;
        const auto splits = loadData(m_recipe, 1, {});
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        QCOMPARE(splits->train.size(), std::int64_t{6});
        QCOMPARE(splits->train.image(5)[0], std::uint8_t{15});
        QCOMPARE(splits->validation.size(), std::int64_t{4});
        QCOMPARE(splits->validation.image(0)[0], std::uint8_t{20});
        QCOMPARE(splits->test.size(), std::int64_t{1});
        // By name, not by place: there is no ant in this split.
        QCOMPARE(splits->test.labels[0], std::int64_t{1});
        QCOMPARE(splits->test.origins[0], std::string("test/bee/x.png"));
    }
    void aClassMayBeCalledTrain()
    {
        write(root() / "train/a.png", image(1));
        write(root() / "plane/a.png", image(2));
        const auto data = readImageFolder(root(), m_recipe);
        QVERIFY(data);
        QCOMPARE(data->train.classNames, (std::vector<std::string>{"plane", "train"}));
    }
    void whatIsPickedKeepsItsPixels()
    {
        writeClasses(root(), 20, 100);
        m_recipe.classes = {"bee", "ant"};
        m_recipe.trainLimit = 5;
        m_recipe.validation.fraction = 0.25;
        const auto splits = loadData(m_recipe, 1, {});
        QVERIFY2(splits, splits ? "" : splits.error().message.c_str());
        QCOMPARE(splits->train.classCounts(), (std::vector<std::int64_t>{5, 5}));
        QCOMPARE(splits->validation.size(), std::int64_t{10});
        for (const auto* set : {&splits->train, &splits->validation}) {
            QVERIFY(!set->stream);
            for (std::int64_t i = 0; i < set->size(); ++i) {
                const fs::path origin = set->origins[static_cast<std::size_t>(i)];
                const bool isBee = origin.parent_path() == "bee";
                QCOMPARE(set->labels[static_cast<std::size_t>(i)], isBee ? 0 : 1);
                const int value = 100 + (isBee ? 20 : 0) + std::stoi(origin.stem().string());
                for (const auto byte : set->image(i))
                    QCOMPARE(int{byte}, value);
            }
        }
    }
    void beyondTheBudgetImagesAreStreamed()
    {
        writeClasses(root(), 3, 50);
        write(root() / "bee/3.jpg", image_bytes::busyJpeg(31, 17));
        auto data = readImageFolder(root(), m_recipe);
        QVERIFY(data);
        auto held = data->train;
        QCOMPARE(*holdImages(held, {kPlenty, false, {}}), std::int64_t{7 * 3 * 8 * 10});
        auto streamed = data->train;
        QCOMPARE(*holdImages(streamed, {7 * 3 * 8 * 10 - 1, false, {}}), std::int64_t{0});
        QVERIFY(streamed.pixels.empty());
        const auto picked = subset(streamed, {6, 0, 3});
        std::vector<std::uint8_t> pixels(held.sampleSize());
        for (const auto& [from, to] : {std::pair{0, 6}, {1, 0}, {2, 3}}) {
            QVERIFY(picked.stream->read(from, pixels));
            QVERIFY(std::ranges::equal(pixels, held.image(to)));
        }
    }
    void oneSizeNeedsNoInputSize()
    {
        m_recipe.inputSize.clear();
        writeClasses(root(), 2, 1);
        const auto splits = loadData(m_recipe, 1, {});
        QVERIFY(!splits);
        QVERIFY(splits.error().message.find("for validation") != std::string::npos);
        m_recipe.validation.fraction = 0.5;
        const auto half = loadData(m_recipe, 1, {});
        QVERIFY2(half, half ? "" : half.error().message.c_str());
        QCOMPARE(half->train.height, 4);
        QCOMPARE(half->train.width, 6);
        write(root() / "bee/9.png", image(1, 7, 5));
        refuses("/data/input_size: is missing, and the images of");
        refuses("ant/0.png has 6x4 pixels, ");
        refuses("bee/9.png has 7x5 pixels");
    }
    void badFoldersAreNamed_data()
    {
        QTest::addColumn<QString>("breakage");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << "nothing"
                                 << "has no sub-folders; expected one for each class";
        QTest::newRow("images alone") << "flat"
                                      << "has no sub-folders; expected one for each class";
        QTest::newRow("empty class")
            << "empty"
            << "/cow: has no image file (.jpg, .jpeg, .png); a class needs at least one";
        QTest::newRow("empty class of a split")
            << "empty split"
            << "/val/cow: there is no such class among those for training";
        QTest::newRow("two for validation") << "two"
                                            << "has both val and valid";
        QTest::newRow("no validation") << "no validation"
                                       << "/data/validation: the data have no test split";
        QTest::newRow("too deep") << "deep"
                                  << "lies more than 8 folders below its class";
        QTest::newRow("two values for three channels")
            << "normalize"
            << "/data/normalize: has 2 values, the images have 3 channels";
    }
    void badFoldersAreNamed()
    {
        QFETCH(QString, breakage);
        QFETCH(QString, says);
        if (breakage != QLatin1String("nothing") && breakage != QLatin1String("flat"))
            writeClasses(root() /
                             (breakage.contains(QStringLiteral("split")) || breakage == QLatin1String("two")
                                  ? "train"
                                  : ""),
                         20, 1);
        if (breakage == QLatin1String("flat"))
            write(root() / "a.png", image(1));
        else if (breakage == QLatin1String("empty"))
            write(root() / "cow/readme.txt", "x");
        else if (breakage == QLatin1String("empty split"))
            write(root() / "val/cow/readme.txt", "x");
        else if (breakage == QLatin1String("two"))
            fs::create_directories(root() / "val"), fs::create_directories(root() / "valid");
        else if (breakage == QLatin1String("no validation"))
            m_recipe.validation.from = ValidationRecipe::From::Test;
        else if (breakage == QLatin1String("deep"))
            writeDeep(9);
        else if (breakage == QLatin1String("normalize"))
            m_recipe.mean = m_recipe.deviation = {0.5, 0.5};
        refuses(says.toUtf8().constData());
    }
    void linksAreFollowedOnce()
    {
        writeClasses(root() / "data", 2, 1);
        writeClasses(root() / "elsewhere", 1, 5);
        const auto data = root() / "data";
        fs::create_directory_symlink("..", data / "ant/up");
        fs::create_directory_symlink(".", data / "ant/self");
        fs::create_directory_symlink(root() / "elsewhere/ant", data / "ant/more");
        fs::create_directory_symlink(root() / "elsewhere/ant", data / "ant/more again");
        fs::create_symlink("turns", data / "bee/turn");
        fs::create_symlink("turn", data / "bee/turns");
        fs::create_symlink(root() / "elsewhere/bee/0.png", data / "bee/linked.png");
        ::mkfifo((data / "bee/pipe.png").c_str(), 0600);
        const auto read = readImageFolder(data, m_recipe);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->train.origins, (std::vector<std::string>{"ant/0.png", "ant/1.png", "ant/more/0.png",
                                                                "bee/0.png", "bee/1.png", "bee/linked.png"}));
    }
    void damagedImagesAreErrors_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        const auto jpeg = image_bytes::busyJpeg(32, 32);
        QTest::newRow("empty") << QByteArray("") << "is empty, 0 bytes";
        QTest::newRow("text") << QByteArray("not an image") << "is not an image";
        QTest::newRow("cut") << jpeg.first(jpeg.size() / 2) << "is cut short";
    }
    void damagedImagesAreErrors()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        writeClasses(root(), 20, 1);
        write(root() / "bee/5.png", content);
        refuses((root() / "bee/5.png").c_str());
        refuses(says.toUtf8().constData());
        refuses(R"("damaged": "skip" in /data leaves such files out)");
    }
    void linksThatLeadNowhereAndLockedFilesAreErrors()
    {
        writeClasses(root(), 20, 1);
        fs::create_symlink("gone.png", root() / "ant/link.png");
        refuses("ant/link.png: No such file or directory");
        fs::remove(root() / "ant/link.png");
        if (::geteuid() == 0)
            QSKIP("root may read every file");
        fs::permissions(root() / "ant/3.png", fs::perms::none);
        refuses("ant/3.png: Permission denied");
    }
    void damagedImagesCanBeLeftOut_data()
    {
        QTest::addColumn<qint64>("budget");
        QTest::newRow("in memory") << qint64{kPlenty};
        QTest::newRow("streamed") << qint64{0};
    }
    void damagedImagesCanBeLeftOut()
    {
        QFETCH(qint64, budget);
        writeClasses(root(), 10, 1);
        for (int i = 2; i < 9; ++i)
            write(root() / "ant" / (std::to_string(i) + ".png"), "x");
        // Its header is sound.
        const auto jpeg = image_bytes::busyJpeg(64, 64);
        write(root() / "bee/0.png", jpeg.first(jpeg.size() / 2));
        auto data = readImageFolder(root(), m_recipe);
        QVERIFY(data);
        Log log;
        QVERIFY(holdImages(data->train, {budget, true, log.sink()}));
        const auto& train = data->train;
        QCOMPARE(train.classCounts(), (std::vector<std::int64_t>{3, 9}));
        QCOMPARE(train.origins.size(), std::size_t{12});
        QCOMPARE(train.origins[2], std::string("ant/9.png"));
        std::vector<std::uint8_t> pixels(train.sampleSize());
        for (std::int64_t i = 0; i < train.size(); ++i) {
            const fs::path origin = train.origins[static_cast<std::size_t>(i)];
            if (train.stream)
                QVERIFY(train.stream->read(i, pixels));
            const int value = train.stream ? pixels.back() : train.image(i).back();
            QCOMPARE(value, 1 + std::stoi(origin.stem().string()) + (origin.parent_path() == "bee" ? 10 : 0));
        }
        QCOMPARE(train.pixels.size(), train.stream ? 0 : train.sampleSize() * 12);
        QCOMPARE(log.warnings.size(), std::size_t{8});
        QVERIFY(log.warnings[0].find("left out: " + (root() / "ant/2.png").string()) == 0);
    }
    void allDamagedIsAnError()
    {
        for (const auto* name : {"ant/0.png", "ant/1.png", "bee/0.png"})
            write(root() / name, "x");
        m_recipe.skipDamaged = true;
        m_recipe.validation.fraction = 0.4;
        refuses("all files of class \"ant\" are damaged; the first that was left out: ");
    }
    void aClassMayNotLoseAllItsImages()
    {
        writeClasses(root() / "train", 2, 1);
        writeClasses(root() / "val", 1, 5);
        write(root() / "val/ant/0.png", "x");
        m_recipe.validation.from = ValidationRecipe::From::Test;
        m_recipe.skipDamaged = true;
        QVERIFY(loadData(m_recipe, 1, {}));
        for (const auto* name : {"train/bee/0.png", "train/bee/1.png"})
            write(root() / name, "x");
        refuses("all files of class \"bee\" are damaged; the first that was left out: ");
    }
    void largeImagesLeaveNoMemoryBehind()
    {
        if (kKeepsFreedMemory)
            QSKIP("the sanitizer keeps freed memory");
        write(root() / "ant/0.png", image(1, 4000, 3000));
        const ImageFiles files(root(), {"ant/0.png"}, {8, 10});
        std::vector<std::uint8_t> pixels(3 * 8 * 10);
        const auto before = residentBytes();
        QVERIFY(files.read(0, pixels));
        QVERIFY2(residentBytes() - before < 24'000'000, std::to_string(residentBytes() - before).c_str());
    }
    /// A file that is no image is not read a second time for its header.
    void sizesOfWhatIsNoImageAreErrors()
    {
        write(root() / "ant/0.png", QByteArray(1, 'x'));
        fs::resize_file(root() / "ant/0.png", 1 << 30);
        const ImageFiles files(root(), {"ant/0.png"}, {8, 10});
        const auto before = residentBytes();
        const auto size = files.storedSize(0);
        QVERIFY(!size);
        QVERIFY2(size.error().message.ends_with("expected JPEG or PNG, whose first bytes differ from these"),
                 size.error().message.c_str());
        QVERIFY(residentBytes() - before < 24'000'000);
    }
    void aStreamNamesWhatIsDamagedLater()
    {
        writeClasses(root(), 2, 1);
        const auto jpeg = image_bytes::busyJpeg(64, 64);
        write(root() / "ant/0.png", jpeg.first(jpeg.size() / 2));
        auto data = readImageFolder(root(), m_recipe);
        QVERIFY(data && holdImages(data->train, {0, false, {}}));
        std::vector<std::uint8_t> pixels(data->train.sampleSize());
        const auto read = data->train.stream->read(0, pixels);
        QVERIFY(!read);
        QVERIFY(read.error().message.starts_with((root() / "ant/0.png").string() + ": is cut short"));
        QVERIFY(data->train.stream->read(1, pixels));
    }

private:
    fs::path root() const { return m_folder->path().toStdString(); }

    void writeDeep(int folders) const
    {
        auto folder = root() / "ant";
        for (int i = 0; i < folders; ++i)
            folder /= "x";
        write(folder / "a.png", image(1));
    }

    void refuses(const char* says) const
    {
        const auto data = loadData(m_recipe, 1, {});
        QVERIFY(!data);
        QVERIFY2(data.error().message.find(says) != std::string::npos, data.error().message.c_str());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    DataRecipe m_recipe;
};

QTEST_APPLESS_MAIN(TestImageFolder)
#include "tst_image_folder.moc"
