#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

#include "advice/advice.h"
#include "model/layer_changes.h"

using namespace frostline;
using Kind = AdviceReason::Kind;

namespace {

FeatureScores scoresOf(double features, double random, double inputs, std::int64_t samples = 400)
{
    return {samples, 4, features, random, inputs};
}

const FeatureScores kClose = scoresOf(0.90, 0.40, 0.50);  // Saves 80 % of the errors.
const FeatureScores kPartly = scoresOf(0.68, 0.40, 0.50); // 36 %.
const FeatureScores kFar = scoresOf(0.51, 0.40, 0.50);    // 2 %.

/// Six blocks and a head, 1,000 values each; 4 classes.
AdviceBasis basisOf(double perClass, const std::optional<FeatureScores>& scores,
                    Likeness likeness = Likeness::Unknown)
{
    AdviceBasis basis;
    basis.samples = static_cast<std::int64_t>(4 * perClass);
    basis.classCounts.assign(4, static_cast<std::int64_t>(perClass));
    basis.hasWeights = true;
    basis.isHeadNew = true;
    basis.likeness = likeness;
    basis.scores = scores;
    for (int i = 0; i < 7; ++i)
        basis.blocks.push_back({i == 6 ? "head" : "block" + std::to_string(i + 1), i, {i}, 1000, 0.1});
    return basis;
}

/// `-` frozen, `+` trained.
QString pattern(const Advice& advice)
{
    QString text;
    for (const bool trains : advice.trains)
        text += trains ? u'+' : u'-';
    return text;
}

bool has(const Advice& advice, Kind kind)
{
    return std::ranges::count(advice.reasons, kind, &AdviceReason::kind) == 1;
}

LayerInfo leaf(const char* path, int stage, int parent, std::int64_t parameters, bool isNorm = false)
{
    LayerInfo layer;
    layer.path = path;
    layer.stage = stage;
    layer.parent = parent;
    layer.parameters = layer.prunable = parameters;
    layer.isNormalisation = isNorm;
    return layer;
}

LayerInfo container(const char* path, int stage, int parent)
{
    auto layer = leaf(path, stage, parent, 0);
    layer.isLeaf = false;
    return layer;
}

/// conv1, bn1, layer1 of two blocks, a pooling without parameters, fc.
LayerTable smallTable()
{
    return {leaf("conv1", 0, -1, 40),
            leaf("bn1", 1, -1, 8, true),
            container("layer1", 2, -1),
            container("layer1.0", 2, 2),
            leaf("layer1.0.conv1", 2, 3, 144),
            leaf("layer1.0.bn1", 2, 3, 8, true),
            container("layer1.1", 3, 2),
            leaf("layer1.1.conv1", 3, 6, 144),
            leaf("layer1.1.bn1", 3, 6, 8, true),
            leaf("avgpool", 4, -1, 0),
            leaf("fc", 5, -1, 50)};
}

} // namespace

class TestAdvice : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void followsTheTable_data()
    {
        QTest::addColumn<double>("perClass");
        QTest::addColumn<FeatureScores>("scores");
        QTest::addColumn<QString>("trains");
        QTest::addColumn<AdvisedPart>("part");
        QTest::addColumn<double>("multiplier");
        QTest::addColumn<Confidence>("confidence");
        using enum AdvisedPart;
        using enum Confidence;
        const auto row = [](const char* name, double perClass, const FeatureScores& scores,
                            const char* trains, AdvisedPart part, double multiplier, Confidence confidence) {
            QTest::newRow(name) << perClass << scores << QString::fromLatin1(trains) << part << multiplier
                                << confidence;
        };
        row("few, close: the head", 25, kClose, "------+", HeadOnly, 1.0, High);
        row("few, partly: the last block", 25, kPartly, "-----++", LastBlocks, 0.1, High);
        row("few, far: the hardest case", 25, kFar, "-----++", LastBlocks, 0.1, Low);
        row("some, close: a third", 400, kClose, "----+++", LastBlocks, 0.1, High);
        row("some, partly: half", 400, kPartly, "---++++", LastBlocks, 0.1, High);
        row("some, far: two thirds", 400, kFar, "--+++++", LastBlocks, 0.1, High);
        row("many, close: half", 5000, kClose, "---++++", LastBlocks, 0.1, High);
        row("many, partly: everything", 5000, kPartly, "+++++++", Everything, 0.1, High);
        row("many, far: everything", 5000, kFar, "+++++++", Everything, 0.1, High);
    }

    void followsTheTable()
    {
        QFETCH(double, perClass);
        QFETCH(FeatureScores, scores);
        const auto advice = adviseOn(basisOf(perClass, scores));
        QTEST(pattern(advice), "trains");
        QTEST(advice.part, "part");
        QCOMPARE(advice.learningRate, 1e-3);
        QTEST(advice.baseMultiplier, "multiplier");
        QTEST(advice.confidence, "confidence");
        QVERIFY(has(advice, Kind::Samples));
        QVERIFY(has(advice, Kind::Measured));
        QCOMPARE(has(advice, Kind::SlowerBase), advice.part != AdvisedPart::HeadOnly);
        QCOMPARE(has(advice, Kind::HeadFirst), advice.part != AdvisedPart::HeadOnly);
    }

    void aHeadThatIsKeptLearnsAsSlowlyAsTheBase()
    {
        auto basis = basisOf(400, kPartly);
        basis.isHeadNew = false;
        const auto advice = adviseOn(basis);
        QCOMPARE(advice.learningRate, 1e-4);
        QCOMPARE(advice.baseMultiplier, 1.0);
        QVERIFY(has(advice, Kind::LowerRate));
        QVERIFY(!has(advice, Kind::HeadFirst));
        basis.optimizer = OptimizerKind::Sgd;
        QCOMPARE(adviseOn(basis).learningRate, 1e-3);
    }

    void withoutWeightsEverythingTrains()
    {
        auto basis = basisOf(25, {});
        basis.hasWeights = false;
        basis.optimizer = OptimizerKind::Sgd;
        const auto advice = adviseOn(basis);
        QCOMPARE(pattern(advice), QStringLiteral("+++++++"));
        QCOMPARE(advice.learningRate, 1e-2);
        QCOMPARE(advice.confidence, Confidence::High);
        QCOMPARE(advice.reasons, (std::vector<AdviceReason>{{Kind::NoWeights, -1, false}}));
    }

    void saysWhereSaidAndMeasuredDisagree_data()
    {
        QTest::addColumn<Likeness>("said");
        QTest::addColumn<FeatureScores>("scores");
        QTest::addColumn<bool>("disagrees");
        QTest::addColumn<Confidence>("confidence");
        QTest::newRow("similar, close") << Likeness::Similar << kClose << false << Confidence::High;
        QTest::newRow("similar, partly") << Likeness::Similar << kPartly << false << Confidence::High;
        QTest::newRow("similar, far") << Likeness::Similar << kFar << true << Confidence::Low;
        QTest::newRow("different, far") << Likeness::Different << kFar << false << Confidence::High;
        QTest::newRow("different, partly") << Likeness::Different << kPartly << true << Confidence::Medium;
        QTest::newRow("different, close") << Likeness::Different << kClose << true << Confidence::Low;
        QTest::newRow("same, close") << Likeness::Same << kClose << false << Confidence::High;
    }

    void saysWhereSaidAndMeasuredDisagree()
    {
        QFETCH(Likeness, said);
        QFETCH(FeatureScores, scores);
        const auto advice = adviseOn(basisOf(400, scores, said));
        QTEST(has(advice, Kind::Disagreement), "disagrees");
        QTEST(advice.confidence, "confidence");
        // What is measured decides.
        QCOMPARE(pattern(advice), pattern(adviseOn(basisOf(400, scores))));
    }

    void whatIsSaidDecidesWhereNothingIsMeasured()
    {
        auto basis = basisOf(400, {}, Likeness::Different);
        basis.unmeasured = Unmeasured::NoClasses;
        auto advice = adviseOn(basis);
        QCOMPARE(pattern(advice), QStringLiteral("--+++++"));
        QCOMPARE(advice.confidence, Confidence::Medium);
        QVERIFY(has(advice, Kind::NotMeasured));
        basis.likeness = Likeness::Unknown;
        advice = adviseOn(basis);
        QCOMPARE(advice.confidence, Confidence::Low);
        QVERIFY(has(advice, Kind::NothingKnown));
        // What random weights solve as well says nothing of the trained ones.
        advice = adviseOn(basisOf(400, scoresOf(0.97, 0.96, 0.9)));
        QVERIFY(has(advice, Kind::TooEasy));
        QCOMPARE(advice.confidence, Confidence::Low);
    }

    void isLessSureNearALimit()
    {
        // 90 of a class are few, 110 would not be, and with these features that means other blocks.
        auto advice = adviseOn(basisOf(90, kPartly));
        QVERIFY(has(advice, Kind::NearSamples));
        QCOMPARE(advice.confidence, Confidence::Medium);
        // At 1,400 of a class half of the base is trained; 900 would ask for a third.
        QVERIFY(has(adviseOn(basisOf(1400, kClose)), Kind::NearSamples));
        QVERIFY(!has(adviseOn(basisOf(1600, kClose)), Kind::NearSamples));
        // 48 % of the errors, give or take 5: beyond 50 another part of the base would be advised.
        advice = adviseOn(basisOf(400, scoresOf(0.74, 0.40, 0.50)));
        QVERIFY(has(advice, Kind::NearMeasured));
        QCOMPARE(advice.confidence, Confidence::Medium);
        QVERIFY(!has(adviseOn(basisOf(400, scoresOf(0.74, 0.40, 0.50, 40'000))), Kind::NearMeasured));
    }

    void otherInputsTrainTheFirstLayers()
    {
        auto basis = basisOf(5000, kFar, Likeness::Same);
        basis.isHeadNew = false;
        basis.blocks[1].ratio = 0.4;
        auto advice = adviseOn(basis);
        QCOMPARE(pattern(advice), QStringLiteral("++-----"));
        QCOMPARE(advice.part, AdvisedPart::FirstBlocks);
        QCOMPARE(advice.confidence, Confidence::Medium);
        QCOMPARE(advice.frozenUpTo(), -1);
        QVERIFY(has(advice, Kind::InputShift));
        // A new head has to learn with them, and what came through it is not to be trusted.
        basis.isHeadNew = true;
        advice = adviseOn(basis);
        QCOMPARE(pattern(advice), QStringLiteral("++----+"));
        QCOMPARE(advice.confidence, Confidence::Low);
    }

    void otherInputsNeedTheRatioToSaySo_data()
    {
        QTest::addColumn<int>("block");
        QTest::addColumn<double>("ratio");
        QTest::newRow("does not stand out") << 1 << 0.19;
        QTest::newRow("is in the upper layers") << 4 << 0.4;
        QTest::newRow("is in the head") << 6 << 4.0;
    }

    void otherInputsNeedTheRatioToSaySo()
    {
        QFETCH(int, block);
        QFETCH(double, ratio);
        auto basis = basisOf(5000, kFar, Likeness::Same);
        basis.blocks[static_cast<std::size_t>(block)].ratio = ratio;
        const auto advice = adviseOn(basis);
        QCOMPARE(pattern(advice), QStringLiteral("+++++++"));
        QVERIFY(has(advice, Kind::RatioElsewhere));
        QCOMPARE(advice.confidence, Confidence::Low);
    }

    void saysWhichRatioIsTheLargest()
    {
        auto basis = basisOf(25, kClose);
        basis.blocks[6].ratio = 8.0; // A new head's says nothing of the base.
        basis.blocks[2].ratio = 0.3;
        const auto advice = adviseOn(basis);
        const auto reason = std::ranges::find(advice.reasons, Kind::LargestRatio, &AdviceReason::kind);
        QVERIFY(reason != advice.reasons.end());
        QCOMPARE(reason->block, 2);
        QCOMPARE(advice.frozenUpTo(), 5);
        QCOMPARE(advice.trainableParameters(), 1000);
    }

    void aBaseOfOneBlockHasNothingToChoose()
    {
        auto basis = basisOf(400, kClose);
        basis.blocks.erase(basis.blocks.begin(), basis.blocks.begin() + 5);
        QCOMPARE(pattern(adviseOn(basis)), QStringLiteral("++"));
        basis.blocks.erase(basis.blocks.begin());
        QCOMPARE(pattern(adviseOn(basis)), QStringLiteral("+"));
        basis.blocks.clear();
        QCOMPARE(pattern(adviseOn(basis)), QString());
    }

    void blocksAreStagesWithTheirNorms()
    {
        const auto blocks = adviceBlocks(smallTable());
        QStringList texts;
        for (const auto& block : blocks)
            texts << QStringLiteral("%1:%2").arg(QString::fromStdString(block.path)).arg(block.parameters);
        QCOMPARE(texts.join(u' '), QStringLiteral("conv1:48 layer1.0:152 layer1.1:152 fc:50"));
        QCOMPARE(blocks[1].leaves, (std::vector{4, 5}));
        // A network that runs as one piece has one stage: its top-level layers are what can be chosen.
        auto whole = smallTable();
        for (auto& layer : whole)
            layer.stage = 0;
        QCOMPARE(adviceBlocks(whole).size(), 3U);
        QCOMPARE(adviceBlocks(whole)[1].path, std::string("layer1"));
        QVERIFY(adviceBlocks({}).empty());
    }

    void changesNameNoMoreThanNeeded()
    {
        auto table = smallTable();
        auto basis = basisOf(25, kPartly);
        basis.blocks = adviceBlocks(table);
        const auto advice = adviseOn(basis);
        QCOMPARE(pattern(advice), QStringLiteral("--++"));
        QStringList texts;
        for (const auto& change : changesFor(advice, table)) {
            texts << QString::fromStdString(toText(change));
            QVERIFY(applyChange(table, change));
        }
        QCOMPARE(texts, (QStringList{
                            QStringLiteral("trainable:conv1=off"), QStringLiteral("trainable:bn1=off"),
                            QStringLiteral("trainable:layer1.0=off"), QStringLiteral("rate:layer1.1=0.1")}));
        QVERIFY(changesFor(advice, table).empty());
    }

    void scoresKnowWhatTheyAreWorth()
    {
        const auto scores = scoresOf(0.84, 0.74, 0.77, 100);
        QCOMPARE(scores.reference(), 0.77);
        QVERIFY(std::abs(scores.gain() - 0.07 / 0.23) < 1e-12);
        QVERIFY(std::abs(scores.gainError() - std::sqrt(0.84 * 0.16 / 100.0) / 0.23) < 1e-12);
        QCOMPARE(scoresOf(0.3, 0.1, 0.1).reference(), 0.25); // Guessing.
        QCOMPARE(scoresOf(1.0, 1.0, 0.5).gain(), 0.0);
    }

    void samplesAreSharedAmongClasses()
    {
        DataSet set;
        set.classNames = {"a", "b", "c"};
        for (int i = 0; i < 100; ++i)
            set.labels.push_back(i < 60 ? 0 : i < 99 ? 1 : 2);
        const auto samples = probeSamples(set, 1, 20);
        const auto ofClass = [&](std::int64_t label) {
            return std::ranges::count_if(samples, [&](std::int64_t sample) {
                return set.labels[static_cast<std::size_t>(sample)] == label;
            });
        };
        QCOMPARE(ofClass(0), 6);
        QCOMPARE(ofClass(1), 6);
        QCOMPARE(ofClass(2), 0); // One alone has no mean without itself.
        QCOMPARE(probeSamples(set, 1, 20), samples);
        QVERIFY(probeSamples(set, 2, 20) != samples);
        // Patches of one recording are as good as one.
        for (int i = 0; i < 100; ++i)
            set.clips.push_back(i / 20);
        std::set<std::int64_t> clips;
        const auto patches = probeSamples(set, 1, 20);
        for (const auto sample : patches)
            clips.insert(set.clips[static_cast<std::size_t>(sample)]);
        QVERIFY(patches.size() >= 3);
        QCOMPARE(clips.size(), patches.size());
    }

    void namesReadBack()
    {
        QCOMPARE(likenessOf("similar").value(), Likeness::Similar);
        QCOMPARE(QString::fromStdString(likenessOf("alike").error().message),
                 QStringLiteral("likeness \"alike\" is not known; same, similar, different, unknown"));
        QCOMPARE(nameOf(Kind::NoWeights), std::string_view("no_weights"));
        QCOMPARE(nameOf(Kind::LowerRate), std::string_view("lower_rate"));
    }
};

QTEST_GUILESS_MAIN(TestAdvice)
#include "tst_advice.moc"
