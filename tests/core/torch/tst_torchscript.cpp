#include <QTemporaryDir>
#include <QTest>

#include <torch/csrc/jit/api/module.h>
#include <torch/types.h>

#include <fstream>

#include "model/layer_changes.h"
#include "model/torchscript.h"

using namespace frostline;

namespace {

using torch::jit::Module;

/// A module that has a mode, as every one that Python saves.
Module moduleOf(const char* kind)
{
    Module module(kind);
    module.register_attribute("training", c10::BoolType::get(), true);
    return module;
}

Module linear(std::int64_t in, std::int64_t out)
{
    auto module = moduleOf("Linear");
    module.register_parameter("weight", torch::rand({out, in}).set_requires_grad(true), false);
    module.register_parameter("bias", torch::rand({out}).set_requires_grad(true), false);
    module.define("def forward(self, x):\n  return torch.linear(x, self.weight, self.bias)\n");
    return module;
}

Module norm(std::int64_t width)
{
    auto module = moduleOf("BatchNorm1d");
    module.register_buffer("running_mean", torch::zeros({width}));
    module.register_buffer("running_var", torch::ones({width}));
    module.define(
        "def forward(self, x):\n"
        "  return torch.batch_norm(x, None, None, self.running_mean, self.running_var, self.training,"
        " 0.1, 1e-5, True)\n");
    return module;
}

/// body(first(Linear), norm), scale, last(Linear): body has a parameter, and drops by its own mode.
Module whole()
{
    auto body = moduleOf("Body");
    body.register_parameter("gain", torch::ones({8}).set_requires_grad(true), false);
    body.register_module("first", linear(12, 8));
    body.register_module("norm", norm(8));
    body.define("def forward(self, x):\n"
                "  y = self.norm.forward(self.first.forward(x.flatten(1))) * self.gain\n"
                "  return torch.dropout(y, 0.5, self.training)\n");
    auto module = moduleOf("Whole");
    module.register_buffer("passes", torch::zeros({1}));
    module.register_buffer("largest", torch::zeros({1}));
    module.register_module("body", body);
    module.register_module("last", linear(8, 4));
    module.define("def forward(self, x):\n"
                  "  self.passes.add_(1)\n"
                  "  if self.training:\n"
                  "    self.largest = torch.maximum(self.largest, x.max())\n"
                  "  return self.last.forward(self.body.forward(x))\n");
    return module;
}

torch::Tensor tensorOf(const Network& network, const std::string& name)
{
    for (const auto& entry : network.state()) {
        if (entry.name == name)
            return entry.tensor.detach();
    }
    qFatal("no tensor %s", name.c_str());
}

QString treeOf(const LayerTable& table)
{
    QStringList rows;
    for (const auto& layer : table)
        rows << QString::fromStdString(layer.path + ":" + layer.kind);
    return rows.join(QLatin1Char(' '));
}

} // namespace

class TestTorchScript : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<Network> m_network;
    LayerTable m_table;

    std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    Result<std::unique_ptr<Network>> opened(const ModelRecipe& recipe) const
    {
        return openTorchScript(recipe, folder(), {3, 2, 2}, {.values = 4});
    }
    ModelRecipe recipe() const
    {
        ModelRecipe model;
        model.architecture = "torchscript";
        model.options.module = "model.pt";
        return model;
    }
    Result<std::unique_ptr<Network>> opened(const Module& module) const
    {
        module.save((folder() / "model.pt").string());
        return opened(recipe());
    }
    void open(const Module& module)
    {
        auto network = opened(module);
        if (!network)
            qFatal("%s", network.error().message.c_str());
        m_network = std::move(*network);
        m_table = m_network->describe({3, 2, 2});
    }
    void set(const char* pattern, bool trainable)
    {
        QVERIFY(applyChange(m_table, {ChangeKind::Trainable, pattern, trainable}));
        m_network->configure(m_table, true);
    }
    QString notes() const
    {
        QStringList texts;
        for (const auto& note : m_network->notes())
            texts << QString::fromStdString(note.text);
        return texts.join(QLatin1Char('\n'));
    }
    torch::Tensor pass(std::uint64_t seed = 1) const
    {
        m_network->seedDropout(seed);
        return m_network->forward(torch::arange(48.0F).reshape({4, 3, 2, 2}));
    }

private Q_SLOTS:
    void treeHasTheModulesOwnNamesAndTypes()
    {
        open(whole());
        QCOMPARE(treeOf(m_table), QStringLiteral("passes:Buffer largest:Buffer body:Body body.gain:Parameter "
                                                 "body.first:Linear body.norm:BatchNorm1d last:Linear"));
        QCOMPARE(totalsOf(m_table).parameters, std::int64_t{12 * 8 + 8 + 8 + 8 * 4 + 4});
        QVERIFY(m_table[5].isNormalisation);
        QVERIFY(m_table[5].outputShape.empty());
        QStringList names;
        for (const auto& entry : m_network->state())
            names << QString::fromStdString(entry.name);
        QCOMPARE(names.join(QLatin1Char(' ')),
                 QStringLiteral("passes largest body.gain body.first.weight body.first.bias "
                                "body.norm.running_mean body.norm.running_var last.weight last.bias"));
        QVERIFY(!m_network->whole().empty());
        QVERIFY(notes().contains(QStringLiteral("runs as a whole")));
    }
    void severalWeightsOfOneModuleAreRows()
    {
        auto module = moduleOf("Pair");
        for (const auto* name : {"first", "second"})
            module.register_parameter(name, torch::rand({4, 12}).set_requires_grad(true), false);
        module.define(
            "def forward(self, x):\n  return torch.linear(x.flatten(1), self.first * self.second)\n");
        auto around = moduleOf("Around");
        around.register_module("pair", module);
        around.define("def forward(self, x):\n  return self.pair.forward(x)\n");
        open(around);
        QCOMPARE(treeOf(m_table), QStringLiteral("pair:Pair pair.first:Parameter pair.second:Parameter"));
        QCOMPARE(m_table[1].prunable, std::int64_t{48});
    }
    void statisticsFollowWhatTheyLieIn_data()
    {
        QTest::addColumn<QByteArray>("statistics");
        QTest::addColumn<bool>("frozen");
        QTest::addColumn<bool>("moves");
        QTest::newRow("training") << QByteArray("follow") << false << true;
        QTest::newRow("frozen with its module") << QByteArray("follow") << true << false;
        QTest::newRow("frozen alone") << QByteArray("frozen") << false << false;
        QTest::newRow("updating") << QByteArray("updating") << true << true;
    }
    void statisticsFollowWhatTheyLieIn()
    {
        QFETCH(QByteArray, statistics);
        QFETCH(bool, frozen);
        QFETCH(bool, moves);
        open(whole());
        QVERIFY(applyChange(m_table, {ChangeKind::Statistics, "body.norm", statistics.toStdString()}));
        set("body", !frozen);
        QCOMPARE(m_table[5].statisticsUpdating, moves);
        const auto before = tensorOf(*m_network, "body.norm.running_mean").clone();
        pass();
        QCOMPARE(torch::equal(tensorOf(*m_network, "body.norm.running_mean"), before), !moves);
        m_network->configure(m_table, false);
        const auto trained = tensorOf(*m_network, "body.norm.running_mean").clone();
        pass();
        QVERIFY(torch::equal(tensorOf(*m_network, "body.norm.running_mean"), trained));
    }
    void dropoutIsSeededAndOffWhereAllIsFrozen()
    {
        open(whole());
        QVERIFY(applyChange(m_table, {ChangeKind::Statistics, "body.norm", std::string("frozen")}));
        set("last", true);
        const auto first = pass(7);
        QVERIFY(torch::equal(pass(7), first));
        QVERIFY(!torch::equal(pass(8), first));
        set("body", false);
        QVERIFY(torch::equal(pass(7), pass(8)));
    }
    void frozenParametersGetNoGradient()
    {
        open(whole());
        set("body", false);
        pass().sum().backward();
        for (const auto& entry : m_network->state()) {
            if (entry.tensor.dim() == 2)
                QCOMPARE(entry.tensor.grad().defined(), entry.name == "last.weight");
        }
    }
    void buffersStayTheModulesOwn()
    {
        open(whole());
        QCOMPARE(tensorOf(*m_network, "passes").item<float>(), 0.0F); // Changed even in evaluation: put back.
        QVERIFY(notes().contains(QStringLiteral("passes changes in evaluation too")));
        set("*", true);
        pass();
        pass();
        QCOMPARE(tensorOf(*m_network, "passes").item<float>(), 2.0F);
        QCOMPARE(tensorOf(*m_network, "largest").item<float>(), 47.0F); // Another tensor took its place.
        {
            const torch::NoGradGuard guard;
            tensorOf(*m_network, "largest").fill_(100.0F); // As a checkpoint does.
        }
        pass();
        QCOMPARE(tensorOf(*m_network, "largest").item<float>(), 100.0F);
        set("*", false);
        pass();
        QCOMPARE(tensorOf(*m_network, "passes").item<float>(), 3.0F);
    }
    void movedTensorsAreTheModules()
    {
        open(whole());
        const auto before = pass();
        m_network->to(torch::kCPU);
        {
            const torch::NoGradGuard guard;
            tensorOf(*m_network, "last.bias").add_(1.0F);
        }
        QVERIFY(torch::allclose(pass(), before + 1.0F));
    }
    void oneParameterUnderTwoNamesIsCountedOnce()
    {
        auto first = linear(12, 12);
        auto second = linear(12, 12);
        second.setattr("weight", first.attr("weight"));
        auto module = moduleOf("Tied");
        module.register_module("first", first);
        module.register_module("second", second);
        module.register_module("third", linear(12, 4));
        module.define("def forward(self, x):\n"
                      "  return self.third.forward(self.second.forward(self.first.forward(x.flatten(1))))\n");
        open(module);
        QCOMPARE(totalsOf(m_table).parameters, std::int64_t{144 + 12 + 12 + 48 + 4});
        QVERIFY(notes().contains(QStringLiteral("second.weight is first.weight under another name")));
    }
    void wrongModulesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* code, const char* says) {
            QTest::newRow(name) << QByteArray(code) << QString::fromUtf8(says);
        };
        row("two inputs",
            "def forward(self, x, mask):\n  return torch.linear(x.flatten(1), self.weight) * mask\n",
            "its forward takes (x: Tensor, mask: Tensor)");
        row("a list",
            "def forward(self, x: List[Tensor]):\n  return torch.linear(x[0].flatten(1), self.weight)\n",
            "its forward takes (x: List[Tensor])");
        row("a pair", "def forward(self, x):\n  y = torch.linear(x.flatten(1), self.weight)\n  return y, y\n",
            "gives Tuple[Tensor, Tensor] where one tensor is wanted");
        row("a number", "def forward(self, x):\n  return torch.linear(x.flatten(1), self.weight).sum()\n",
            "gives a single number");
        row("classes", "def forward(self, x):\n  return torch.linear(x.flatten(1), self.weight)[:, :3]\n",
            "gives [2, 3] for 2 samples where [2, 4] is wanted");
        row("channels", "def forward(self, x):\n  return torch.linear(x[:, 0].flatten(1), self.weight)\n",
            "does not run on images [2, 3, 2, 2]: layer model.pt (Wrong): mat1 and mat2 shapes cannot be");
        row("its own error", "def forward(self, x):\n  assert x.size(0) > 99, 'wants more'\n  return x\n",
            "wants more");
        row("no forward", "def backward(self, x):\n  return x\n", "has no forward to run");
    }
    void wrongModulesAreRefused()
    {
        QFETCH(QByteArray, code);
        QFETCH(QString, says);
        auto module = moduleOf("Wrong");
        module.register_parameter("weight", torch::rand({4, 12}).set_requires_grad(true), false);
        module.define(code.toStdString());
        const auto network = opened(module);
        QVERIFY(!network);
        const auto message = QString::fromStdString(network.error().message);
        QVERIFY2(message.contains(says) && !message.contains(QLatin1Char('\n')), qUtf8Printable(message));
    }
    void wrongParametersAreRefused()
    {
        const auto refused = [this](const torch::Tensor& weight) {
            auto module = moduleOf("Wrong");
            if (weight.defined())
                module.register_parameter("weight", weight, false);
            module.define("def forward(self, x):\n  return x.flatten(1)[:, :4]\n");
            return QString::fromStdString(opened(module).error().message);
        };
        QVERIFY(refused({}).contains(QStringLiteral("holds no parameters")));
        QVERIFY(
            refused(torch::rand({2}, torch::kDouble)).contains(QStringLiteral("weight is of type Double")));
    }
    void memoryThatTwoParametersShareIsRefused()
    {
        const auto memory = torch::rand({6});
        auto module = moduleOf("Wrong");
        module.register_parameter("first", memory.narrow(0, 0, 4), false);
        module.register_parameter("second", memory.narrow(0, 2, 4), false);
        module.define("def forward(self, x):\n  return x.flatten(1)[:, :4] * self.first * self.second\n");
        const auto network = opened(module);
        QVERIFY(!network);
        QVERIFY2(network.error().message.find("first and second share memory") != std::string::npos,
                 network.error().message.c_str());
    }
    void wrongFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        whole().save((folder() / "whole.pt").string());
        std::ifstream stream(folder() / "whole.pt", std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
        const auto good = QByteArray::fromStdString(bytes);
        auto damaged = good;
        damaged.replace("__torch__", "__torsh__");
        QTest::newRow("empty") << QByteArray() << "model.pt: is empty";
        QTest::newRow("text") << QByteArray("weights") << "is something else";
        QTest::newRow("old") << QByteArray("\x80\x02\x8a\x0a") << "before PyTorch 1.6";
        QTest::newRow("cut") << good.left(good.size() / 2) << "is an archive that is cut short";
        QTest::newRow("cut early") << good.left(10) << "is an archive that is cut short";
        QTest::newRow("another archive")
            << QByteArray::fromBase64(
                   "UEsDBBQAAAAAAAAAIQCGphA2BQAAAAUAAAAFAAAAYS90eHRoZWxsb1BLAQIUAxQAAAAAAAAA"
                   "IQCGphA2BQAAAAUAAAAFAAAAAAAAAAAAAACAAQAAAABhL3R4dFBLBQYAAAAAAQABADMAAAAo"
                   "AAAAAAA=")
            << "or of something else";
        QTest::newRow("damaged") << damaged << "cannot be opened";
    }
    void wrongFilesAreRefused()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        std::ofstream(folder() / "model.pt", std::ios::binary) << content.toStdString();
        const auto network = opened(recipe());
        QVERIFY(!network);
        const auto message = QString::fromStdString(network.error().message);
        QVERIFY2(message.contains(says) && message.contains(QStringLiteral("model.pt")) &&
                     !message.contains(QLatin1Char('\n')),
                 qUtf8Printable(message));
    }
    void wrongRecipesAreRefused()
    {
        whole().save((folder() / "model.pt").string());
        const auto says = [this](const ModelRecipe& model) {
            const auto network = opened(model);
            return network ? QString() : QString::fromStdString(network.error().message);
        };
        auto model = recipe();
        model.head.emplace();
        QVERIFY(says(model).contains(QStringLiteral("keeps its own classifier")));
        model = recipe();
        model.options.stem = "small";
        QVERIFY(says(model).contains(QStringLiteral("takes \"module\" alone")));
        model.options = {};
        QVERIFY(says(model).contains(QStringLiteral("/model/options/module: is missing")));
        model.options.module = "none.pt";
        QVERIFY(says(model).contains(QStringLiteral("none.pt: No such file")));
        model.options.module = ".";
        QVERIFY(says(model).contains(QStringLiteral("it is a folder")));
    }
};

QTEST_APPLESS_MAIN(TestTorchScript)
#include "tst_torchscript.moc"
