#include <QTest>

#include "base/json.h"
#include "training/course.h"
#include "training/phase_changes.h"

using namespace frostline;

namespace {

Json minimal()
{
    return {{"frostline", "recipe/1"},
            {"name", "trial"},
            {"data", {{"path", "dataset:fashion-mnist"}}},
            {"model", {{"architecture", "convnet"}}},
            {"optimizer", {{"kind", "sgd"}, {"learning_rate", 0.1}}}};
}

Result<Recipe> read(const char* key, const char* text)
{
    auto json = minimal();
    json[key] = Json::parse(text);
    return recipeFromJson(json, "trial.json", "/here");
}

EpochRecord epochOf(int number, double validationLoss, double rate = 0.1)
{
    EpochRecord epoch;
    epoch.epoch = number;
    epoch.step = number * 10;
    epoch.validation = Scores{.loss = validationLoss, .accuracy = 0.5};
    epoch.learningRate = rate;
    return epoch;
}

} // namespace

class TestCourse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatTheFirstPhaseSetsIsHowTheRecipeBegins()
    {
        const auto recipe = read("phases", R"([
            {"name": "head", "epochs": 2, "trainable": ["last 1 stage"], "learning_rate": 0.5},
            {"epochs": 3, "trainable": ["*"], "statistics": "frozen"}])");
        QVERIFY2(recipe, recipe ? "" : recipe.error().message.c_str());
        QCOMPARE(recipe->epochs, 5);
        QCOMPARE(recipe->optimizer.learningRate, 0.5);
        QCOMPARE(recipe->layers.size(), std::size_t{2});
        QCOMPARE(recipe->layers[1].match, std::string("last 1 stage"));
        QVERIFY(!recipe->phases[0].trainable);
        QCOMPARE(recipe->phases[1].name, std::string("phase 2"));
        const auto again = recipeFromJson(toJson(*recipe), "trial.json", recipe->folder);
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QVERIFY(*again == *recipe);
    }
    void shortFormsAreWrittenOut()
    {
        const auto two =
            read("phases", R"({"two_phase": {"head_epochs": 5, "epochs": 10, "learning_rate": 1e-5,
                                            "trainable": ["layer4", "fc"]}})");
        QVERIFY2(two, two ? "" : two.error().message.c_str());
        QCOMPARE(two->phases.size(), std::size_t{2});
        QCOMPARE(two->epochs, 15);
        QCOMPARE(*two->phases[1].learningRate, 1e-5);
        QCOMPARE(two->phases[1].trainable->front(), std::string("layer4"));
        const auto gradual =
            read("phases", R"({"gradual": {"stages": 2, "every": 3, "phases": 2, "ratio": 2.0,
                                                "all_epochs": 4}})");
        QVERIFY2(gradual, gradual ? "" : gradual.error().message.c_str());
        QCOMPARE(gradual->phases.size(), std::size_t{3});
        QCOMPARE(gradual->epochs, 10);
        QCOMPARE(gradual->phases[1].trainable->front(), std::string("last 4 stages"));
        std::vector<std::pair<std::string, double>> rates;
        for (const auto& rule : gradual->layers) {
            if (rule.rate)
                rates.emplace_back(rule.match, *rule.rate);
        }
        const std::vector<std::pair<std::string, double>> expected{
            {"*", 0.25}, {"last 4 stages", 0.5}, {"last 2 stages", 1.0}};
        QCOMPARE(rates, expected);
    }
    void mistakesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const char* key, const char* text, const char* says) {
            QTest::newRow(name) << QByteArray(key) << QByteArray(text) << QByteArray(says);
        };
        row("no epochs", "phases", R"([{"name": "a"}])", "/phases/0/epochs a phase needs \"epochs\"");
        row("no phases", "phases", "[]", "/phases at least one phase");
        row("nothing named", "phases", R"([{"epochs": 3, "trainable": []}])", "/phases/0/trainable name at");
        row("two forms", "phases",
            R"({"two_phase": {"head_epochs": 1, "epochs": 1, "learning_rate": 1}, "gradual": {}})",
            "/phases/gradual there is");
        row("foreign key", "schedule", R"({"kind": "cosine", "factor": 0.5})",
            "/schedule/factor does not go with \"kind\": \"cosine\"");
        row("falling milestones", "schedule", R"({"kind": "multi_step", "milestones": [5, 3]})",
            "/schedule/milestones expected epochs in rising order");
        row("warm-up of nothing", "schedule", R"({"warmup": {"from": 0.5}})",
            "/schedule/warmup/epochs say how");
        row("rate twice", "phases", R"([{"epochs": 1, "optimizer": {"learning_rate": 1}}])",
            "/phases/0/optimizer/learning_rate stands in the phase itself");
        row("nesterov", "phases", R"([{"epochs": 1}, {"epochs": 1, "optimizer": {"momentum": 0.9,
            "nesterov": true}}])",
            "/phases/1/optimizer/nesterov cannot change");
    }
    void mistakesAreNamed()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        const auto recipe = read(key.constData(), text.constData());
        QVERIFY(!recipe);
        auto message = QByteArray::fromStdString(recipe.error().message);
        QVERIFY2(message.replace(": ", " ").contains(says.replace(": ", " ")),
                 recipe.error().message.c_str());
    }
    void whatCannotComeToPassIsNamed_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char* name, const char* key, const char* text, const char* says) {
            QTest::newRow(name) << QByteArray(key) << QByteArray(text) << QByteArray(says);
        };
        row("endless phase", "phases", R"([{"epochs": 9}, {"epochs": 3, "until": {"patience": 3}}])",
            "/phases/1/until: a patience of 3 cannot end a phase of 3 epochs; give it more epochs or less "
            "patience");
        row("endless run", "early_stopping", R"({"patience": 5})",
            "/early_stopping: a patience of 5 cannot end a run of 5 epochs; give it more epochs or less "
            "patience");
        row("minimum above", "schedule", R"({"kind": "cosine", "minimum": 0.5})",
            "/schedule: its minimum 0.5 is not below the learning rate 0.1");
    }
    void whatCannotComeToPassIsNamed()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        const auto recipe = read(key.constData(), text.constData()); // A saved one is read all the same.
        QVERIFY2(recipe, recipe ? "" : recipe.error().message.c_str());
        const auto goes = checkCourse(*recipe);
        QVERIFY(!goes);
        QCOMPARE(QByteArray::fromStdString(goes.error().message), says);
    }
    void aPhasesOptimizerReadsBackWhole()
    {
        auto json = minimal();
        json["optimizer"] = Json::parse(R"({"kind": "adam", "clip_norm": 0.5, "betas": [0.8, 0.9]})");
        json["phases"] = Json::parse(R"([{"epochs": 1},
            {"epochs": 1, "optimizer": {"clip_norm": 0, "epsilon": 1e-7}},
            {"epochs": 1, "optimizer": {"weight_decay": 0.1}}])");
        const auto recipe = recipeFromJson(json, "trial.json", "/here");
        QVERIFY2(recipe, recipe ? "" : recipe.error().message.c_str());
        QCOMPARE(recipe->phases[2].optimizer->epsilon, 1e-7); // As in the phase before.
        QCOMPARE(recipe->phases[2].optimizer->beta1, 0.8);
        auto other = *recipe; // As a branch finds it, where the optimizer in force is another.
        other.optimizer = {.kind = OptimizerKind::Sgd, .learningRate = 1e-5, .momentum = 0.9};
        const auto again = recipeFromJson(toJson(other), "trial.json", recipe->folder);
        QVERIFY2(again, again ? "" : again.error().message.c_str());
        QVERIFY(again->phases == recipe->phases);
    }
    void epochsDoNotGoWithPhases()
    {
        auto json = minimal();
        json["phases"] = Json::parse(R"([{"epochs": 3}])");
        json["epochs"] = 3;
        const auto recipe = recipeFromJson(json, "trial.json", "/here");
        QVERIFY(!recipe);
        QVERIFY(recipe.error().message.find("/epochs") != std::string::npos);
    }
    void plateauDropsAndCoolsDown()
    {
        auto recipe = *read("schedule", R"({"kind": "plateau", "factor": 0.5, "patience": 1, "cooldown": 1,
                                            "threshold": 0.0})");
        recipe.epochs = 20;
        Course course(recipe, 10);
        std::vector<double> rates;
        for (int epoch = 1; epoch <= 8; ++epoch) {
            course.addEpoch(epochOf(epoch, 1.0, course.rateAt((epoch - 1) * 10, 0.1)));
            rates.push_back(course.rateAt(epoch * 10, 0.1));
        }
        // torch.optim.lr_scheduler.ReduceLROnPlateau on eight equal losses.
        const std::vector<double> expected{0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025};
        QCOMPARE(rates, expected);
    }
    void aPhaseEndsByItself()
    {
        const auto recipe = *read("phases", R"([
            {"name": "a", "epochs": 9, "until": {"patience": 2, "threshold": 0.1}, "restore_best": true},
            {"name": "b", "epochs": 2, "trainable": ["*"]}])");
        Course course(recipe, 10);
        course.addEpoch(epochOf(1, 1.0));
        course.addEpoch(epochOf(2, 0.95)); // Better, but not by 0.1.
        QCOMPARE(course.phase(), 0);
        QCOMPARE(course.epochsAtMost(), 11);
        course.addEpoch(epochOf(3, 0.91));
        QCOMPARE(course.phase(), 1);
        QCOMPARE(course.phaseBegan(), Step{30});
        QCOMPARE(course.epochsAtMost(), 5);
        QCOMPARE(course.whyEnded(),
                 std::string("a ended early: validation_loss has not got better for 2 epochs"));
        QCOMPARE(*course.goesBackTo(), Step{10}); // By accuracy, which all share: the first.
        course.addEpoch(epochOf(4, 1.0));
        QVERIFY(!course.goesBackTo());
        course.addEpoch(epochOf(5, 1.0));
        QVERIFY(course.isOver());
    }
    void figuresThatAreNoNumbersAreNeverBetter()
    {
        const auto recipe = *read("early_stopping", R"({"patience": 2})");
        Course course(recipe, 10);
        course.addEpoch(epochOf(1, kNoFigure));
        QVERIFY(!course.isOver());
        course.addEpoch(epochOf(2, kNoFigure));
        QVERIFY(course.isOver());
    }
};

QTEST_GUILESS_MAIN(TestCourse)
#include "tst_course.moc"
