#include <QTest>

#include <torch/types.h>

#include "model/architectures/architecture.h"
#include "model/layer_changes.h"
#include "training/optimizer.h"

using namespace frostline;

namespace {

std::unique_ptr<Network> built(const char* architecture, const ModelOptions& options = {},
                               const std::optional<HeadRecipe>& head = {},
                               const InputShape& input = {3, 32, 32}, const OutputSpec& outputs = {10})
{
    ModelRecipe recipe;
    recipe.architecture = architecture;
    recipe.options = options;
    recipe.head = head;
    auto network = buildNetwork(recipe, input, outputs, 1);
    if (!network)
        qFatal("%s", network.error().message.c_str());
    return std::move(*network);
}

QString namesOf(const Network& network, const QString& containing)
{
    QStringList names;
    for (const auto& [name, tensor] : network.state()) {
        const auto text = QString::fromStdString(name);
        if (text.contains(containing))
            names << text;
    }
    return names.join(QLatin1Char(' '));
}

void refuses(const ModelRecipe& recipe, const InputShape& input, const OutputSpec& outputs,
             const QString& says)
{
    const auto network = buildNetwork(recipe, input, outputs, 1);
    QVERIFY(!network);
    QVERIFY2(QString::fromStdString(network.error().message).contains(says), network.error().message.c_str());
}

torch::Tensor tensorOf(const Network& network, const std::string& name)
{
    for (const auto& entry : network.state()) {
        if (entry.name == name)
            return entry.tensor;
    }
    qFatal("no tensor %s", name.c_str());
}

} // namespace

class TestNetwork : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void resnetHasTorchvisionsNames()
    {
        const auto network = built("resnet18");
        QCOMPARE(network->state().size(), std::size_t{122});
        QCOMPARE(namesOf(*network, QStringLiteral("layer2.0.downsample")),
                 QStringLiteral(
                     "layer2.0.downsample.0.weight layer2.0.downsample.1.weight layer2.0.downsample.1.bias "
                     "layer2.0.downsample.1.running_mean layer2.0.downsample.1.running_var "
                     "layer2.0.downsample.1.num_batches_tracked"));
        QCOMPARE(namesOf(*network, QStringLiteral("fc")), QStringLiteral("fc.weight fc.bias"));
    }
    void headsAreNumberedAsSequentialsAre()
    {
        const HeadRecipe head{.pooling = {}, .hidden = {128}, .dropout = 0.5};
        QCOMPARE(namesOf(*built("resnet18", {}, head), QStringLiteral("fc")),
                 QStringLiteral("fc.0.weight fc.0.bias fc.3.weight fc.3.bias"));
    }
    void layerTableCountsAsTorchvisionAndKerasDo()
    {
        ModelRecipe recipe;
        recipe.architecture = "resnet18";
        const auto network = buildNetwork(recipe, {3, 224, 224}, {1000}, 1);
        const auto table = (*network)->describe({3, 224, 224});
        QCOMPARE(totalsOf(table).parameters, std::int64_t{11'689'512});
        const auto row = [&table](const char* path) {
            return *std::ranges::find(table, path, &LayerInfo::path);
        };
        QCOMPARE(row("layer1").outputShape, (std::vector<std::int64_t>{64, 56, 56}));
        QCOMPARE(row("layer4.1.conv2").outputShape, (std::vector<std::int64_t>{512, 7, 7}));
        QCOMPARE(row("fc").outputShape, (std::vector<std::int64_t>{1000}));
        QCOMPARE(row("fc").parameterTensors, 2);
        QCOMPARE(row("bn1").parameterTensors + row("bn1").statisticTensors, 4);
        QVERIFY(!row("layer1.0").isLeaf);
    }
    void smallStemKeepsTheSize()
    {
        const auto table = built("resnet18", {.sizes = {}, .widths = {}, .stem = "small", .module = {}})
                               ->describe({3, 32, 32});
        QCOMPARE(std::ranges::find(table, "layer1", &LayerInfo::path)->outputShape,
                 (std::vector<std::int64_t>{64, 32, 32}));
        QVERIFY(std::ranges::find(table, "maxpool", &LayerInfo::path) == table.end());
    }
    void runsFromAnyStageToAnyStage_data()
    {
        QTest::addColumn<QByteArray>("architecture");
        for (const auto* name : {"mlp", "convnet", "resnet18", "vgg11_bn", "mobilenet_v2",
                                 "mobilenet_v3_small", "xception", "yamnet"})
            QTest::newRow(name) << QByteArray(name);
    }
    void runsFromAnyStageToAnyStage()
    {
        QFETCH(QByteArray, architecture);
        const auto network = built(architecture.constData());
        const torch::NoGradGuard guard;
        network->describe({3, 32, 32});
        const auto x = torch::rand({4, 3, 32, 32});
        const auto whole = network->forward(x);
        QCOMPARE(whole.size(1), std::int64_t{10});
        for (int cut = 0; cut <= network->stageCount(); ++cut) {
            const auto part = network->forward(x, 0, cut);
            QVERIFY(torch::equal(network->forward(part, cut, network->stageCount()), whole));
        }
    }
    void autoencoderGivesTheImageBack()
    {
        const OutputSpec image{.isImage = true};
        const auto network = built("autoencoder", {}, {}, {2, 28, 36}, image);
        const auto table = network->describe({2, 28, 36});
        const auto shapeOf = [&table](const char* path) {
            return std::ranges::find(table, path, &LayerInfo::path)->outputShape;
        };
        QCOMPARE(shapeOf("encoder_conv6"), (std::vector<std::int64_t>{8, 7, 9}));
        QCOMPARE(shapeOf("decoder_conv7"), (std::vector<std::int64_t>{2, 28, 36}));
        const auto small = built("autoencoder", {}, {}, {1, 4, 8}, image);
        QCOMPARE(small->forward(torch::rand({3, 1, 4, 8})).sizes().vec(),
                 (std::vector<std::int64_t>{3, 1, 4, 8}));
    }
    void autoencoderLearns()
    {
        const auto network = built("autoencoder", {}, {}, {1, 8, 8}, {.isImage = true});
        network->configure(network->describe({1, 8, 8}), true);
        std::vector<torch::Tensor> weights;
        for (const auto& entry : network->state())
            weights.push_back(entry.tensor);
        Optimizer optimizer({.kind = OptimizerKind::Adam, .learningRate = 1e-3}, weights);
        const auto images = torch::linspace(-1, 1, 4 * 64).reshape({4, 1, 8, 8});
        std::vector<double> losses;
        for (int step = 0; step < 60; ++step) {
            optimizer.dropGradients();
            const auto loss = torch::mse_loss(network->forward(images), images);
            loss.backward();
            optimizer.step();
            losses.push_back(loss.item<double>());
        }
        QVERIFY2(losses.back() < 0.25 * losses.front(), qPrintable(QString::number(losses.back())));
    }
    void headsHaveTheActivationThatIsAskedFor()
    {
        using Activation = HeadRecipe::Activation;
        const torch::NoGradGuard guard;
        const auto x = torch::linspace(-2.0, 2.0, 9);
        const std::vector<std::tuple<Activation, std::string, torch::Tensor>> expected{
            {Activation::Relu, "ReLU", torch::relu(x)},
            {Activation::LeakyRelu, "LeakyReLU", torch::leaky_relu(x, 0.01)},
            {Activation::Gelu, "GELU", torch::gelu(x)},
            {Activation::Silu, "SiLU", torch::silu(x)},
            {Activation::Hardswish, "Hardswish", torch::hardswish(x)},
            {Activation::Tanh, "Tanh", torch::tanh(x)}};
        for (const auto& [activation, kind, values] : expected) {
            HeadRecipe head{.pooling = {}, .hidden = {7}, .dropout = 0.0};
            head.activation = activation;
            const auto network = built("resnet18", {}, head, {3, 64, 64});
            const auto node = std::ranges::find(network->nodes(), "fc.1", &Network::Node::path);
            QVERIFY(node != network->nodes().end());
            QCOMPARE(node->layer->kind(), kind);
            QVERIFY(torch::equal(node->layer->forward(x), values));
        }
    }
    void headsGoOnEachBase_data()
    {
        QTest::addColumn<QByteArray>("architecture");
        QTest::addColumn<int>("pooling"); ///< -1: not given.
        QTest::addColumn<QString>("names");
        const auto row = [](const char* architecture, int pooling, const char* names) {
            QTest::addRow("%s %d", architecture, pooling)
                << QByteArray(architecture) << pooling << QString::fromLatin1(names);
        };
        constexpr int kFlat = static_cast<int>(HeadRecipe::Pooling::None);
        constexpr int kAverage = static_cast<int>(HeadRecipe::Pooling::Average);
        constexpr int kMax = static_cast<int>(HeadRecipe::Pooling::Max);
        row("resnet18", -1, "fc.0.weight[7,512] fc.2.weight[10,7]");
        row("resnet18", kAverage, "fc.0.weight[7,512] fc.2.weight[10,7]");
        row("resnet18", kMax, "fc.2.weight[7,512] fc.4.weight[10,7]");
        row("vgg11", -1, "classifier.0.weight[7,25088] classifier.2.weight[10,7]");
        row("vgg11", kAverage, "classifier.2.weight[7,512] classifier.4.weight[10,7]");
        row("vgg11", kFlat, "classifier.1.weight[7,2048] classifier.3.weight[10,7]");
        row("mobilenet_v2", kAverage, "classifier.0.weight[7,1280] classifier.2.weight[10,7]");
        row("mobilenet_v3_small", -1, "classifier.0.weight[7,576] classifier.2.weight[10,7]");
        row("xception", kFlat, "fc.1.weight[7,8192] fc.3.weight[10,7]");
        row("yamnet", -1, "fc.0.weight[7,1024] fc.2.weight[10,7]");
        row("autoencoder", kMax, "head.2.weight[7,12] head.4.weight[10,7]");
    }
    void headsGoOnEachBase()
    {
        QFETCH(QByteArray, architecture);
        QFETCH(int, pooling);
        HeadRecipe head{.pooling = {}, .hidden = {7}, .dropout = 0.0};
        if (pooling >= 0)
            head.pooling = static_cast<HeadRecipe::Pooling>(pooling);
        const auto network = built(architecture.constData(), {}, head, {3, 64, 64});
        QStringList names;
        for (const auto& [name, tensor] : network->state()) {
            if (name.starts_with(network->headName()) && tensor.dim() == 2)
                names << QStringLiteral("%1[%2,%3]")
                             .arg(QString::fromStdString(name))
                             .arg(tensor.size(0))
                             .arg(tensor.size(1));
        }
        QTEST(names.join(QLatin1Char(' ')), "names");
        QVERIFY(std::ranges::none_of(
            network->state(), [](const NamedTensor& entry) { return entry.name.starts_with("decoder_"); }));
        const torch::NoGradGuard guard;
        QCOMPARE(network->forward(torch::rand({2, 3, 64, 64})).sizes().vec(),
                 (std::vector<std::int64_t>{2, 10}));
    }
    void sameSeedSameParametersWhateverElseThereIs()
    {
        const auto a = built("convnet");
        const auto b = built("convnet", {},
                             HeadRecipe{.pooling = HeadRecipe::Pooling::Max, .hidden = {7}, .dropout = 0.0});
        QVERIFY(torch::equal(tensorOf(*a, "block2.conv.weight"), tensorOf(*b, "block2.conv.weight")));
        QVERIFY(!torch::equal(tensorOf(*a, "block2.conv.weight").flatten().slice(0, 0, 9),
                              tensorOf(*a, "block3.conv.weight").flatten().slice(0, 0, 9)));
    }
    void frozenNormsKeepTheirStatisticsUnlessUpdating_data()
    {
        QTest::addColumn<bool>("trainable");
        QTest::addColumn<QByteArray>("statistics");
        QTest::addColumn<bool>("moves");
        QTest::newRow("trainable") << true << QByteArray("follow") << true;
        QTest::newRow("frozen") << false << QByteArray("follow") << false;
        QTest::newRow("frozen, updating as in PyTorch") << false << QByteArray("updating") << true;
        QTest::newRow("trainable, statistics frozen") << true << QByteArray("frozen") << false;
    }
    void frozenNormsKeepTheirStatisticsUnlessUpdating()
    {
        QFETCH(bool, trainable);
        QFETCH(QByteArray, statistics);
        QFETCH(bool, moves);
        const auto network = built("convnet");
        auto table = network->describe({3, 32, 32});
        QVERIFY(applyChange(table, {ChangeKind::Trainable, "block1", trainable}));
        QVERIFY(applyChange(table, {ChangeKind::Statistics, "block1.norm", statistics.toStdString()}));
        network->configure(table, true);
        const auto before = tensorOf(*network, "block1.norm.running_mean").clone();
        network->forward(torch::rand({8, 3, 32, 32}));
        QCOMPARE(!torch::equal(before, tensorOf(*network, "block1.norm.running_mean")), moves);
        network->configure(table, false);
        const auto evaluated = tensorOf(*network, "block1.norm.running_mean").clone();
        network->forward(torch::rand({8, 3, 32, 32}));
        QVERIFY(torch::equal(evaluated, tensorOf(*network, "block1.norm.running_mean")));
    }
    void dropoutFollowsItsSeedAndSleepsInTheFrozenPrefix()
    {
        const HeadRecipe head{.pooling = {}, .hidden = {64}, .dropout = 0.5};
        const auto network = built("mlp", {}, head);
        auto table = network->describe({3, 32, 32});
        const auto x = torch::rand({8, 3, 32, 32});
        const auto runWith = [&](std::uint64_t seed) {
            network->seedDropout(seed);
            return network->forward(x).detach();
        };
        network->configure(table, true);
        QVERIFY(torch::equal(runWith(1), runWith(1)));
        QVERIFY(!torch::equal(runWith(1), runWith(2)));
        QVERIFY(applyChange(table, {ChangeKind::Trainable, "*", false}));
        network->configure(table, true);
        QVERIFY(torch::equal(runWith(1), runWith(2)));
    }
    void freezingDropsTheGradient()
    {
        const auto network = built("mlp");
        auto table = network->describe({3, 32, 32});
        network->configure(table, true);
        network->forward(torch::rand({4, 3, 32, 32})).sum().backward();
        const auto weight = tensorOf(*network, "dense1.weight");
        QVERIFY(weight.grad().defined());
        QVERIFY(applyChange(table, {ChangeKind::Trainable, "dense1", false}));
        network->configure(table, true);
        QVERIFY(!weight.requires_grad());
        QVERIFY(!weight.grad().defined());
    }
    void wrongInputNamesTheLayer()
    {
        const auto network = built("convnet");
        QVERIFY_EXCEPTION_THROWN(network->forward(torch::rand({1, 5, 32, 32})), std::runtime_error);
        try {
            network->forward(torch::rand({1, 5, 32, 32}));
        } catch (const std::runtime_error& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(QStringLiteral("layer block1.conv: ")),
                     error.what());
        }
    }
    void wrongModelsAreRefused_data()
    {
        QTest::addColumn<QByteArray>("architecture");
        QTest::addColumn<bool>("withSizes");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown") << QByteArray("resnet81") << false << "did you mean \"resnet18\"?";
        QTest::newRow("option of another")
            << QByteArray("resnet18") << true << "/model/options/sizes: is not an option of resnet18";
        QTest::newRow("images too small")
            << QByteArray("vgg16") << false
            << "/model/architecture: vgg16 needs images of at least 32 by 32; these are 30 by 30";
        QTest::newRow("autoencoder of an odd size")
            << QByteArray("autoencoder") << false << "multiples of 4; these are 30 by 30";
    }
    void wrongModelsAreRefused()
    {
        QFETCH(QByteArray, architecture);
        QFETCH(bool, withSizes);
        QFETCH(QString, says);
        ModelRecipe recipe;
        recipe.architecture = architecture.toStdString();
        if (withSizes)
            recipe.options.sizes = {1};
        refuses(recipe, {1, 30, 30}, {10}, says);
    }
    void wrongOutputsAreRefused()
    {
        const InputShape input{1, 32, 32};
        const HeadRecipe pooled{.pooling = HeadRecipe::Pooling::Max, .hidden = {}, .dropout = 0.0};
        ModelRecipe recipe;
        recipe.architecture = "vgg11";
        refuses(recipe, input, {.isImage = true}, QStringLiteral("vgg11 ends in a classifier"));
        recipe.architecture = "mlp";
        recipe.head = pooled;
        refuses(recipe, input, {10},
                QStringLiteral("/model/head/pooling: the base already ends in a vector"));
        recipe.architecture = "autoencoder";
        refuses(recipe, input, {.isImage = true},
                QStringLiteral("/model/head: a network that gives an image"));
        recipe.head.reset();
        refuses(recipe, input, {10}, QStringLiteral("/model/head: missing; autoencoder gives an image back"));
    }
};

QTEST_APPLESS_MAIN(TestNetwork)
#include "tst_network.moc"
