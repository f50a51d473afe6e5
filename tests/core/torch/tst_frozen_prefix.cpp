#include <QTemporaryDir>
#include <QTest>

#include <torch/types.h>

#include <numeric>

#include "model/architectures/architecture.h"
#include "model/layer_changes.h"
#include "training/frozen_prefix.h"

using namespace frostline;

namespace {

constexpr std::int64_t kImages = 70;

DataSet someImages(int seed)
{
    DataSet set;
    set.height = set.width = 12;
    set.classNames = {"a", "b"};
    set.pixels.resize(static_cast<std::size_t>(kImages) * set.sampleSize());
    for (std::size_t i = 0; i < set.pixels.size(); ++i)
        set.pixels[i] = static_cast<std::uint8_t>(i * i * 31 + i / 7 + static_cast<std::size_t>(seed));
    set.labels.assign(kImages, 1);
    return set;
}

/// Networks, images and a prefix over both; everything below `line` frozen.
struct Scene {
    Recipe recipe;
    DataSet train = someImages(1);
    DataSet validation = someImages(2);
    BatchFeed trainFeed{train, {0.5}, {0.5}, torch::kCPU};
    BatchFeed validationFeed{validation, {0.5}, {0.5}, torch::kCPU};
    std::unique_ptr<Network> network;
    std::shared_ptr<FeatureCache> cache;
    std::unique_ptr<FrozenPrefix> prefix;

    explicit Scene(std::int64_t batchSize = 12, std::shared_ptr<FeatureCache> shared = nullptr)
    {
        recipe.batchSize = batchSize;
        recipe.model.architecture = "convnet";
        recipe.model.options.widths = {4, 6, 8};
        network = std::move(*buildNetwork(recipe.model, {1, 12, 12}, 2, 1));
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
