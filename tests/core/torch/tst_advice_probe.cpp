#include <QTest>

#include <torch/types.h>

#include <cmath>
#include <map>
#include <numeric>

#include "advice/advice.h"
#include "advice/network_probe.h"
#include "data/batch_feed.h"
#include "fashion_recipe.h"
#include "model/architectures/architecture.h"
#include "training/feature_cache.h"
#include "training/trainer.h"

using namespace frostline;
using namespace frostline::tests;

namespace {

/// Sixteen samples of two classes that lie far apart.
DataSet twoClasses()
{
    DataSet set;
    set.height = set.width = 2;
    set.classNames = {"dark", "bright"};
    for (int i = 0; i < 16; ++i) {
        set.labels.push_back(i % 2);
        for (int pixel = 0; pixel < 4; ++pixel)
            set.pixels.push_back(static_cast<std::uint8_t>((i % 2) * 150 + 5 * i + pixel));
    }
    return set;
}

Recipe tinyRecipe()
{
    Recipe recipe;
    recipe.data.mean = {0.5};
    recipe.data.deviation = {0.5};
    recipe.model.architecture = "mlp";
    recipe.model.options.sizes = {3};
    recipe.batchSize = 4;
    return recipe;
}

std::unique_ptr<Trainer> trainerOf(const Recipe& recipe)
{
    const auto cache = std::make_shared<FeatureCache>(FeatureOptions{.enabled = false, .folder = {}});
    auto trainer = Trainer::create(recipe, {{torch::kCPU, 1, MemoryFormat::Contiguous}, cache, {}});
    return trainer ? std::move(*trainer) : nullptr;
}

/// The demo's weights, on classes that it learned from or on others.
Recipe demo(const std::vector<std::string>& classes)
{
    auto recipe = fashionRecipe();
    recipe.data.classes = classes;
    recipe.data.trainLimit = 25;
    recipe.data.mean = {0.286};
    recipe.data.deviation = {0.353};
    recipe.model.options.widths = {32, 64, 96, 128};
    recipe.model.weights = "resource:weights/fashion-clothes-convnet.safetensors";
    recipe.model.head = HeadRecipe{.pooling = HeadRecipe::Pooling::None, .hidden = {}, .dropout = 0.0};
    return recipe;
}

const std::vector<std::string> kClothes{"t-shirt", "trouser", "pullover", "dress", "coat", "shirt"};
const std::vector<std::string> kShoes{"sandal", "sneaker", "bag", "ankle boot"};

/// Weights and statistics as they lie in the network, and what else a checkpoint holds, by name.
std::map<std::string, torch::Tensor> stateOf(Trainer& trainer)
{
    std::map<std::string, torch::Tensor> state;
    for (const auto& entry : trainer.weights())
        state.emplace(entry.name, entry.tensor.detach().clone());
    for (const auto& entry : trainer.checkpoint(0, 0).tensors)
        state.emplace(entry.name, entry.tensor.clone());
    return state;
}

} // namespace

class TestAdviceProbe : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nearestMeanLeavesEachSampleOut()
    {
        // Of class 0: 0, 2 and 7; of class 1: 8 and 10. Left out, 7 lies 6 from the mean 1 of its own class
        // and 2 from the mean 9 of the other; 8 lies 2 from 10, and 5 from 3.
        const auto features = torch::tensor({0.0, 2.0, 7.0, 8.0, 10.0}).unsqueeze(1);
        QCOMPARE(nearestMeanAccuracy(features, {0, 0, 0, 1, 1}), 0.8);
        // With itself in the mean, 5 would lie 2.5 from its own class and 3.5 from the other; without it, 5.
        const auto pairs = torch::tensor({0.0, 5.0, 8.0, 9.0}).unsqueeze(1);
        QCOMPARE(nearestMeanAccuracy(pairs, {0, 0, 1, 1}), 0.75);
        // Labels need not begin at 0 or follow each other.
        QCOMPARE(nearestMeanAccuracy(features, {7, 7, 7, 2, 2}), 0.8);
    }

    void ratioIsWhatTheFormulaSays()
    {
        const auto data = twoClasses();
        const auto recipe = tinyRecipe();
        auto network = buildNetwork(recipe.model, {1, 2, 2}, {2, false}, 3).value();
        const auto objective = Objective::create(recipe, data).value();
        auto table = network->describe({1, 2, 2});
        for (auto& layer : table)
            layer.settings.trainable = layer.path == "head"; // It is looked at with everything trainable.
        network->configure(table, true);
        const auto probe =
            probeNetwork({*network, table, recipe, data, objective, torch::kCPU}, {}, {}).value();
        QCOMPARE(probe.batches, 4);
        QCOMPARE(probe.rows, 4);
        QCOMPARE(probe.unmeasured, Unmeasured::NoWeights);

        // By hand: softmax and its gradient through one hidden layer of ReLU.
        std::map<std::string, torch::Tensor> w;
        for (const auto& entry : network->state())
            w[entry.name] = entry.tensor.detach().to(torch::kDouble);
        const auto first = adviceBlocks(table).front().path;
        const auto order = probeSamples(data, recipe.seed, probeSize(table));
        double hiddenRatio = 0.0;
        double headRatio = 0.0;
        for (int batch = 0; batch < 4; ++batch) {
            auto x = torch::empty({4, 4}, torch::kDouble);
            auto y = torch::zeros({4, 2}, torch::kDouble);
            for (int i = 0; i < 4; ++i) {
                const auto sample = order[static_cast<std::size_t>(4 * batch + i)];
                for (int pixel = 0; pixel < 4; ++pixel)
                    x[i][pixel] = (data.image(sample)[static_cast<std::size_t>(pixel)] / 255.0 - 0.5) / 0.5;
                y[i][data.labels[static_cast<std::size_t>(sample)]] = 1.0;
            }
            const auto h = x.mm(w[first + ".weight"].t()) + w[first + ".bias"];
            const auto a = h.clamp_min(0.0);
            const auto p = torch::softmax(a.mm(w["head.weight"].t()) + w["head.bias"], 1);
            const auto d = (p - y) / 4.0;
            const auto e = d.mm(w["head.weight"]) * (h > 0).to(torch::kDouble);
            const auto norm = [](const torch::Tensor& m, const torch::Tensor& v) {
                return std::sqrt((m.square().sum() + v.square().sum()).item<double>());
            };
            headRatio += norm(d.t().mm(a), d.sum(0)) / norm(w["head.weight"], w["head.bias"]) / 4.0;
            hiddenRatio += norm(e.t().mm(x), e.sum(0)) / norm(w[first + ".weight"], w[first + ".bias"]) / 4.0;
        }
        QVERIFY(hiddenRatio > 0.0);
        QVERIFY(std::abs(probe.ratios[0] / hiddenRatio - 1.0) < 1e-5);
        QVERIFY(std::abs(probe.ratios[1] / headRatio - 1.0) < 1e-5);
    }

    void ownWeightsAreCloseAndRandomOnesAreNot()
    {
        auto trainer = trainerOf(demo(kClothes));
        QVERIFY(trainer);
        const auto own = trainer->probe({}, {}).value();
        QVERIFY(own.scores);
        QCOMPARE(own.scores->samples, 150);
        QCOMPARE(own.scores->classes, 6);
        qInfo("clothes: features %.3f, random %.3f, inputs %.3f, gain %.2f", own.scores->features,
              own.scores->random, own.scores->inputs, own.scores->gain());
        QVERIFY(own.scores->features > 0.75);
        QVERIFY(own.scores->random < 0.65);
        QVERIFY(own.scores->gain() >= kCloseGain);
        const auto others = trainerOf(demo(kShoes))->probe({}, {}).value();
        qInfo("shoes: features %.3f, random %.3f, inputs %.3f, gain %.2f", others.scores->features,
              others.scores->random, others.scores->inputs, others.scores->gain());
        QVERIFY(others.scores->gain() < own.scores->gain());
        auto scratch = demo(kClothes);
        scratch.model.weights.clear();
        const auto none = trainerOf(scratch)->probe({}, {}).value();
        QVERIFY(!none.scores);
        QCOMPARE(none.unmeasured, Unmeasured::NoWeights);
    }

    void changesNothing()
    {
        auto recipe = demo(kShoes);
        recipe.layers.resize(2);
        recipe.layers[0].match = "*";
        recipe.layers[0].trainable = false;
        recipe.layers[1].match = "head";
        recipe.layers[1].trainable = true;
        auto trainer = trainerOf(recipe);
        QVERIFY(trainer);
        std::vector<std::int64_t> samples(20);
        std::iota(samples.begin(), samples.end(), std::int64_t{0});
        // After some steps there are moments, statistics and gradients to be left alone.
        for (Step step = 0; step < 3; ++step)
            trainer->step(step, samples, 10);
        trainer->measure(Trainer::Measure::All);
        const auto table = trainer->table();
        const auto before = stateOf(*trainer);
        const auto first = trainer->probe({}, {}).value();
        const auto after = stateOf(*trainer);
        QCOMPARE(after.size(), before.size());
        for (const auto& [name, tensor] : before)
            QVERIFY2(torch::equal(tensor, after.at(name)), name.c_str());
        trainer->measure(Trainer::Measure::All);
        for (std::size_t i = 0; i < table.size(); ++i) {
            QCOMPARE(trainer->table()[i].gradientNorm, table[i].gradientNorm);
            QCOMPARE(trainer->table()[i].drift, table[i].drift);
            QVERIFY(trainer->table()[i].settings == table[i].settings);
        }
        const auto second = trainer->probe({}, {}).value();
        QCOMPARE(second.ratios, first.ratios);
        QVERIFY(second.scores == first.scores);
        // The next step is the one that it would have been.
        auto other = trainerOf(recipe);
        for (Step step = 0; step < 3; ++step)
            other->step(step, samples, 10);
        QCOMPARE(trainer->step(3, samples, 10).loss, other->step(3, samples, 10).loss);
        const auto stepped = stateOf(*other);
        for (const auto& [name, tensor] : stateOf(*trainer))
            QVERIFY2(torch::equal(tensor, stepped.at(name)), name.c_str());
    }

    void stopsOnTheWay()
    {
        auto trainer = trainerOf(demo(kClothes));
        std::stop_source stop;
        int told = 0;
        const auto probe = trainer->probe(
            [&](int done, int all) {
                QVERIFY(done <= all);
                ++told;
                stop.request_stop();
            },
            stop.get_token());
        QVERIFY(probe->isStopped);
        QCOMPARE(told, 1);
    }

    void tasksWithoutClassesHaveRatiosOnly()
    {
        auto recipe = fashionRecipe();
        recipe.data.task = Task::Reconstruction;
        recipe.data.trainLimit = 10;
        recipe.model = {};
        recipe.model.architecture = "autoencoder";
        recipe.checkpoints.watched.monitor = Monitor::ValidationLoss;
        auto trainer = trainerOf(recipe);
        QVERIFY(trainer);
        const auto probe = trainer->probe({}, {}).value();
        QVERIFY(!probe.scores);
        QVERIFY(std::ranges::all_of(probe.ratios, [](double ratio) { return ratio > 0.0; }));
    }

    void weightNormsAreMeasured()
    {
        auto trainer = trainerOf(demo(kShoes));
        trainer->measure(Trainer::Measure::Changing);
        std::map<std::string, double> squares;
        for (const auto& entry : trainer->weights()) {
            const auto path = entry.name.substr(0, entry.name.rfind('.'));
            if (entry.name.ends_with(".weight") || entry.name.ends_with(".bias"))
                squares[path] += entry.tensor.detach().to(torch::kDouble).square().sum().item<double>();
        }
        int measured = 0;
        for (const auto& layer : trainer->table()) {
            if (!layer.isLeaf || !layer.hasParameters())
                continue;
            ++measured;
            QVERIFY(std::abs(layer.weightNorm / std::sqrt(squares.at(layer.path)) - 1.0) < 1e-6);
        }
        QCOMPARE(measured, 9);
    }
};

QTEST_GUILESS_MAIN(TestAdviceProbe)
#include "tst_advice_probe.moc"
