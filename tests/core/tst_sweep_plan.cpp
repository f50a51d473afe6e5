#include <QTest>

#include <fstream>

#include <QTemporaryDir>

#include "base/json.h"
#include "model/layer_changes.h"
#include "sweep/sweep_plan.h"
#include "training/starting_layers.h"

using namespace frostline;

namespace {

/// conv, layer1(0(conv, norm), 1(conv)), pool, fc: four stages with parameters, and one without.
LayerTable layers()
{
    const auto row = [](std::string path, const char* kind, int parent, int stage, std::int64_t parameters) {
        LayerInfo layer;
        layer.name = path.substr(path.rfind('.') + 1);
        layer.path = std::move(path);
        layer.kind = kind;
        layer.parent = parent;
        layer.stage = stage;
        layer.parameters = parameters;
        layer.isNormalisation = layer.kind == "BatchNorm2d";
        layer.prunable = layer.isNormalisation ? 0 : parameters;
        return layer;
    };
    LayerTable table{row("conv", "Conv2d", -1, 0, 100),
                     row("layer1", "Sequential", -1, 1, 108),
                     row("layer1.0", "Block", 1, 1, 58),
                     row("layer1.0.conv", "Conv2d", 2, 1, 50),
                     row("layer1.0.norm", "BatchNorm2d", 2, 1, 8),
                     row("layer1.1", "Block", 1, 2, 50),
                     row("layer1.1.conv", "Conv2d", 5, 2, 50),
                     row("pool", "AvgPool2d", -1, 3, 0),
                     row("fc", "Linear", -1, 4, 20)};
    for (const int container : {1, 2, 5})
        table[static_cast<std::size_t>(container)].isLeaf = false;
    deriveStatistics(table);
    return table;
}

/// As a run would set them, without its data.
Result<LayerTable> layersOf(const Recipe& recipe)
{
    auto table = layers();
    for (const auto& change : startingChanges(recipe)) {
        if (const auto applied = applyChange(table, change); !applied)
            return badInput(recipe.source + "/layers: " + applied.error().message);
    }
    return table;
}

QString joined(const std::vector<std::string>& texts)
{
    QStringList list;
    for (const auto& text : texts)
        list << QString::fromStdString(text);
    return list.join(QStringLiteral(" | "));
}

QString message(const Error& error)
{
    return QString::fromStdString(error.message);
}

/// `conv layer1.0.conv ...`, the leaves that train.
QString trainableOf(const Recipe& recipe)
{
    std::vector<std::string> names;
    const auto table = *layersOf(recipe);
    for (const auto& layer : table) {
        if (layer.isLeaf && layer.hasParameters() && layer.settings.trainable)
            names.push_back(layer.path);
    }
    return joined(names);
}

} // namespace

class TestSweepPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_file = m_folder.filePath(QStringLiteral("trial.json")).toStdString();
        write(Json::array());
    }
    void init() { write(Json::array()); }

    void gridsAreSplitOutsideOfBrackets_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("values");
        QTest::newRow("numbers") << "batch_size=8, 16"
                                 << "8 | 16";
        QTest::newRow("one") << "optimizer.kind=sgd"
                             << "sgd";
        QTest::newRow("lists") << "model.options.sizes=[8,16],[32]"
                               << "[8,16] | [32]";
        QTest::newRow("objects") << "model.head={\"hidden\": [4, 5]},{\"hidden\": []}"
                                 << "{\"hidden\": [4, 5]} | {\"hidden\": []}";
        QTest::newRow("quotes") << "title=\"a, b\",\"c]\""
                                << "\"a, b\" | \"c]\"";
        QTest::newRow("an escaped quote") << "title=\"a\\\",b\",c"
                                          << "\"a\\\",b\" | c";
        QTest::newRow("an equals sign") << "title=a=b"
                                        << "a=b";
        QTest::newRow("empty text") << "model.weights=\"\",x.pth"
                                    << "\"\" | x.pth";
    }
    void gridsAreSplitOutsideOfBrackets()
    {
        QFETCH(QString, text);
        QFETCH(QString, values);
        const auto axis = gridAxisOf(text.toStdString());
        QVERIFY2(axis, axis ? "" : axis.error().message.c_str());
        QCOMPARE(joined(axis->values), values);
    }
    void mistakesInGridsAreNamed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("no value") << "batch_size"
                                  << "expected KEY=V1,V2";
        QTest::newRow("no key") << "=1,2"
                                << "expected KEY=V1,V2";
        QTest::newRow("nothing") << "batch_size="
                                 << "a value is empty";
        QTest::newRow("an empty one") << "batch_size=1,,2"
                                      << "a value is empty";
        QTest::newRow("twice") << "batch_size=8,16,8"
                               << "the value 8 stands twice";
        QTest::newRow("twice, spelt otherwise") << "optimizer.learning_rate=0.001,1e-3"
                                                << "the value 1e-3 stands twice";
        QTest::newRow("a bracket") << "data.classes=[1,2"
                                   << "brackets and quotes";
        QTest::newRow("a bracket too much") << "data.classes=1],[2"
                                            << "brackets and quotes";
        QTest::newRow("a quote") << "title=\"a,b"
                                 << "brackets and quotes";
        QTest::newRow("seed") << "seed=1,2"
                              << "--seeds";
    }
    void mistakesInGridsAreNamed()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto axis = gridAxisOf(text.toStdString());
        QVERIFY(!axis);
        QVERIFY2(message(axis.error()).contains(says), axis.error().message.c_str());
        QVERIFY2(message(axis.error()).startsWith(QStringLiteral("--grid ")), axis.error().message.c_str());
    }

    void depthsCountStagesWithParameters()
    {
        QCOMPARE(joined(depthsOf(layers())), QStringLiteral("fc | layer1.1 | layer1.0 | conv"));
    }
    void depthsAreNamed_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("depths");
        QTest::newRow("all") << "all"
                             << "1 | 2 | 3 | 4";
        QTest::newRow("numbers") << "1,2, 4"
                                 << "1 | 2 | 4";
        QTest::newRow("their order") << "4,1"
                                     << "4 | 1";
        QTest::newRow("head only") << "head only,2"
                                   << "1 | 2";
        QTest::newRow("all among others") << "1,all"
                                          << "1 | 4";
        QTest::newRow("a stage") << "layer1.1"
                                 << "2";
        QTest::newRow("a container") << "layer1"
                                     << "3";
        QTest::newRow("inside a stage") << "layer1.0.norm"
                                        << "3";
        QTest::newRow("a stage without parameters") << "pool"
                                                    << "1";
    }
    void depthsAreNamed()
    {
        QFETCH(QString, text);
        QFETCH(QString, depths);
        const auto named = depthsNamed(text.toStdString(), layers());
        QVERIFY2(named, named ? "" : named.error().message.c_str());
        std::vector<std::string> texts;
        for (const int depth : *named)
            texts.push_back(std::to_string(depth));
        QCOMPARE(joined(texts), depths);
    }
    void impossibleDepthsAreOneSentence_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("none") << "0"
                              << "--unfreeze-depths: 0: nothing would train; 1 trains the head only";
        QTest::newRow("too deep") << "5"
                                  << "depths of this network go from 1 (fc) to 4 (conv)";
        QTest::newRow("negative") << "-1"
                                  << "go from 1 (fc) to 4 (conv)";
        QTest::newRow("huge") << "99999999999999999999"
                              << "go from 1 (fc) to 4 (conv)";
        QTest::newRow("no layer") << "layer2"
                                  << "no such layer; depths of this network go from 1 (fc) to 4";
        QTest::newRow("misspelt") << "layer1.O"
                                  << "did you mean \"layer1.0\"?";
        QTest::newRow("an empty one") << "1,,2"
                                      << "one is empty";
        QTest::newRow("twice") << "1,2,1"
                               << "depth 1 stands twice";
        QTest::newRow("twice by name") << "2,layer1.1"
                                       << "layer1.1: depth 2 stands twice";
    }
    void impossibleDepthsAreOneSentence()
    {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto named = depthsNamed(text.toStdString(), layers());
        QVERIFY(!named);
        QVERIFY2(message(named.error()).contains(says), named.error().message.c_str());
    }

    void aDepthReplacesWhatTrainsAndKeepsOtherRules()
    {
        Recipe recipe;
        recipe.layers = {{.match = "*", .trainable = true, .statistics = {}, .rate = 0.5, .sparsity = {}},
                         {.match = "fc", .trainable = false, .statistics = {}, .rate = {}, .sparsity = {}}};
        QCOMPARE(trainableOf(withDepth(recipe, 1)), QStringLiteral("fc"));
        QCOMPARE(trainableOf(withDepth(recipe, 3)),
                 QStringLiteral("layer1.0.conv | layer1.0.norm | layer1.1.conv | fc"));
        QCOMPARE(trainableOf(withDepth(recipe, 4)),
                 QStringLiteral("conv | layer1.0.conv | layer1.0.norm | layer1.1.conv | fc"));
        const auto deep = withDepth(recipe, 2);
        QCOMPARE(deep.layers.size(), std::size_t{3});
        QCOMPARE(deep.layers.back().rate, std::optional(0.5));
        QVERIFY(!deep.layers.back().trainable);
    }

    void axesMultiply()
    {
        const auto plan = planned({.recipe = m_file,
                                   .set = {{"epochs", "3"}},
                                   .depths = "head only,layer1",
                                   .grids = {"batch_size=8,16", "optimizer.kind=adam,sgd"},
                                   .seeds = 3});
        QCOMPARE(plan.runs(), std::size_t{24});
        std::vector<std::string> places;
        for (const auto& point : plan.points) {
            places.push_back(textOf(point.place));
            QCOMPARE(point.recipe.epochs, 3);
        }
        QCOMPARE(joined({places[0], places[1], places[2], places[7]}),
                 QStringLiteral("depth 1 (fc), batch_size=8, optimizer.kind=adam | "
                                "depth 3 (layer1.0), batch_size=8, optimizer.kind=adam | "
                                "depth 1 (fc), batch_size=8, optimizer.kind=sgd | "
                                "depth 3 (layer1.0), batch_size=16, optimizer.kind=sgd"));
        QCOMPARE(plan.points[7].recipe.batchSize, std::int64_t{16});
        QCOMPARE(plan.points[7].recipe.optimizer.kind, OptimizerKind::Sgd);
        QCOMPARE(plan.seedAt(2), std::uint64_t{9});
    }
    void withoutAxesThereIsOnePoint()
    {
        const auto plan = planned({.recipe = m_file, .set = {}, .depths = {}, .grids = {}, .seeds = 2});
        QCOMPARE(plan.points.size(), std::size_t{1});
        QCOMPARE(textOf(plan.points[0].place), std::string());
        QVERIFY(plan.points[0].recipe == plan.base);
    }

    void mistakesAreFoundBeforeAnythingRuns_data()
    {
        QTest::addColumn<QString>("set");
        QTest::addColumn<QString>("depths");
        QTest::addColumn<QString>("grid");
        QTest::addColumn<QString>("says");
        QTest::newRow("a misspelt key")
            << ""
            << ""
            << "optimizer.learnin_rate=0.1,0.2"
            << "/optimizer/learnin_rate: unknown key; did you mean \"learning_rate\"?";
        QTest::newRow("no place") << ""
                                  << ""
                                  << "name.deep=1"
                                  << "--grid name.deep=1: the recipe has no place for the key \"name.deep\"";
        QTest::newRow("a bad value") << ""
                                     << ""
                                     << "batch_size=8,many"
                                     << "--grid batch_size=many: ";
        QTest::newRow("a pattern without a match")
            << ""
            << ""
            << "layers=[{\"match\": \"fc\", \"trainable\": true}],[{\"match\": \"nix\", \"rate\": 2}]"
            << "pattern \"nix\" matches no layer";
        QTest::newRow("a phase's pattern without a match")
            << ""
            << ""
            << "phases=[{\"name\": \"a\", \"epochs\": 1}, {\"name\": \"b\", \"epochs\": 1, \"trainable\": "
               "[\"nix\"]}]"
            << "/phases/1/trainable: pattern \"nix\" matches no layer";
        QTest::newRow("nothing trains") << ""
                                        << ""
                                        << "layers=[{\"match\": \"*\", \"trainable\": false}]"
                                        << "nothing would be trainable";
        QTest::newRow("depths of phases") << "phases=[{\"name\": \"a\", \"epochs\": 1}]"
                                          << "1,2"
                                          << ""
                                          << "a depth is of a run of one phase";
        QTest::newRow("depths of phases in the grid") << ""
                                                      << "1"
                                                      << "phases=[{\"name\": \"a\", \"epochs\": 1}],null"
                                                      << "a depth is of a run of one phase";
        QTest::newRow("twins") << ""
                               << "1"
                               << "layers=[],[{\"match\": \"fc\", \"trainable\": true}]"
                               << "are the same recipe";
        QTest::newRow("too many") << ""
                                  << "" << QString(QStringLiteral("batch_size=") + numbers(4000))
                                  << "at most 10000";
    }
    void mistakesAreFoundBeforeAnythingRuns()
    {
        QFETCH(QString, set);
        QFETCH(QString, depths);
        QFETCH(QString, grid);
        QFETCH(QString, says);
        SweepRequest request;
        request.recipe = m_file;
        const auto equals = set.indexOf(u'=');
        if (equals > 0)
            request.set.emplace_back(set.left(equals).toStdString(), set.mid(equals + 1).toStdString());
        request.depths = depths.toStdString();
        if (!grid.isEmpty())
            request.grids.push_back(grid.toStdString());
        request.seeds = 3;
        const auto plan = planSweep(request, layersOf);
        QVERIFY(!plan);
        QVERIFY2(message(plan.error()).contains(says), plan.error().message.c_str());
        QVERIFY2(!message(plan.error()).contains(u'\n'), plan.error().message.c_str());
    }
    void aKeyStandsInOneGrid()
    {
        SweepRequest request;
        request.recipe = m_file;
        request.grids = {"batch_size=8", "batch_size=16"};
        const auto plan = planSweep(request, layersOf);
        QVERIFY(!plan);
        QVERIFY2(message(plan.error()).contains(QStringLiteral("batch_size: stands twice")),
                 plan.error().message.c_str());
    }

    /// Samples that follow the seed: all depths of one after another, from the lowest frost line up.
    void runsThatShareFollowOneAnother()
    {
        const SweepRequest request{.recipe = m_file,
                                   .set = {{"data.train_limit", "5"}, {"model.weights", "x.pth"}},
                                   .depths = "all",
                                   .grids = {"optimizer.learning_rate=0.1,0.2"},
                                   .seeds = 2};
        QCOMPARE(
            orderOf(request),
            QStringLiteral("4 0.1 s7 | 4 0.2 s7 | 3 0.1 s7 | 3 0.2 s7 | 2 0.1 s7 | 2 0.2 s7 | 1 0.1 s7 | "
                           "1 0.2 s7 | 4 0.1 s8 | 4 0.2 s8 | 3 0.1 s8 | 3 0.2 s8 | 2 0.1 s8 | 2 0.2 s8 | "
                           "1 0.1 s8 | 1 0.2 s8"));
    }
    /// The same samples and weights for all seeds: what lies under the frost line is theirs in common.
    void seedsShareWhereNothingUnderTheLineFollowsThem()
    {
        SweepRequest request{
            .recipe = m_file, .set = {{"model.weights", "x.pth"}}, .depths = "1,4", .grids = {}, .seeds = 2};
        QCOMPARE(orderOf(request), QStringLiteral("4 s7 | 4 s8 | 1 s7 | 1 s8"));
        request.set.clear();
        QCOMPARE(orderOf(request), QStringLiteral("4 s7 | 1 s7 | 4 s8 | 1 s8"));
    }
    void otherDataShareNothing()
    {
        const SweepRequest request{.recipe = m_file,
                                   .set = {{"model.weights", "x.pth"}},
                                   .depths = "1,4",
                                   .grids = {"data.train_limit=0,5"},
                                   .seeds = 1};
        QCOMPARE(orderOf(request), QStringLiteral("4 0 s7 | 1 0 s7 | 4 5 s7 | 1 5 s7"));
    }

private:
    void write(const Json& rules)
    {
        const Json recipe{{"frostline", "recipe/1"},
                          {"name", "trial"},
                          {"seed", 7},
                          {"data", {{"path", "dataset:fashion-mnist"}}},
                          {"model", {{"architecture", "resnet18"}}},
                          {"layers", rules}};
        std::ofstream(m_file) << jsonText(recipe);
    }
    static QString numbers(int count)
    {
        QStringList list;
        for (int i = 1; i <= count; ++i)
            list << QString::number(i);
        return list.join(u',');
    }
    static SweepPlan planned(const SweepRequest& request)
    {
        auto plan = planSweep(request, layersOf);
        if (!plan)
            qFatal("%s", plan.error().message.c_str());
        return *plan;
    }
    static QString orderOf(const SweepRequest& request)
    {
        const auto plan = planned(request);
        std::vector<std::string> texts;
        for (const auto& [index, seed] : runOrder(plan)) {
            const auto& place = plan.points[index].place;
            texts.push_back(std::to_string(place.depth) +
                            (place.values.empty() ? "" : " " + place.values[0].second) + " s" +
                            std::to_string(plan.seedAt(seed)));
        }
        return joined(texts);
    }

    QTemporaryDir m_folder;
    std::filesystem::path m_file;
};

QTEST_APPLESS_MAIN(TestSweepPlan)

#include "tst_sweep_plan.moc"
