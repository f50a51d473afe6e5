#include <QTest>

#include <filesystem>
#include <fstream>

#include <QTemporaryDir>

#include "base/json.h"
#include "base/resources.h"
#include "model/layer_changes.h"
#include "training/recipe.h"

using namespace frostline;

namespace {

Json minimal()
{
    return {{"frostline", "recipe/1"},
            {"name", "trial"},
            {"data", {{"path", "dataset:fashion-mnist"}}},
            {"model", {{"architecture", "mlp"}}}};
}

} // namespace

class TestRecipe : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void minimalRecipeHasDefaults()
    {
        const auto recipe = recipeFromJson(minimal(), "trial.json", "/here");
        QVERIFY2(recipe, recipe ? "" : recipe.error().message.c_str());
        QCOMPARE(recipe->batchSize, std::int64_t{64});
        QCOMPARE(recipe->optimizer.kind, OptimizerKind::Adam);
        QCOMPARE(recipe->folder, std::filesystem::path("/here"));
    }
    void shippedRecipesReadBackEqual()
    {
        int count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(*resourcesFolder() / "recipes")) {
            if (entry.path().extension() != ".json")
                continue;
            const auto recipe = loadRecipe(entry.path());
            QVERIFY2(recipe, recipe ? "" : recipe.error().message.c_str());
            const auto again = recipeFromJson(toJson(*recipe), entry.path().string(), recipe->folder);
            QVERIFY2(again, again ? "" : again.error().message.c_str());
            QVERIFY(*again == *recipe);
            ++count;
        }
        QVERIFY(count >= 2);
    }
    void mistakesAreNamedWithTheirPlace_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("says");
        QTest::newRow("misspelt key")
            << "/optimizer/learnin_rate"
            << "0.1"
            << "/optimizer/learnin_rate: unknown key; did you mean \"learning_rate\"?";
        QTest::newRow("misspelt top key") << "/epoch"
                                          << "3"
                                          << "/epoch: unknown key; did you mean \"epochs\"?";
        QTest::newRow("type") << "/optimizer/learning_rate"
                              << "\"fast\""
                              << "/optimizer/learning_rate: expected a number from 0 to 1000, found \"fast\"";
        QTest::newRow("range") << "/epochs"
                               << "0"
                               << "/epochs: expected a whole number from 1 to";
        QTest::newRow("fraction") << "/epochs"
                                  << "2.5"
                                  << "/epochs: expected a whole number";
        QTest::newRow("choice") << "/optimizer/kind"
                                << "\"adan\""
                                << "did you mean \"adam\"?";
        QTest::newRow("list") << "/layers"
                              << "{}"
                              << "/layers: expected a list, found {}";
        QTest::newRow("rule") << "/layers"
                              << "[{\"match\": \"*\", \"trainable\": \"no\"}]"
                              << "/layers/0/trainable: expected true or false";
        QTest::newRow("object") << "/model"
                                << "3"
                                << "/model: expected an object, found 3";
        QTest::newRow("missing") << "/name"
                                 << "\"\""
                                 << "/name: a text is needed here";
        QTest::newRow("newer format") << "/frostline"
                                      << "\"recipe/2\""
                                      << "expected \"recipe/1\", found \"recipe/2\"";
        QTest::newRow("momentum for adam") << "/optimizer/momentum"
                                           << "0.9"
                                           << "only goes with \"kind\": \"sgd\"";
        QTest::newRow("damaged images in one file")
            << "/data/damaged"
            << "\"skip\""
            << "/data/damaged: \"skip\" only goes with image_folder and audio_folder";
        QTest::newRow("normalize") << "/data/normalize"
                                   << "{\"mean\": [0.5], \"std\": [0.5, 0.5]}"
                                   << "mean and std need as many values";
    }
    void mistakesAreNamedWithTheirPlace()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, says);
        auto json = minimal();
        json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
        const auto recipe = recipeFromJson(json, "trial.json", "");
        QVERIFY(!recipe);
        const auto message = QString::fromStdString(recipe.error().message);
        QVERIFY2(message.startsWith(QStringLiteral("trial.json: ")), qPrintable(message));
        QVERIFY2(message.contains(says), qPrintable(message));
    }
    void syntaxErrorsTellLineAndColumn()
    {
        const auto json = parseJson("{\n  \"name\": \"x\",\n  oops\n}", "trial.json");
        QVERIFY(!json);
        QCOMPARE(json.error().message, std::string("trial.json: not valid JSON at line 3, column 3"));
    }
    void numbersOutOfRangeAreErrors()
    {
        const auto json = parseJson("{\"seed\": 1e999}", "trial.json");
        QVERIFY(!json);
        QVERIFY2(json.error().message.starts_with("trial.json: /seed: the number 1e999 is out of range"),
                 json.error().message.c_str());
    }
    void overridesReplaceAndAreChecked()
    {
        QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath(QStringLiteral("trial.json")).toStdString();
        std::ofstream(file) << minimal().dump();
        const auto recipe = loadRecipe(file, {{"optimizer.learning_rate", "1e-4"},
                                              {"name", "other"},
                                              {"layers", R"([{"match":"*","trainable":false}])"}});
        QVERIFY2(recipe, recipe ? "" : recipe.error().message.c_str());
        QCOMPARE(recipe->optimizer.learningRate, 1e-4);
        QCOMPARE(recipe->name, std::string("other"));
        QCOMPARE(recipe->layers.size(), std::size_t{1});
        QVERIFY(!loadRecipe(file, {{"optimizer.learning_rat", "1e-4"}}));
        QVERIFY(!loadRecipe(file, {{"name.inner", "1"}}));
    }
    void savedElsewhereItsPathsStillPointToTheSame()
    {
        QTemporaryDir folder;
        const std::filesystem::path root = folder.path().toStdString();
        auto json = minimal();
        json["data"]["path"] = "images";
        json["model"]["weights"] = "resource:weights/x.safetensors";
        const auto recipe = recipeFromJson(json, "x", root / "a");
        QVERIFY(recipe);
        std::filesystem::create_directories(root / "b/c");
        QVERIFY(saveRecipe(*recipe, root / "b/c/copy.json"));
        const auto copy = loadRecipe(root / "b/c/copy.json");
        QVERIFY(copy);
        QCOMPARE(*resolvePath(copy->data.path, copy->folder), root / "a/images");
        QCOMPARE(copy->model.weights, std::string("resource:weights/x.safetensors"));
    }
    void rulesGiveBackTheSettingsTheyCameFrom()
    {
        LayerTable table(4);
        const char* paths[] = {"block1", "block1.conv", "block1.norm", "head"};
        for (std::size_t i = 0; i < 4; ++i) {
            table[i].path = paths[i];
            table[i].parameters = 10;
            table[i].prunable = 10;
            table[i].parent = i == 1 || i == 2 ? 0 : -1;
        }
        table[0].isLeaf = false;
        table[2].isNormalisation = true;
        auto wanted = table;
        QVERIFY(applyChange(wanted, {ChangeKind::Trainable, "block1", false}));
        QVERIFY(applyChange(wanted, {ChangeKind::RateMultiplier, "head", 2.0}));
        QVERIFY(applyChange(wanted, {ChangeKind::Sparsity, "block1.conv", 0.5}));
        QVERIFY(applyChange(wanted, {ChangeKind::Statistics, "block1.norm", std::string("updating")}));
        const auto rules = rulesFor(wanted);
        QCOMPARE(rules.size(), std::size_t{4});
        QCOMPARE(rules[0].match, std::string("block1"));
        for (const auto& rule : rules) {
            if (rule.trainable)
                QVERIFY(applyChange(table, {ChangeKind::Trainable, rule.match, *rule.trainable}));
            if (rule.rate)
                QVERIFY(applyChange(table, {ChangeKind::RateMultiplier, rule.match, *rule.rate}));
            if (rule.sparsity)
                QVERIFY(applyChange(table, {ChangeKind::Sparsity, rule.match, *rule.sparsity}));
            if (rule.statistics)
                QVERIFY(applyChange(
                    table, {ChangeKind::Statistics, rule.match, std::string(nameOf(*rule.statistics))}));
        }
        for (std::size_t i = 1; i < 4; ++i)
            QVERIFY(table[i].settings == wanted[i].settings);
    }
};

QTEST_APPLESS_MAIN(TestRecipe)
#include "tst_recipe.moc"
