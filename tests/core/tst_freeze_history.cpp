#include <QTest>

#include "model/layer_changes.h"
#include "session/freeze_history.h"

using namespace frostline;

namespace {

/// block(conv, norm, relu), head.
LayerTable table()
{
    const auto row = [](const char* path, const char* name, int parent, std::int64_t parameters) {
        LayerInfo layer;
        layer.path = path;
        layer.name = name;
        layer.parent = parent;
        layer.parameters = parameters;
        layer.isNormalisation = layer.name == "norm";
        return layer;
    };
    LayerTable layers{row("block", "block", -1, 78), row("block.conv", "conv", 0, 70),
                      row("block.norm", "norm", 0, 8), row("block.relu", "relu", 0, 0),
                      row("head", "head", -1, 22)};
    layers[0].isLeaf = false;
    deriveStatistics(layers);
    return layers;
}

Intervention trainable(Step step, const char* pattern, bool on)
{
    return {step, {ChangeKind::Trainable, pattern, on}, Origin::User, {}};
}

Intervention statistics(Step step, const char* pattern, const char* value)
{
    return {step, {ChangeKind::Statistics, pattern, std::string(value)}, Origin::User, {}};
}

/// `block.conv F0-5 T5-9; ...`, so that a difference reads well.
QString toText(const std::vector<LayerHistory>& history)
{
    QStringList rows;
    for (const auto& row : history) {
        QString text = QString::fromStdString(row.path);
        for (const auto& span : row.spans)
            text += QStringLiteral(" %1%2-%3")
                        .arg(QStringLiteral("FTS").at(static_cast<int>(span.state)))
                        .arg(span.from)
                        .arg(span.to);
        rows << text;
    }
    return rows.join(QStringLiteral("; "));
}

Session session(const std::vector<Intervention>& interventions, Step steps)
{
    Session made;
    made.layers = table();
    made.interventions = interventions;
    for (Step step = 0; step < steps; ++step)
        made.steps.push_back({.step = step});
    return made;
}

} // namespace

class TestFreezeHistory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void changesTakeEffectBeforeTheirStep()
    {
        QCOMPARE(toText(freezeHistory(table(), {}, 9)),
                 QStringLiteral("block.conv T0-9; block.norm T0-9; head T0-9"));
        const std::vector changes{trainable(5, "block", false), trainable(7, "block.conv", true)};
        QCOMPARE(toText(freezeHistory(table(), changes, 9)),
                 QStringLiteral("block.conv T0-5 F5-7 T7-9; block.norm T0-5 F5-9; head T0-9"));
    }
    void updatedStatisticsAreAStateOfTheirOwn()
    {
        const std::vector changes{trainable(2, "block.norm", false), statistics(4, "block.norm", "updating"),
                                  statistics(6, "block.norm", "frozen"), trainable(8, "block.norm", true)};
        QCOMPARE(toText(freezeHistory(table(), changes, 9)),
                 QStringLiteral("block.conv T0-9; block.norm T0-2 F2-4 S4-6 F6-8 T8-9; head T0-9"));
    }
    void onlyWhatIsLeftAtAStepCounts()
    {
        const std::vector changes{trainable(0, "*", false), trainable(0, "head", true),
                                  trainable(3, "head", false), trainable(3, "head", true),
                                  trainable(9, "head", false)};
        QCOMPARE(toText(freezeHistory(table(), changes, 9)),
                 QStringLiteral("block.conv F0-9; block.norm F0-9; head T0-9"));
    }
    void whatMatchesNothingIsPassedOver()
    {
        const std::vector changes{trainable(1, "neck", false), trainable(2, "head", false)};
        QCOMPARE(toText(freezeHistory(table(), changes, 3)),
                 QStringLiteral("block.conv T0-3; block.norm T0-3; head T0-2 F2-3"));
    }
    void withoutStepsThereAreNoSpans()
    {
        QCOMPARE(toText(freezeHistory(table(), {}, 0)), QStringLiteral("block.conv; block.norm; head"));
    }
    void sessionsStartAsTheirRecipeSays()
    {
        auto recorded = session({trainable(1, "block", true)}, 4);
        recorded.recipe.layers = {
            {.match = "block", .trainable = false, .statistics = {}, .rate = {}, .sparsity = {}}};
        recorded.layers[4].settings.trainable = false; // As the table ends; the start counts.
        QCOMPARE(toText(freezeHistory(recorded)),
                 QStringLiteral("block.conv F0-1 T1-4; block.norm F0-1 T1-4; head T0-4"));
        QCOMPARE(meanTrainableShare(recorded), (22.0 + 100.0 * 3) / 400.0);
    }
    void shareWithoutStepsIsThatOfTheStart()
    {
        auto recorded = session({}, 0);
        recorded.recipe.layers = {
            {.match = "block", .trainable = false, .statistics = {}, .rate = {}, .sparsity = {}}};
        QCOMPARE(meanTrainableShare(recorded), 0.22);
    }
    void differencesAreIntervalsOverCommonSteps()
    {
        const std::vector first{trainable(5, "block", false), trainable(8, "block", true)};
        const std::vector second{trainable(3, "block.conv", false), statistics(6, "block.norm", "updating"),
                                 trainable(6, "block.norm", false)};
        const auto found =
            freezeDifferences(freezeHistory(table(), first, 20), freezeHistory(table(), second, 10));
        const std::vector<FreezeDifference> expected{
            {"block.conv", 3, 5, FreezeState::Trainable, FreezeState::Frozen},
            {"block.conv", 8, 10, FreezeState::Trainable, FreezeState::Frozen},
            {"block.norm", 5, 6, FreezeState::Frozen, FreezeState::Trainable},
            {"block.norm", 6, 8, FreezeState::Frozen, FreezeState::StatisticsOnly},
            {"block.norm", 8, 10, FreezeState::Trainable, FreezeState::StatisticsOnly},
        };
        QVERIFY(found == expected);
    }
    void equalHistoriesHaveNoDifference()
    {
        const auto history = freezeHistory(table(), std::vector{trainable(5, "block", false)}, 20);
        QVERIFY(freezeDifferences(history, history).empty());
        QVERIFY(freezeDifferences(history, {}).empty());
    }
};

QTEST_APPLESS_MAIN(TestFreezeHistory)
#include "tst_freeze_history.moc"
