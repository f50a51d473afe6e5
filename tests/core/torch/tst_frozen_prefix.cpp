#include <QTemporaryDir>
#include <QTest>

#include <torch/types.h>

#include <atomic>
#include <numeric>

#include "model/architectures/architecture.h"
#include "model/layer_changes.h"
#include "training/frozen_prefix.h"

using namespace frostline;

namespace {

constexpr std::int64_t kImages = 70;

DataSet someImages(int seed, int side = 12)
{
    DataSet set;
    set.height = set.width = side;
    set.classNames = {"a", "b"};
    set.pixels.resize(static_cast<std::size_t>(kImages) * set.sampleSize());
    for (std::size_t i = 0; i < set.pixels.size(); ++i)
        set.pixels[i] = static_cast<std::uint8_t>(i * i * 31 + i / 7 + static_cast<std::size_t>(seed));
    set.labels.assign(kImages, 1);
    return set;
}

/// Images of memory that count how often they are read.
class CountingStream final : public ImageStream {
public:
    explicit CountingStream(DataSet set) : m_set(std::move(set)) {}
    Status read(std::int64_t index, std::span<std::uint8_t> pixels) const override
    {
        ++m_reads;
        std::ranges::copy(m_set.image(index), pixels.begin());
        return {};
    }
    std::filesystem::path file(std::int64_t) const override { return {}; }
    std::shared_ptr<const ImageStream> subset(const std::vector<std::int64_t>&) const override { return {}; }
    int reads() const { return m_reads; }

private:
    DataSet m_set;
    mutable std::atomic<int> m_reads = 0;
};

/// Networks, images and a prefix over both; everything below `line` frozen.
struct Scene {
    Recipe recipe;
    DataSet train = someImages(1);
    DataSet validation = someImages(2);
    BatchFeed trainFeed{SamplePreparer(train), {0.5}, {0.5}, torch::kCPU};
    BatchFeed validationFeed{SamplePreparer(validation), {0.5}, {0.5}, torch::kCPU};
    std::unique_ptr<Network> network;
    std::shared_ptr<FeatureCache> cache;
    std::unique_ptr<FrozenPrefix> prefix;

    explicit Scene(std::int64_t batchSize = 12, std::shared_ptr<FeatureCache> shared = nullptr)
    {
        recipe.batchSize = batchSize;
        recipe.model.architecture = "convnet";
        recipe.model.options.widths = {4, 6, 8};
        network = std::move(*buildNetwork(recipe.model, {1, 12, 12}, {2}, 1));
        network->describe({1, 12, 12});
        cache = shared ? shared
                       : std::make_shared<FeatureCache>(FeatureOptions{true, std::int64_t{1} << 30, -1, {}});
        prefix = std::make_unique<FrozenPrefix>(*network, FrozenPrefix::Feeds{&trainFeed, &validationFeed},
                                                recipe, cache, LogSink{});
    }
    torch::Tensor forward(const std::vector<std::int64_t>& samples, std::size_t count)
    {
        return prefix->forward(FeatureCache::Train, samples, count);
    }
    std::int64_t kept(int line) const
    {
        const auto* level = cache->find(line);
        const auto* store = level ? level->stores[FeatureCache::Train].get() : nullptr;
        return store ? store->rowsThere() : 0;
    }
};

std::vector<std::int64_t> all()
{
    std::vector<std::int64_t> samples(kImages);
    std::iota(samples.begin(), samples.end(), std::int64_t{0});
    return samples;
}

} // namespace

class TestFrozenPrefix : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void featuresDoNotDependOnTheBatch()
    {
        Scene scene;
        scene.prefix->layersChanged(2);
        const auto order = all();
        const auto whole = scene.prefix->compute(FeatureCache::Train, order);
        for (const std::int64_t sample : {0, 13, 69}) {
            const auto alone = scene.prefix->compute(FeatureCache::Train, std::vector{sample});
            QVERIFY(torch::equal(alone[0], whole[sample]));
            QVERIFY(torch::equal(scene.forward({sample}, 1)[0], whole[sample]));
        }
    }
    void featuresDoNotDependOnTheBatchInAnyFamily_data()
    {
        QTest::addColumn<QByteArray>("architecture");
        for (const auto* name :
             {"mlp", "convnet", "resnet18", "resnet50", "vgg11", "vgg11_bn", "mobilenet_v2",
              "mobilenet_v3_small", "mobilenet_v3_large", "xception", "yamnet", "autoencoder"})
            QTest::newRow(name) << QByteArray(name);
    }
    /// From every line that can be: a sample alone, among others, and in another place.
    void featuresDoNotDependOnTheBatchInAnyFamily()
    {
        QFETCH(QByteArray, architecture);
        const auto images = someImages(1, 32);
        const BatchFeed feed(SamplePreparer(images), {0.5}, {0.5}, torch::kCPU);
        Recipe recipe;
        recipe.batchSize = 12; // 32 rows a pass
        recipe.model.architecture = architecture.toStdString();
        const OutputSpec outputs{.values = 2, .isImage = architecture == "autoencoder"};
        const auto network = std::move(*buildNetwork(recipe.model, {1, 32, 32}, outputs, 1));
        network->describe({1, 32, 32});
        const auto cache = std::make_shared<FeatureCache>(FeatureOptions{});
        FrozenPrefix prefix(*network, {&feed, &feed}, recipe, cache, {});
        auto some = all();
        some.resize(12);
        const auto reversed = std::vector(some.rbegin(), some.rend());
        for (int line = network->stageCount() - 1; line > 0; line -= 4) {
            prefix.layersChanged(line);
            const auto whole = prefix.compute(FeatureCache::Train, some);
            QVERIFY(torch::equal(prefix.compute(FeatureCache::Train, reversed).flip(0), whole));
            QVERIFY(torch::equal(prefix.compute(FeatureCache::Train, std::vector{some[5]})[0], whole[5]));
        }
    }
    void passesAreFilledWithSamplesToCome()
    {
        Scene scene(12); // 32 rows a pass
        scene.prefix->layersChanged(1);
        scene.forward(all(), 12);
        QCOMPARE(scene.kept(1), 32);
        QVERIFY(scene.prefix->hasComputed());
        const auto next = all();
        scene.prefix->forward(FeatureCache::Train, std::span(next).subspan(12), 12);
        QVERIFY2(!scene.prefix->hasComputed(), "what was there was computed again");
    }
    void lineThatGoesUpIsComputedFromBelow()
    {
        Scene scene;
        scene.prefix->layersChanged(1);
        scene.forward(all(), kImages);
        scene.prefix->layersChanged(2);
        const double before = scene.network->secondsPerRow(0);
        const auto moved = scene.forward(all(), kImages);
        QCOMPARE(scene.network->secondsPerRow(0), before); // Not run again.
        QVERIFY(torch::equal(moved, scene.prefix->compute(FeatureCache::Train, all())));
    }
    void thawDropsWhatIsAboveTheLine()
    {
        Scene scene;
        scene.prefix->layersChanged(2);
        scene.forward(all(), 12);
        scene.prefix->layersChanged(1);
        scene.forward(all(), 12);
        QCOMPARE(scene.kept(2), 0);
        QVERIFY(scene.kept(1) > 0);
    }
    void otherWeightsMakeOtherFeatures()
    {
        Scene scene;
        scene.prefix->layersChanged(1);
        const auto before = scene.forward(all(), 12).clone();
        {
            const torch::NoGradGuard guard;
            scene.network->state(1).front().tensor[0][0][0][0] += 0.5;
        }
        scene.prefix->layersChanged(1);
        const auto after = scene.forward(all(), 12);
        QVERIFY(!torch::equal(before, after));
        const auto samples = all();
        QVERIFY(
            torch::equal(after, scene.prefix->compute(FeatureCache::Train, std::span(samples).first(12))));
    }
    void sameWeightsKeepThem()
    {
        Scene scene;
        scene.prefix->layersChanged(1);
        scene.forward(all(), 12);
        scene.prefix->layersChanged(1);
        scene.forward(all(), 12);
        QVERIFY(!scene.prefix->hasComputed());
    }
    void anotherRunTakesThemOver()
    {
        Scene first;
        first.prefix->layersChanged(2);
        first.forward(all(), kImages);
        Scene same(12, first.cache);
        same.prefix->layersChanged(2);
        same.forward(all(), kImages);
        QVERIFY(!same.prefix->hasComputed());
        Scene otherBatch(40, first.cache); // Passes of other lengths.
        otherBatch.prefix->layersChanged(2);
        otherBatch.forward(all(), 12);
        QVERIFY(otherBatch.prefix->hasComputed());
    }
    void imagesReadAheadAreReadOnce_data()
    {
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("reads");
        QTest::newRow("nothing frozen") << 0 << static_cast<int>(kImages);
        // One pass is made twice: whether features depend on their place is tried out.
        QTest::newRow("frozen") << 1 << static_cast<int>(kImages) + 32;
    }
    /// What is announced is what is asked for next, or it would have been read for nothing.
    void imagesReadAheadAreReadOnce()
    {
        QFETCH(int, line);
        QFETCH(int, reads);
        Scene scene;
        const auto stream = std::make_shared<CountingStream>(scene.train);
        auto streamed = scene.train;
        streamed.pixels.clear();
        streamed.stream = stream;
        const BatchFeed feed(SamplePreparer(streamed), {0.5}, {0.5}, torch::kCPU);
        FrozenPrefix prefix(*scene.network, {&feed, &scene.validationFeed}, scene.recipe, scene.cache, {});
        prefix.layersChanged(line);
        scene.prefix->layersChanged(line);
        const auto order = all();
        for (std::size_t from = 0; from < order.size(); from += 12) {
            const auto rest = std::span(order).subspan(from);
            const auto count = std::min<std::size_t>(12, rest.size());
            const auto plain = scene.prefix->compute(FeatureCache::Train, rest.first(count));
            QVERIFY(torch::equal(prefix.forward(FeatureCache::Train, rest, count), plain));
        }
        QCOMPARE(stream->reads(), reads);
    }
    void nothingIsKeptOfAnUnfrozenNetwork()
    {
        Scene scene;
        scene.prefix->layersChanged(0);
        QCOMPARE(scene.forward(all(), 12).size(0), 12);
        QVERIFY(scene.cache->levels().empty());
        QCOMPARE(scene.prefix->report().line, 0);
    }
};

QTEST_APPLESS_MAIN(TestFrozenPrefix)
#include "tst_frozen_prefix.moc"
