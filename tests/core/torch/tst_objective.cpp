#include <QTest>

#include <torch/types.h>

#include <cmath>
#include <functional>
#include <numeric>

#include "evaluation/evaluate.h"
#include "training/feature_cache.h"
#include "training/trainer.h"

using namespace frostline;

namespace {

using Wanted = Objective::Wanted;

Recipe recipeFor(Task task, LossRecipe loss = {})
{
    Recipe recipe;
    recipe.name = "trial";
    recipe.data.task = task;
    recipe.loss = loss;
    if (!hasAccuracy(task))
        recipe.checkpoints.watched.monitor = Monitor::ValidationLoss;
    return recipe;
}

DataSet imagesOf(std::int64_t count, int classes, int channels = 1)
{
    DataSet set;
    set.channels = channels;
    set.height = set.width = 4;
    set.pixels.resize(static_cast<std::size_t>(count) * set.sampleSize());
    for (std::size_t i = 0; i < set.pixels.size(); ++i)
        set.pixels[i] = static_cast<std::uint8_t>(i * 37 + i / 5);
    for (int i = 0; i < classes; ++i)
        set.classNames.push_back(std::to_string(i));
    for (std::int64_t i = 0; i < count; ++i)
        set.labels.push_back(i % classes);
    return set;
}

/// Two numbers that follow from the pixels, so that they can be learned.
DataSet valuesOf(std::int64_t count)
{
    auto set = imagesOf(count, 1);
    set.targetShape = {2};
    for (std::int64_t i = 0; i < count; ++i) {
        const auto image = set.image(i);
        set.targets.push_back(static_cast<float>(image[0]) / 255.0f);
        set.targets.push_back(static_cast<float>(image[1]) / 255.0f - static_cast<float>(image[2]) / 510.0f);
    }
    return set;
}

Objective objectiveFor(const Recipe& recipe, const DataSet& set)
{
    auto objective = Objective::create(recipe, set);
    if (!objective)
        qFatal("%s", objective.error().message.c_str());
    return *objective;
}

BatchFigures figuresOf(const Objective& objective, const torch::Tensor& outputs, const torch::Tensor& targets,
                       Wanted wanted = Wanted::All)
{
    return objective.figures(outputs, targets, objective.loss(outputs, targets), wanted);
}

bool isNear(double value, double expected)
{
    return std::abs(value - expected) <= 1e-6 * std::max(1.0, std::abs(expected));
}

/// -log of the share of class `label`, in double precision.
double crossEntropy(const std::vector<double>& row, std::size_t label)
{
    double sum = 0.0;
    for (const double score : row)
        sum += std::exp(score);
    return std::log(sum) - row[label];
}

torch::Tensor tensorOf(const std::vector<std::vector<double>>& rows)
{
    std::vector<torch::Tensor> made;
    for (const auto& row : rows)
        made.push_back(torch::tensor(row, torch::kDouble).to(torch::kFloat));
    return torch::stack(made);
}

std::unique_ptr<Trainer> trainerFor(const Recipe& recipe, std::shared_ptr<const DataSplits> data)
{
    Trainer::Options options;
    options.cache = std::make_shared<FeatureCache>(FeatureOptions{.enabled = false, .folder = {}});
    options.data = std::move(data);
    auto trainer = Trainer::create(recipe, std::move(options));
    if (!trainer)
        qFatal("%s", trainer.error().message.c_str());
    return std::move(*trainer);
}

std::shared_ptr<const DataSplits> splitsOf(const std::function<DataSet(std::int64_t)>& make)
{
    DataSplits data{make(40), make(12), {}};
    return std::make_shared<const DataSplits>(std::move(data));
}

Recipe trainable(Task task)
{
    auto recipe = recipeFor(task);
    const bool isImage = task == Task::Reconstruction;
    recipe.model.architecture = isImage ? "autoencoder" : "mlp";
    if (!isImage)
        recipe.model.options.sizes = {16};
    recipe.optimizer.learningRate = 0.01;
    recipe.batchSize = 10;
    return recipe;
}

const std::vector<std::int64_t> kBatch{3, 1, 4, 15, 9, 2, 6, 5, 35, 8};

double stepOf(Trainer& trainer, Step step)
{
    const auto outcome = trainer.step(step, kBatch, kBatch.size());
    if (!outcome.problem.empty())
        qFatal("%s", outcome.problem.c_str());
    return outcome.loss;
}

} // namespace

class TestObjective : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void crossEntropyAsByHand()
    {
        const auto set = imagesOf(3, 3);
        const std::vector<std::vector<double>> rows{{1.0, 2.0, 0.5}, {0.0, -1.0, 3.0}};
        const auto targets = torch::tensor({std::int64_t{1}, std::int64_t{0}});
        const auto outputs = tensorOf(rows);
        const auto plain = objectiveFor(recipeFor(Task::Classes), set);
        const double expected = (crossEntropy(rows[0], 1) + crossEntropy(rows[1], 0)) / 2.0;
        const auto figures = figuresOf(plain, outputs, targets);
        QVERIFY(isNear(figures.loss, expected));
        QCOMPARE(figures.correct, std::int64_t{1});
        QVERIFY(std::isnan(figures.mae));
        // Smoothing: a tenth of the weight is spread over all three classes.
        LossRecipe smoothed;
        smoothed.labelSmoothing = 0.1;
        double expectedSmooth = 0.0;
        for (std::size_t i = 0; i < 2; ++i) {
            double all = 0.0;
            for (std::size_t label = 0; label < 3; ++label)
                all += crossEntropy(rows[i], label) / 3.0;
            expectedSmooth += 0.9 * crossEntropy(rows[i], i == 0 ? 1 : 0) + 0.1 * all;
        }
        const auto smooth = objectiveFor(recipeFor(Task::Classes, smoothed), set);
        QVERIFY(isNear(figuresOf(smooth, outputs, targets).loss, expectedSmooth / 2.0));
        const auto each = plain.lossOfEach(outputs, targets);
        QVERIFY(isNear(each[1].item<double>(), crossEntropy(rows[1], 0)));
    }
    void topFiveWithTies()
    {
        const auto set = imagesOf(7, 7);
        const auto objective = objectiveFor(recipeFor(Task::Classes), set);
        QVERIFY(objective.hasTopFive());
        QVERIFY(!objectiveFor(recipeFor(Task::Classes), imagesOf(5, 5)).hasTopFive());
        // All alike: the first five classes are the five most likely, and the first is the most likely.
        const auto labels = torch::arange(7, torch::kLong);
        auto figures = figuresOf(objective, torch::zeros({7, 7}), labels);
        QCOMPARE(figures.correct, std::int64_t{1});
        QCOMPARE(figures.amongFive, std::int64_t{5});
        // Ranks 0 to 6 of the same row.
        const auto row = tensorOf({{0.7, 0.1, 0.6, 0.2, 0.5, 0.3, 0.4}});
        figures = figuresOf(objective, row.repeat({7, 1}), labels);
        QCOMPARE(figures.correct, std::int64_t{1});
        QCOMPARE(figures.amongFive, std::int64_t{5});
        ScoreSums sums(objective, set);
        const std::vector<std::int64_t> samples{0, 1, 2, 3, 4, 5, 6};
        sums.add(torch::zeros({7, 7}), labels, samples);
        QCOMPARE(sums.scores().top5, 5.0 / 7.0);
        QCOMPARE(sums.scores().accuracy, 1.0 / 7.0);
    }
    void binaryIsOneLogit()
    {
        const auto set = imagesOf(4, 2);
        const auto objective = objectiveFor(recipeFor(Task::Binary), set);
        QCOMPARE(objective.outputs(), std::int64_t{1});
        const BatchFeed feed(SamplePreparer(set), {0.5}, {0.5}, torch::kCPU);
        const std::vector<std::int64_t> samples{0, 1, 2, 3};
        const auto targets = objective.targets(feed, samples);
        QVERIFY(torch::equal(targets, torch::tensor({0.0f, 1.0f, 0.0f, 1.0f}).unsqueeze(1)));
        const auto outputs = torch::tensor({-2.0f, 1.5f, 0.5f, 0.0f}).unsqueeze(1);
        const auto softplus = [](double x) { return std::log1p(std::exp(x)); };
        const double expected = (softplus(-2.0) + softplus(-1.5) + softplus(0.5) + softplus(0.0)) / 4.0;
        const auto figures = figuresOf(objective, outputs, targets);
        QVERIFY(isNear(figures.loss, expected));
        QCOMPARE(figures.correct, std::int64_t{2}); // Nought is not above one half.
        QVERIFY(isNear(objective.lossOfEach(outputs, targets)[2].item<double>(), softplus(0.5)));
    }
    void valuesByMeanSquareAndMeanError()
    {
        const auto set = valuesOf(4);
        const BatchFeed feed(SamplePreparer(set), {0.5}, {0.5}, torch::kCPU);
        LossRecipe absolute;
        absolute.kind = LossKind::L1;
        const auto squared = objectiveFor(recipeFor(Task::Values), set);
        const auto linear = objectiveFor(recipeFor(Task::Values, absolute), set);
        QCOMPARE(squared.outputs(), std::int64_t{2});
        const std::vector<std::int64_t> samples{2, 0};
        const auto targets = squared.targets(feed, samples);
        QVERIFY(targets.sizes() == torch::IntArrayRef({2, 2}));
        QCOMPARE(targets[1][0].item<float>(), set.targets[0]);
        const auto outputs = targets + tensorOf({{0.5, -1.0}, {0.0, 2.0}});
        QVERIFY(isNear(figuresOf(squared, outputs, targets).loss, (0.25 + 1.0 + 4.0) / 4.0));
        const auto figures = figuresOf(linear, outputs, targets, Wanted::ForStep);
        QVERIFY(isNear(figures.loss, 3.5 / 4.0));
        QVERIFY(isNear(figures.mae, 3.5 / 4.0));
        QVERIFY(std::isnan(figures.squares));
        ScoreSums sums(squared, set);
        sums.add(outputs, targets, samples);
        QVERIFY(std::isnan(sums.scores().accuracy));
        QVERIFY(std::isnan(sums.scores().psnr));
        QVERIFY(isNear(sums.scores().mae, 3.5 / 4.0));
        QVERIFY_EXCEPTION_THROWN(squared.loss(torch::zeros({2, 1}), targets), std::runtime_error);
    }
    void psnrOfPixels()
    {
        const auto set = imagesOf(2, 1, 2);
        auto recipe = recipeFor(Task::Reconstruction);
        recipe.data.mean = {0.5, 0.25};
        recipe.data.deviation = {0.5, 0.25};
        const auto objective = objectiveFor(recipe, set);
        QVERIFY(objective.isImage());
        const BatchFeed feed(SamplePreparer(set), recipe.data.mean, recipe.data.deviation, torch::kCPU);
        const std::vector<std::int64_t> samples{1, 0};
        const auto targets = objective.targets(feed, samples);
        QVERIFY(torch::equal(targets, feed.images(samples)));
        // Each pixel is off by 0.1 of its range, whatever the channel's deviation.
        const auto off = torch::tensor({0.1f / 0.5f, 0.1f / 0.25f}).reshape({1, 2, 1, 1});
        ScoreSums sums(objective, set);
        sums.add(targets + off, targets, samples);
        QVERIFY(std::abs(sums.scores().psnr - 20.0) < 1e-4);
        QVERIFY(isNear(sums.scores().mae, 0.3));
        // Measured values have no range that an error could be compared with.
        auto measured = set;
        measured.values.resize(measured.pixels.size());
        measured.pixels.clear();
        const auto unbounded = objectiveFor(recipe, measured);
        ScoreSums none(unbounded, set);
        none.add(targets + off, targets, samples);
        QVERIFY(std::isnan(none.scores().psnr));
    }
    void recordingsCountAsOne()
    {
        auto set = imagesOf(4, 2);
        set.labels = {0, 0, 1, 1};
        set.clips = {7, 7, 9, 9};
        const auto objective = objectiveFor(recipeFor(Task::Classes), set);
        ScoreSums sums(objective, set);
        // The second patch is wrong, and the first is surer.
        const auto outputs = tensorOf({{3.0, 0.0}, {0.0, 0.5}, {0.0, 1.0}, {0.0, 1.0}});
        sums.add(outputs, torch::tensor(set.labels), std::vector<std::int64_t>{0, 1, 2, 3});
        QCOMPARE(sums.scores().accuracy, 0.75);
        QCOMPARE(sums.scores().clipAccuracy, 1.0);
    }
    void dataThatDoNotFit_data()
    {
        QTest::addColumn<int>("task");
        QTest::addColumn<int>("classes");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("binary, three") << int(Task::Binary) << 3 << QByteArray("exactly two classes");
        QTest::newRow("classes, one") << int(Task::Classes) << 1 << QByteArray("at least two classes");
        QTest::newRow("values, none") << int(Task::Values) << 1 << QByteArray("data_target");
    }
    void dataThatDoNotFit()
    {
        QFETCH(int, task);
        QFETCH(int, classes);
        QFETCH(QByteArray, says);
        const auto objective = Objective::create(recipeFor(static_cast<Task>(task)), imagesOf(6, classes));
        QVERIFY(!objective);
        QVERIFY2(QByteArray::fromStdString(objective.error().message).contains(says),
                 objective.error().message.c_str());
    }
    void accuracyThatIsNotThere()
    {
        auto recipe = recipeFor(Task::Values);
        recipe.checkpoints.watched.monitor = Monitor::TrainAccuracy;
        const auto objective = Objective::create(recipe, valuesOf(3));
        QVERIFY(!objective);
        QVERIFY(objective.error().message.starts_with("/checkpoints/monitor: the task values"));
    }
    void valuesAreLearned()
    {
        const auto data = splitsOf(valuesOf);
        const auto trainer = trainerFor(trainable(Task::Values), data);
        const auto before = trainer->validate({});
        for (Step step = 0; step < 60; ++step)
            stepOf(*trainer, step);
        const auto after = trainer->validate({});
        QVERIFY(after->loss < 0.5 * before->loss);
        QVERIFY(after->mae < before->mae);
        QVERIFY(std::isnan(after->accuracy));
        const auto evaluation = trainer->evaluate({}, {});
        QVERIFY(evaluation);
        QCOMPARE(evaluation->scores.loss, after->loss);
        QCOMPARE(evaluation->scores.mae, after->mae);
        QCOMPARE(evaluation->targets, data->validation.targets);
        QCOMPARE(evaluation->outputShape, std::vector<std::int64_t>{2});
        const auto mean = std::accumulate(evaluation->losses.begin(), evaluation->losses.end(), 0.0) / 12.0;
        QVERIFY(std::abs(mean - after->loss) < 1e-6);
    }
    void goesOnFromACheckpoint_data()
    {
        QTest::addColumn<int>("task");
        QTest::newRow("values") << int(Task::Values);
        QTest::newRow("reconstruction") << int(Task::Reconstruction);
        QTest::newRow("binary") << int(Task::Binary);
    }
    void goesOnFromACheckpoint()
    {
        QFETCH(int, task);
        const auto kind = static_cast<Task>(task);
        const auto data = splitsOf(kind == Task::Values ? std::function(valuesOf) : [](std::int64_t count) {
            return imagesOf(count, 2);
        });
        const auto whole = trainerFor(trainable(kind), data);
        for (Step step = 0; step < 4; ++step)
            stepOf(*whole, step);
        const auto halfway = whole->checkpoint(4, 0);
        const auto resumed = trainerFor(trainable(kind), data);
        QVERIFY(resumed->restore(halfway));
        for (Step step = 4; step < 8; ++step)
            QCOMPARE(stepOf(*resumed, step), stepOf(*whole, step));
        const auto mine = resumed->weights();
        const auto theirs = whole->weights();
        for (std::size_t i = 0; i < mine.size(); ++i)
            QVERIFY(torch::equal(mine[i].tensor, theirs[i].tensor));
        QCOMPARE(resumed->validate({})->loss, whole->validate({})->loss);
    }
    void someSamplesAndNone()
    {
        const auto trainer = trainerFor(trainable(Task::Binary),
                                        splitsOf([](std::int64_t count) { return imagesOf(count, 2); }));
        EvaluationRequest request;
        request.split = Split::Train;
        request.samples = {5, 30};
        const auto some = trainer->evaluate(request, {});
        QVERIFY(some);
        QCOMPARE(some->samples, request.samples);
        QCOMPARE(some->labels, (std::vector<std::int64_t>{1, 0}));
        QCOMPARE(some->outputs.size(), std::size_t{2});
        request.samples = {40};
        QVERIFY(!trainer->evaluate(request, {}));
        request.samples = {};
        request.split = Split::Test;
        const auto none = trainer->evaluate(request, {});
        QVERIFY(!none);
        QVERIFY(none.error().message.find("no samples for test") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestObjective)
#include "tst_objective.moc"
