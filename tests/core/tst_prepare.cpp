#include <QTest>

#include <atomic>
#include <chrono>
#include <numeric>
#include <thread>

#include "base/sha256.h"
#include "data/batch_preparer.h"

using namespace frostline;

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t kSamples = 40;

DataSet images(int channels = 3, int height = 8, int width = 6)
{
    DataSet set;
    set.channels = channels;
    set.height = height;
    set.width = width;
    set.pixels.resize(kSamples * set.sampleSize());
    for (std::size_t i = 0; i < set.pixels.size(); ++i)
        set.pixels[i] = static_cast<std::uint8_t>(i * i * 31 + i / 7);
    set.labels.assign(kSamples, 0);
    set.classNames = {"all"};
    return set;
}

DataSet patches(int channels = 1)
{
    DataSet set;
    set.channels = channels;
    set.height = 12;
    set.width = 8;
    set.values.resize(kSamples * set.sampleSize());
    std::iota(set.values.begin(), set.values.end(), 0.0f);
    set.labels.assign(kSamples, 0);
    set.classNames = {"all"};
    return set;
}

/// The images of a set, read when they are asked for; some cannot be.
class Stream final : public ImageStream {
public:
    explicit Stream(DataSet set, std::vector<std::int64_t> damaged = {})
        : m_set(std::move(set)),
          m_damaged(std::move(damaged))
    {
    }
    Status read(std::int64_t index, std::span<std::uint8_t> pixels) const override
    {
        if (std::ranges::count(m_damaged, index) > 0)
            return badInput("image " + std::to_string(index) + " is damaged");
        std::ranges::copy(m_set.image(index), pixels.begin());
        return {};
    }
    std::filesystem::path file(std::int64_t) const override { return {}; }
    std::shared_ptr<const ImageStream> subset(const std::vector<std::int64_t>&) const override { return {}; }

private:
    DataSet m_set;
    std::vector<std::int64_t> m_damaged;
};

/// Counts how often it is read.
class SlowStream final : public ImageStream {
public:
    explicit SlowStream(std::shared_ptr<std::atomic<int>> reads) : m_reads(std::move(reads)) {}
    Status read(std::int64_t, std::span<std::uint8_t>) const override
    {
        ++*m_reads;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return {};
    }
    std::filesystem::path file(std::int64_t) const override { return {}; }
    std::shared_ptr<const ImageStream> subset(const std::vector<std::int64_t>&) const override { return {}; }

private:
    std::shared_ptr<std::atomic<int>> m_reads;
};

DataSet streamed(DataSet set, std::vector<std::int64_t> damaged = {})
{
    auto result = set;
    result.pixels.clear();
    result.stream = std::make_shared<Stream>(std::move(set), std::move(damaged));
    return result;
}

DataRecipe augmented(int views = 0)
{
    DataRecipe recipe;
    recipe.inputSize = {10, 10};
    recipe.augment.smallestCrop = 0.5;
    recipe.augment.flip = 0.5;
    recipe.augment.shift = 2;
    recipe.augment.hue = 0.1;
    recipe.augment.views = views;
    return recipe;
}

Bytes imageOf(const SamplePreparer& samples, std::int64_t sample)
{
    Bytes image(samples.sampleSize());
    SamplePreparer::Scratch scratch;
    if (!samples.image(sample, image, scratch))
        return {};
    return image;
}

std::string keyOf(const SamplePreparer& samples)
{
    Sha256 sum;
    samples.addTo(sum);
    return sum.finish();
}

} // namespace

class TestPrepare : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void plainSamplesAreAsStored()
    {
        const auto set = images();
        const SamplePreparer samples(set);
        QVERIFY(samples.isPlain());
        QVERIFY(!samples.isEndless());
        QCOMPARE(samples.rounds(), 1);
        const auto stored = set.image(7);
        QCOMPARE(imageOf(samples, 7), Bytes(stored.begin(), stored.end()));
        const auto stream = streamed(set);
        const SamplePreparer read(stream);
        QVERIFY(!read.isPlain());
        QCOMPARE(imageOf(read, 7), imageOf(samples, 7));
    }
    void imagesComeInTheInputSize()
    {
        const auto set = images();
        const SamplePreparer samples(set, {4, 3});
        QVERIFY(!samples.isPlain());
        QCOMPARE(samples.sampleSize(), 36U);
        const auto image = imageOf(samples, 2);
        const auto stored = set.image(2);
        Bytes expected(12);
        Resizer::Scratch scratch;
        Resizer(8, 6, 4, 3).apply(stored.last(48), expected, scratch);
        QCOMPARE(Bytes(image.end() - 12, image.end()), expected);
        QVERIFY(SamplePreparer(set, {8, 6}).isPlain());
    }
    void cropIsCutOutAndResized()
    {
        auto set = images(1, 6, 6);
        DataRecipe recipe;
        recipe.augment.smallestCrop = 0.3;
        recipe.inputSize = {3, 3};
        const SamplePreparer samples(set, recipe, 1);
        Resizer::Scratch scratch;
        for (std::int64_t i = 0; i < kSamples; ++i) {
            RandomStream random(
                streamSeed(streamSeed(1, Purpose::Augment), Purpose::Augment, static_cast<std::uint64_t>(i)));
            const auto box = randomCrop(random, 6, 6, 0.3);
            Bytes crop;
            for (int y = box.top; y < box.top + box.height; ++y) {
                for (int x = box.left; x < box.left + box.width; ++x)
                    crop.push_back(set.image(i)[static_cast<std::size_t>(y * 6 + x)]);
            }
            Bytes expected(9);
            Resizer(box.height, box.width, 3, 3).apply(crop, expected, scratch);
            QCOMPARE(imageOf(samples, i), expected);
        }
        // A plain image stays plain wherever it is cut.
        std::ranges::fill(set.pixels, std::uint8_t{77});
        recipe.augment.smallestCrop = 0.1;
        QCOMPARE(imageOf(SamplePreparer(set, recipe, 1), 3), Bytes(9, 77));
    }
    void variantsFollowFromSeedRoundAndSample()
    {
        const auto set = images();
        const SamplePreparer samples(set, augmented(), 5);
        QVERIFY(samples.isEndless());
        const auto first = imageOf(samples, 3);
        QCOMPARE(imageOf(SamplePreparer(set, augmented(), 5), 3), first);
        QVERIFY(imageOf(samples, kSamples + 3) != first);
        QVERIFY(imageOf(SamplePreparer(set, augmented(), 6), 3) != first);
        QCOMPARE(*augmentedImage(set, augmented(), 5, 0, 3), first);
        QCOMPARE(*augmentedImage(set, augmented(), 5, 9, 3), imageOf(samples, 9 * kSamples + 3));
        const SamplePreparer views(set, augmented(3), 5);
        QVERIFY(!views.isEndless());
        QCOMPARE(views.rounds(), 3);
        QCOMPARE(imageOf(views, 3), first);
        const auto other = streamed(set);
        QCOMPARE(imageOf(SamplePreparer(other, augmented(), 5), 3), first);
    }
    void soundIsMasked()
    {
        const auto set = patches();
        DataRecipe recipe;
        recipe.augment.timeMask = 6;
        std::vector<float> plain(set.sampleSize());
        SamplePreparer(set).values(4, plain);
        QVERIFY(std::ranges::equal(plain, set.valuesOf(4)));
        const SamplePreparer samples(set, recipe, 1);
        std::vector<float> masked(set.sampleSize());
        int changed = 0;
        for (std::int64_t round = 0; round < 20; ++round) {
            samples.values(round * kSamples + 4, masked);
            changed += masked == plain ? 0 : 1;
        }
        QVERIFY(changed > 10 && changed < 20); // A mask of no frame is drawn, too.
    }
    void keyTellsWhatMakesADifference()
    {
        const auto set = images();
        const auto plain = keyOf(SamplePreparer(set));
        QCOMPARE(keyOf(SamplePreparer(set)), plain);
        QCOMPARE(keyOf(SamplePreparer(set, DataRecipe{}, 9)), plain); // A seed that nothing is drawn from.
        QVERIFY(keyOf(SamplePreparer(set, {4, 4})) != plain);
        const auto first = keyOf(SamplePreparer(set, augmented(), 1));
        QVERIFY(first != keyOf(SamplePreparer(set, augmented(), 2)));
        QVERIFY(first != keyOf(SamplePreparer(set, augmented(2), 1)));
        auto other = set;
        other.pixels[5] ^= 1;
        QVERIFY(keyOf(SamplePreparer(other)) != plain);
    }
    void batchesAreThoseOfSingleImages_data()
    {
        QTest::addColumn<bool>("announced");
        QTest::newRow("announced") << true;
        QTest::newRow("not announced") << false;
    }
    void batchesAreThoseOfSingleImages()
    {
        QFETCH(bool, announced);
        const auto set = streamed(images());
        const SamplePreparer samples(set, augmented(), 5);
        BatchPreparer batches(samples);
        std::vector<std::int64_t> order(3 * kSamples);
        std::iota(order.begin(), order.end(), std::int64_t{0});
        const std::span all(order);
        for (std::size_t from = 0; from < all.size(); from += 30) {
            const auto batch = batches.take(all.subspan(from, 30));
            if (announced)
                batches.announce(all.subspan(from + 30, std::min<std::size_t>(30, all.size() - from - 30)));
            for (std::size_t i = 0; i < 30; ++i) {
                const auto* image = batch.get() + i * samples.sampleSize();
                QCOMPARE(Bytes(image, image + samples.sampleSize()), imageOf(samples, order[from + i]));
            }
        }
    }
    void anotherBatchThanAnnouncedComesFirst()
    {
        const auto set = streamed(images());
        const SamplePreparer samples(set);
        BatchPreparer batches(samples);
        const std::vector<std::int64_t> first{1, 2, 3};
        const std::vector<std::int64_t> second{4, 5};
        for (int i = 0; i < 200; ++i) {
            batches.announce(second);
            const auto unexpected = batches.take(first);
            QCOMPARE(unexpected[0], imageOf(samples, 1)[0]);
            const auto expected = batches.take(second);
            QCOMPARE(expected[samples.sampleSize()], imageOf(samples, 5)[0]);
            batches.announce(first); // Never taken.
        }
    }
    void whatIsNotWantedAnyMoreIsNotPrepared()
    {
        auto reads = std::make_shared<std::atomic<int>>(0);
        auto set = images();
        set.pixels.clear();
        set.stream = std::make_shared<SlowStream>(reads);
        {
            BatchPreparer batches{SamplePreparer(set)};
            std::vector<std::int64_t> all(1000);
            batches.announce(all);
            while (*reads == 0)
                std::this_thread::yield();
        }
        QVERIFY2(*reads < 500, std::to_string(*reads).c_str());
    }
    void damagedImageIsToldWhereItIsNeeded()
    {
        const auto set = streamed(images(), {6, 9});
        const SamplePreparer samples(set);
        BatchPreparer batches(samples);
        const std::vector<std::int64_t> bad{5, 9, 6, 7};
        const std::vector<std::int64_t> good{1, 2};
        batches.announce(bad);
        QVERIFY(batches.take(good));
        for (int i = 0; i < 2; ++i) {
            try {
                batches.take(bad);
                QFAIL("nothing was thrown");
            } catch (const std::runtime_error& error) {
                QCOMPARE(error.what(), "image 9 is damaged"); // The first in the batch.
            }
        }
        QVERIFY(batches.take(good));
        QVERIFY(!augmentedImage(set, {}, 1, 0, 6));
    }
    void whatDoesNotFitIsRefused_data()
    {
        QTest::addColumn<bool>("sound");
        QTest::addColumn<int>("channels");
        QTest::addColumn<DataRecipe>("recipe");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, bool sound, int channels, auto set, const char* message) {
            DataRecipe recipe;
            set(recipe);
            QTest::newRow(name) << sound << channels << recipe << QString::fromLatin1(message);
        };
        row(
            "flipped sound", true, 1, [](auto& data) { data.augment.flip = 0.5; }, "only go with images");
        row(
            "masked image", false, 3, [](auto& data) { data.augment.timeMask = 2; }, "only go with sound");
        row(
            "masked tensor", true, 3, [](auto& data) { data.augment.timeMask = 2; }, "which has 1 channel");
        row(
            "wide mask", true, 1, [](auto& data) { data.augment.frequencyMask = 9; },
            "which is 8 frequencies");
        row(
            "long mask", true, 1, [](auto& data) { data.augment.timeMask = 13; }, "which is 12 frames");
        row(
            "far shift", false, 3, [](auto& data) { data.augment.shift = 6; }, "take at most 5");
        row(
            "resized sound", true, 1,
            [](auto& data) {
                data.inputSize = {5, 5};
            },
            "only images are resized");
        row(
            "hue of grey", false, 1, [](auto& data) { data.augment.hue = 0.5; },
            "saturation and hue only go with images of 3 channels, and these have 1");
        row(
            "saturation of grey", false, 1, [](auto& data) { data.augment.saturation = 0.5; }, "take flip");
        row(
            "good grey image", false, 1, [](auto& data) { data.augment.brightness = 0.5; }, "");
        row(
            "good image", false, 3, [](auto& data) { data.augment.hue = 0.5; }, "");
        row(
            "good sound", true, 1, [](auto& data) { data.augment.timeMask = 12; }, "");
    }
    void whatDoesNotFitIsRefused()
    {
        QFETCH(bool, sound);
        QFETCH(int, channels);
        QFETCH(DataRecipe, recipe);
        QFETCH(QString, message);
        const auto set = sound ? patches(channels) : images(channels);
        const auto checked = checkPreparation(set, recipe);
        QCOMPARE(checked.has_value(), message.isEmpty());
        if (!checked) {
            const auto text = QString::fromStdString(checked.error().message);
            QVERIFY2(text.startsWith(QStringLiteral("/data/")), qPrintable(text));
            QVERIFY2(text.contains(message), qPrintable(text));
        }
    }
};

QTEST_APPLESS_MAIN(TestPrepare)
#include "tst_prepare.moc"
