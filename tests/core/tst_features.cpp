#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

#include "core/run_witness.h"
#include "fashion_recipe.h"
#include "training/replay.h"
#include "training/run.h"

using namespace frostline;
using tests::at;
using tests::lossesOf;
using tests::Witness;

namespace fs = std::filesystem;

namespace {

std::string headNameOf(const std::string& architecture)
{
    if (architecture == "mobilenet_v3_small")
        return "classifier";
    return architecture == "resnet18" || architecture == "yamnet" ? "fc" : "head";
}

/// 40 images in batches of 12, 12, 12 and 4; only the head trains.
Recipe frozenRecipe(const char* architecture)
{
    auto recipe = tests::fashionRecipe();
    recipe.batchSize = 12;
    recipe.model.architecture = architecture;
    recipe.model.options = {};
    if (architecture == std::string("convnet"))
        recipe.model.options.widths = {8, 16};
    if (architecture == std::string("mlp"))
        recipe.model.options.sizes = {33, 17};
    if (architecture == std::string("resnet18")) {
        recipe.model.options.stem = "small";
        recipe.epochs = 2;
    }
    if (architecture == std::string("mobilenet_v3_small") || architecture == std::string("yamnet"))
        recipe.epochs = 2;
    recipe.layers = {{.match = "*", .trainable = false, .statistics = {}, .rate = {}, .sparsity = {}},
                     {.match = headNameOf(recipe.model.architecture),
                      .trainable = true,
                      .statistics = {},
                      .rate = {},
                      .sparsity = {}}};
    return recipe;
}

Recipe augmentedRecipe(int views)
{
    auto recipe = frozenRecipe("convnet");
    recipe.data.augment.flip = 0.5;
    recipe.data.augment.shift = 3;
    recipe.data.augment.smallestCrop = 0.5;
    recipe.data.augment.brightness = 0.3;
    recipe.data.augment.views = views;
    return recipe;
}

class CostWitness : public Witness {
public:
    FeatureReport last;
    std::int64_t mostInMemory = 0;
    std::int64_t mostInFiles = 0;

    void onCost(const CostReport& cost) override
    {
        last = cost.features;
        mostInMemory = std::max(mostInMemory, last.memoryBytes);
        mostInFiles = std::max(mostInFiles, last.fileBytes);
    }
};

} // namespace

class TestFeatures : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::vector<std::string> m_warnings;

    fs::path cacheFolder() const { return fs::path(m_folder.path().toStdString()) / "features"; }
    FeatureOptions none() const { return {false, -1, -1, cacheFolder()}; }
    FeatureOptions inMemory() const { return {true, 1 << 30, -1, cacheFolder()}; }
    FeatureOptions inFiles() const { return {true, 0, -1, cacheFolder()}; }
    /// Not even one sample's features fit.
    FeatureOptions tooSmall() const { return {true, 1, 1, cacheFolder()}; }

    Session run(const Recipe& recipe, const FeatureOptions& features, std::vector<Intervention> planned,
                CostWitness& witness, std::shared_ptr<FeatureCache> shared = nullptr)
    {
        RunOptions options;
        options.threads = 1;
        options.sessionsFolder = m_folder.path().toStdString();
        options.features = features;
        options.featureCache = std::move(shared);
        options.planned = std::move(planned);
        options.log = [this](LogLevel level, const std::string& text) {
            if (level == LogLevel::Warning)
                m_warnings.push_back(text);
        };
        auto prepared = Run::prepare(recipe, options);
        if (!prepared)
            qFatal("%s", prepared.error().message.c_str());
        auto session = (*prepared)->execute(witness, {});
        if (!session)
            qFatal("%s", session.error().message.c_str());
        return *session;
    }
    static void compareBytes(const Session& session, const Session& plain)
    {
        QCOMPARE(lossesOf(session), lossesOf(plain));
        for (std::size_t i = 0; i < plain.epochs.size(); ++i)
            QCOMPARE(session.epochs[i].validation->loss, plain.epochs[i].validation->loss);
        QCOMPARE(session.checkpoints.back().sha256, plain.checkpoints.back().sha256);
    }
    bool wasWarned(const char* part) const
    {
        return std::ranges::any_of(m_warnings, [part](const std::string& warning) {
            return warning.find(part) != std::string::npos;
        });
    }
    /// Runs with the cache in files and does something to them before step 5.
    Session runWithAccident(const std::function<void(const fs::path& file)>& accident)
    {
        CostWitness witness;
        witness.atStep = [&](Step step) {
            if (step != 4)
                return;
            std::vector<fs::path> files;
            for (const auto& each : fs::directory_iterator(cacheFolder()))
                files.push_back(each.path());
            QVERIFY(!files.empty());
            std::ranges::for_each(files, accident);
        };
        return run(frozenRecipe("convnet"), inFiles(), {}, witness);
    }

private Q_SLOTS:
    void init() { m_warnings.clear(); }

    void cachedEqualsUncached_data()
    {
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<QString>("low");
        QTest::addColumn<QString>("high");
        QTest::newRow("convnet") << "convnet"
                                 << "block1"
                                 << "block2";
        QTest::newRow("mlp") << "mlp"
                             << "dense1"
                             << "dense2";
        QTest::newRow("resnet18") << "resnet18"
                                  << "layer3.1"
                                  << "layer4.1";
        QTest::newRow("mobilenet_v3_small") << "mobilenet_v3_small"
                                            << "features.6"
                                            << "features.11";
        QTest::newRow("yamnet") << "yamnet"
                                << "layer8"
                                << "layer14";
    }
    /// The line goes down, up, and down again below where it was; dropout above it, validation in between.
    void cachedEqualsUncached()
    {
        QFETCH(QString, architecture);
        QFETCH(QString, low);
        QFETCH(QString, high);
        const auto recipe = frozenRecipe(architecture.toLatin1().constData());
        const auto lower = low.toStdString();
        const auto upper = high.toStdString();
        const std::vector<Intervention> moves{at(2, ChangeKind::Trainable, upper.c_str(), true),
                                              at(3, ChangeKind::Trainable, upper.c_str(), false),
                                              at(5, ChangeKind::Trainable, lower.c_str(), true),
                                              at(6, ChangeKind::Trainable, lower.c_str(), false),
                                              at(6, ChangeKind::Trainable, upper.c_str(), true)};
        CostWitness plainWitness;
        const auto plain = run(recipe, none(), moves, plainWitness);
        QCOMPARE(plainWitness.mostInMemory + plainWitness.mostInFiles, 0);
        for (const auto& features : {inMemory(), inFiles()}) {
            CostWitness witness;
            const auto cached = run(recipe, features, moves, witness);
            compareBytes(cached, plain);
            QCOMPARE(witness.last.line > 0, true);
            QVERIFY2(witness.last.cachedSamples > 40, "little or nothing was kept");
            QVERIFY((features.memoryBytes > 0 ? witness.mostInMemory : witness.mostInFiles) > 0);
        }
        QVERIFY2(m_warnings.empty(), m_warnings.empty() ? "" : m_warnings.front().c_str());
    }
    /// Fixed views are kept; samples that are augmented anew are not, and validation samples are.
    void augmentedIsCachedToTheByte_data()
    {
        QTest::addColumn<int>("views");
        QTest::newRow("anew in each epoch") << 0;
        QTest::newRow("two views") << 2;
    }
    void augmentedIsCachedToTheByte()
    {
        QFETCH(int, views);
        auto recipe = augmentedRecipe(views);
        const std::vector<Intervention> moves{
            at(2, ChangeKind::Trainable, "block2", true), at(3, ChangeKind::Trainable, "block2", false),
            at(6, ChangeKind::Trainable, "block*", true), at(7, ChangeKind::Trainable, "block*", false)};
        CostWitness plainWitness;
        const auto plain = run(recipe, none(), moves, plainWitness);
        for (const auto& features : {inMemory(), inFiles()}) {
            CostWitness witness;
            compareBytes(run(recipe, features, moves, witness), plain);
            QCOMPARE(witness.last.views, std::max(1, views));
            QCOMPARE(witness.last.isEnabled, views > 0);
            QCOMPARE(witness.last.remark.find("ask for fixed views") != std::string::npos, views == 0);
            QCOMPARE(witness.last.samples, views > 0 ? 120 : 80);
            QVERIFY(witness.last.cachedSamples >= (views > 0 ? 80 : 40));
        }
        auto twoEpochs = recipe;
        twoEpochs.data.augment = {};
        CostWitness witness;
        QVERIFY(lossesOf(run(twoEpochs, none(), moves, witness)) != lossesOf(plain));
        QVERIFY2(m_warnings.empty(), m_warnings.empty() ? "" : m_warnings.front().c_str());
    }
    void viewsAreTakenInTurn()
    {
        auto recipe = augmentedRecipe(2);
        CostWitness witness;
        run(recipe, inMemory(), {}, witness);
        QCOMPARE(witness.last.cachedSamples, 120); // The third epoch has the first one's views.
        auto frozen = recipe;
        frozen.optimizer.learningRate = 0.0;
        frozen.model.head->dropout = 0.0;
        frozen.layers.push_back(
            {.match = "*", .trainable = {}, .statistics = Statistics::Frozen, .rate = {}, .sparsity = {}});
        CostWitness other;
        const auto session = run(frozen, none(), {}, other);
        QVERIFY(std::abs(session.epochs[0].train.loss - session.epochs[2].train.loss) < 1e-6);
        QVERIFY(std::abs(session.epochs[0].train.loss - session.epochs[1].train.loss) > 1e-4);
    }
    /// A network sees images in the size that the recipe says, whatever is stored.
    void inputSizeIsTheNetworks()
    {
        auto recipe = frozenRecipe("convnet");
        recipe.data.inputSize = {16, 20};
        CostWitness witness;
        CostWitness plain;
        const auto session = run(recipe, inMemory(), {}, witness);
        compareBytes(session, run(recipe, none(), {}, plain));
        QCOMPARE(witness.last.sampleBytes, 16 * 8 * 10 * 4);
        QCOMPARE(witness.layer("block1").outputShape, (std::vector<std::int64_t>{8, 8, 10}));
    }
    void everySampleIsKept()
    {
        CostWitness witness;
        run(frozenRecipe("convnet"), inMemory(), {}, witness);
        QCOMPARE(witness.last.samples, 80);
        QCOMPARE(witness.last.cachedSamples, 80);
        QCOMPARE(witness.last.memoryBytes, 80 * witness.last.sampleBytes);
        QCOMPARE(witness.last.sampleBytes, 16 * 14 * 14 * 4);
    }
    void nothingIsKeptWhereNothingIsFrozen()
    {
        auto recipe = frozenRecipe("convnet");
        recipe.layers.clear();
        CostWitness witness;
        const auto session = run(recipe, inMemory(), {}, witness);
        CostWitness plain;
        compareBytes(session, run(recipe, none(), {}, plain));
        QCOMPARE(witness.last.line, 0);
        QCOMPARE(witness.mostInMemory, 0);
    }
    void updatingStatisticsAreNotCached()
    {
        auto recipe = frozenRecipe("convnet");
        recipe.layers.push_back({.match = "block2.norm",
                                 .trainable = {},
                                 .statistics = Statistics::Updating,
                                 .rate = {},
                                 .sparsity = {}});
        CostWitness witness;
        const auto session = run(recipe, inMemory(), {}, witness);
        CostWitness plain;
        compareBytes(session, run(recipe, none(), {}, plain));
        QCOMPARE(witness.last.line, 1);
    }
    void pruningFrozenLayersIsNoticed()
    {
        auto recipe = frozenRecipe("convnet");
        recipe.pruning.frozen = true;
        const std::vector<Intervention> moves{at(5, ChangeKind::Sparsity, "block1", 0.5),
                                              at(9, ChangeKind::Sparsity, "block1", 0.1)};
        CostWitness witness;
        CostWitness plain;
        const auto cached = run(recipe, inMemory(), moves, witness);
        compareBytes(cached, run(recipe, none(), moves, plain));
        QCOMPARE(witness.last.cachedSamples, 28 + 40); // Steps 9 to 11, and the validation.
    }
    void budgetTooSmallForOneSample()
    {
        CostWitness witness;
        const auto session = run(frozenRecipe("convnet"), tooSmall(), {}, witness);
        CostWitness plain;
        compareBytes(session, run(frozenRecipe("convnet"), none(), {}, plain));
        QVERIFY(wasWarned("fit neither into memory"));
        QVERIFY(!witness.last.remark.empty());
        QCOMPARE(m_warnings.size(), 1U);
    }
    void damagedFileIsComputedAgain()
    {
        const auto session = runWithAccident([](const fs::path& file) {
            std::fstream damage(file, std::ios::in | std::ios::out | std::ios::binary);
            const std::string junk(fs::file_size(file), 'x');
            damage << junk;
        });
        CostWitness plain;
        compareBytes(session, run(frozenRecipe("convnet"), none(), {}, plain));
        QVERIFY(wasWarned("is damaged"));
    }
    void shortenedFileIsComputedAgain()
    {
        const auto session = runWithAccident([](const fs::path& file) { fs::resize_file(file, 100); });
        CostWitness plain;
        compareBytes(session, run(frozenRecipe("convnet"), none(), {}, plain));
        QVERIFY(wasWarned("is damaged"));
    }
    void removedFileIsComputedAgain()
    {
        const auto session = runWithAccident([](const fs::path& file) { fs::remove(file); });
        CostWitness plain;
        compareBytes(session, run(frozenRecipe("convnet"), none(), {}, plain));
        QVERIFY(wasWarned("was removed"));
        QVERIFY2(fs::is_empty(cacheFolder()), "files stayed after the run");
    }
    void runsHandTheirFeaturesOn()
    {
        const auto shared = makeFeatureCache(inMemory());
        auto lower = frozenRecipe("convnet");
        lower.layers.insert(
            lower.layers.end() - 1,
            {.match = "block2", .trainable = true, .statistics = {}, .rate = {}, .sparsity = {}});
        CostWitness first;
        run(lower, inMemory(), {}, first, shared);
        QCOMPARE(first.last.line, 1);
        CostWitness second;
        CostWitness plain;
        const auto session = run(frozenRecipe("convnet"), inMemory(), {}, second, shared);
        compareBytes(session, run(frozenRecipe("convnet"), none(), {}, plain));
        QCOMPARE(second.last.line, 2);
        QVERIFY2(second.last.memoryBytes > 80 * second.last.sampleBytes, "the lower level was not kept");
    }
    void halfFeaturesChangeResultsCachedOrNot()
    {
        auto half = frozenRecipe("convnet");
        half.compute.halfFeatures = true;
        CostWitness witness;
        CostWitness plain;
        const auto cached = run(half, inMemory(), {}, witness);
        compareBytes(cached, run(half, none(), {}, plain));
        QCOMPARE(witness.last.sampleBytes, 16 * 14 * 14 * 2);
        const auto full = run(frozenRecipe("convnet"), inMemory(), {}, plain);
        QVERIFY(lossesOf(full) != lossesOf(cached));
    }
    void otherWaysToComputeAreCachedToTheByte_data()
    {
        QTest::addColumn<int>("precision");
        QTest::addColumn<int>("format");
        QTest::newRow("bf16") << static_cast<int>(Precision::Bf16)
                              << static_cast<int>(MemoryFormat::Contiguous);
        QTest::newRow("channels last")
            << static_cast<int>(Precision::Fp32) << static_cast<int>(MemoryFormat::ChannelsLast);
        QTest::newRow("both") << static_cast<int>(Precision::Bf16)
                              << static_cast<int>(MemoryFormat::ChannelsLast);
    }
    void otherWaysToComputeAreCachedToTheByte()
    {
        QFETCH(int, precision);
        QFETCH(int, format);
        auto recipe = frozenRecipe("convnet");
        recipe.compute.precision = static_cast<Precision>(precision);
        recipe.compute.format = static_cast<MemoryFormat>(format);
        const std::vector<Intervention> moves{at(4, ChangeKind::Trainable, "block2", true),
                                              at(7, ChangeKind::Trainable, "block2", false)};
        CostWitness witness;
        CostWitness plain;
        const auto cached = run(recipe, inMemory(), moves, witness);
        compareBytes(cached, run(recipe, none(), moves, plain));
        QCOMPARE(cached.environment.precision, std::string(nameOf(recipe.compute.precision)));
        QCOMPARE(cached.environment.memoryFormat, std::string(nameOf(*recipe.compute.format)));
        QVERIFY2(m_warnings.empty(), m_warnings.empty() ? "" : m_warnings.front().c_str());
    }
    /// What was chosen by measuring is what a replay takes.
    void measuredChoicesAreRecordedAndReplayed()
    {
        auto recipe = frozenRecipe("convnet");
        recipe.compute.format.reset();
        RunOptions options;
        options.sessionsFolder = m_folder.path().toStdString();
        options.features = inMemory();
        auto prepared = Run::prepare(recipe, options);
        QVERIFY(prepared);
        Witness witness;
        const auto session = (*prepared)->execute(witness, {});
        QVERIFY(session);
        QVERIFY(session->environment.threads >= 1);
        const auto report = replay((*prepared)->sessionFolder(), options, {}, {});
        QVERIFY(report);
        QVERIFY(!report->difference);
        QVERIFY(report->environment.empty());
    }
};

QTEST_APPLESS_MAIN(TestFeatures)
#include "tst_features.moc"
