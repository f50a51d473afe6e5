#include <QTest>

#include <cmath>
#include <limits>

#include "fashion_recipe.h"
#include "session/comparison.h"

using namespace frostline;

namespace {

using Curves = std::vector<std::vector<CurvePoint>>;

/// Four steps an epoch, a second each.
Session session(const char* id, Step steps)
{
    Session made;
    made.id = id;
    made.recipe = tests::fashionRecipe();
    made.created = std::string("2026-11-21T16:30:0") + id + "Z";
    for (Step step = 0; step < steps; ++step) {
        MetricPoint point{.step = step, .epoch = static_cast<int>(step / 4) + 1};
        point.loss = 10.0 - static_cast<double>(step);
        point.seconds = static_cast<double>(step + 1);
        made.steps.push_back(point);
        if ((step + 1) % 4 == 0)
            made.epochs.push_back({.epoch = point.epoch,
                                   .step = step + 1,
                                   .train = {},
                                   .validation = Scores{point.loss, 0.5},
                                   .layers = {}});
    }
    return made;
}

template <class... Sessions>
std::vector<const SessionHead*> heads(const Sessions&... sessions)
{
    return {&sessions...};
}

QString toText(const std::vector<CurvePoint>& points)
{
    QStringList texts;
    for (const auto& point : points)
        texts << QStringLiteral("%1:%2").arg(point.x).arg(point.y);
    return texts.join(QLatin1Char(' '));
}

/// `0 1 -3`: indices, a dash for each level.
QString treeText(const std::vector<BranchRow>& rows)
{
    QStringList texts;
    for (const auto& row : rows)
        texts << QString(row.depth, QLatin1Char('-')) + QString::number(row.session);
    return texts.join(QLatin1Char(' '));
}

const SettingRow* find(const std::vector<SettingRow>& rows, const char* key)
{
    const auto found = std::ranges::find(rows, std::string(key), &SettingRow::key);
    return found == rows.end() ? nullptr : &*found;
}

} // namespace

class TestComparison : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void settingsAreDottedAndMarkedWhereTheyDiffer()
    {
        auto first = session("1", 0);
        auto second = session("2", 0);
        second.recipe.name = "another name";
        second.recipe.notes = "and notes";
        second.recipe.optimizer.kind = OptimizerKind::Sgd;
        second.recipe.layers = {
            {.match = "head*", .trainable = true, .statistics = {}, .rate = {}, .sparsity = {}}};
        second.environment.threads = 2;
        const auto rows = settingsOf(heads(first, second));
        QCOMPARE(find(rows, "name"), nullptr);
        QCOMPARE(find(rows, "notes"), nullptr);
        QCOMPARE(find(rows, "frostline"), nullptr);
        const auto* rate = find(rows, "optimizer.learning_rate");
        QVERIFY(rate && !rate->differs);
        QCOMPARE(*rate->values[1], std::string("0.01"));
        const auto* kind = find(rows, "optimizer.kind");
        QVERIFY(kind && kind->differs);
        QCOMPARE(*kind->values[0], std::string("adam"));
        const auto* momentum = find(rows, "optimizer.momentum");
        QVERIFY(momentum && momentum->differs && !momentum->values[0] && momentum->values[1]);
        QCOMPARE(*find(rows, "layers")->values[0], std::string("[]"));
        QCOMPARE(*find(rows, "layers")->values[1], std::string(R"([{"match":"head*","trainable":true}])"));
        QVERIFY(find(rows, "environment.threads")->differs);
        QVERIFY(!find(rows, "environment.device")->differs);
        // What one alone has stands beside its neighbours, not at the end.
        QVERIFY(momentum < find(rows, "batch_size"));
        QVERIFY(find(rows, "environment.cpu") > find(rows, "epochs"));
    }
    void figuresComeFromTheSummary()
    {
        auto recorded = session("1", 8);
        QVERIFY(!figuresOf(recorded).bestAccuracy);
        recorded.summary = {8, 1.5, 2, 0.75, Scores{0.5, 0.7}};
        const auto figures = figuresOf(recorded);
        QCOMPARE(*figures.bestAccuracy, 0.75);
        QCOMPARE(figures.bestEpoch, 2);
        QCOMPARE(figures.last->accuracy, 0.7);
        QCOMPARE(figures.steps, Step{8});
        QCOMPARE(figures.seconds, 1.5);
    }
    void curvesAreAligned_data()
    {
        QTest::addColumn<int>("alignment");
        QTest::addColumn<QString>("train");
        QTest::addColumn<QString>("validation");
        QTest::newRow("step") << int(Alignment::Steps) << "0:10 1:9 2:8 3:7 4:6 5:5"
                              << "4:7";
        QTest::newRow("relative") << int(Alignment::RelativeSteps) << "-3:10 -2:9 -1:8 0:7 1:6 2:5"
                                  << "1:7";
        QTest::newRow("epoch") << int(Alignment::Epochs) << "0:10 0.25:9 0.5:8 0.75:7 1:6 1.25:5"
                               << "1:7";
        QTest::newRow("seconds") << int(Alignment::Seconds) << "1:10 2:9 3:8 4:7 5:6 6:5"
                                 << "5:7";
    }
    void curvesAreAligned()
    {
        QFETCH(int, alignment);
        auto branch = session("1", 6);
        branch.parent = SessionParent{"0", 3};
        const auto chosen = static_cast<Alignment>(alignment);
        QTEST(toText(curveOf(branch, Curve::TrainLoss, chosen)), "train");
        QTEST(toText(curveOf(branch, Curve::ValidationLoss, chosen)), "validation");
    }
    void whatIsNotFiniteIsLeftOut()
    {
        auto recorded = session("1", 4);
        recorded.steps[1].loss = std::nan("");
        recorded.steps[2].loss = std::numeric_limits<double>::infinity();
        recorded.epochs[0].validation->loss = std::nan("");
        QCOMPARE(toText(curveOf(recorded, Curve::TrainLoss, Alignment::Steps)), QStringLiteral("0:10 3:7"));
        QCOMPARE(toText(curveOf(recorded, Curve::ValidationLoss, Alignment::Steps)), QString());
        QCOMPARE(toText(curveOf(recorded, Curve::ValidationAccuracy, Alignment::Steps)),
                 QStringLiteral("4:0.5"));
    }
    void anUnfinishedFirstEpochCountsAsOne()
    {
        const auto recorded = session("1", 2);
        QCOMPARE(toText(curveOf(recorded, Curve::TrainLoss, Alignment::Epochs)),
                 QStringLiteral("0:10 0.5:9"));
        QCOMPARE(toText(curveOf(session("1", 0), Curve::TrainLoss, Alignment::Epochs)), QString());
    }
    void seedsAreGrouped()
    {
        auto first = session("1", 4);
        auto twin = session("2", 4);
        twin.recipe.seed = 2;
        twin.recipe.title = "Twin";
        auto faster = session("3", 4);
        faster.recipe.optimizer.learningRate *= 2.0;
        auto touched = session("4", 4);
        touched.interventions = {{2, {ChangeKind::Trainable, "head", false}, Origin::User, "then"}};
        auto touchedTwin = touched;
        touchedTwin.interventions[0].at = "later";
        touchedTwin.interventions.push_back({3, {ChangeKind::Note, "", std::string("x")}, Origin::User, ""});
        auto branch = session("5", 4);
        branch.parent = SessionParent{"1", 2};
        const auto groups = seedGroups(heads(first, faster, twin, touched, branch, touchedTwin));
        const std::vector<std::vector<std::size_t>> expected{{0, 2}, {1}, {3, 5}, {4}};
        QVERIFY(groups == expected);
    }
    void bandIsMeanAndSampleDeviationWhereAllReach()
    {
        const Curves curves{{{0, 1}, {1, 2}, {2, 3}, {3, 4}}, {{0, 3}, {2, 5}}, {{0.5, 2}, {4, 9}}};
        const auto band = meanAndBand(curves);
        QCOMPARE(band.size(), std::size_t{2});
        QCOMPARE(band[0].x, 1.0);
        QCOMPARE(band[0].mean, 3.0); // 2, 4, 3
        QCOMPARE(band[0].deviation, 1.0);
        QCOMPARE(band[1].x, 2.0);
        QCOMPARE(band[1].mean, (3.0 + 5.0 + 5.0) / 3.0);
        QVERIFY(std::abs(band[1].deviation - std::sqrt(4.0 / 3.0)) < 1e-12);
    }
    void bandOfOneHasNoDeviationAndOfNoneNoPoints()
    {
        const auto band = meanAndBand(Curves{{{0, 1}, {1, 2}}});
        QCOMPARE(band.size(), std::size_t{2});
        QCOMPARE(band[1].deviation, 0.0);
        QVERIFY(meanAndBand({}).empty());
        QVERIFY(meanAndBand(Curves{{{0, 1}}, {}}).empty());
        QVERIFY(meanAndBand(Curves{{{0, 1}}, {{2, 1}}}).empty());
    }
    void branchesHangUnderTheirParents()
    {
        std::vector<Session> all;
        for (const auto* id : {"5", "1", "3", "2", "4"})
            all.push_back(session(id, 1));
        all[0].parent = SessionParent{"3", 1};
        all[2].parent = SessionParent{"1", 1};
        all[3].parent = SessionParent{"1", 1};
        all[4].parent = SessionParent{"gone", 1};
        QCOMPARE(treeText(branchTree(heads(all[0], all[1], all[2], all[3], all[4]))),
                 QStringLiteral("1 -3 -2 --0 4"));
    }
    void parentsInACircleStillShow()
    {
        auto first = session("1", 1);
        auto second = session("2", 1);
        auto own = session("3", 1);
        first.parent = SessionParent{"2", 0};
        second.parent = SessionParent{"1", 0};
        own.parent = SessionParent{"3", 0};
        QCOMPARE(treeText(branchTree(heads(first, second, own))), QStringLiteral("2 0 -1"));
    }
};

QTEST_APPLESS_MAIN(TestComparison)
#include "tst_comparison.moc"
