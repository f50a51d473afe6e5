#include <QTest>

#include "window/recipe_draft.h"

using namespace frostline;

namespace {

LayerInfo leafOf(const std::string& path, std::int64_t prunable)
{
    LayerInfo layer;
    layer.path = path;
    layer.name = path;
    layer.kind = "Linear";
    layer.parameters = prunable + 1;
    layer.prunable = prunable;
    return layer;
}

RecipeDraft opened()
{
    Recipe recipe;
    recipe.name = "draft";
    recipe.model.architecture = "mlp";
    recipe.layers.emplace_back().match = "dense*";
    RecipeDraft draft;
    draft.open(recipe, QStringLiteral("/r/draft.json"));
    draft.setTable({leafOf("dense1", 100), leafOf("dense2", 50)});
    return draft;
}

} // namespace

class TestRecipeDraft : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void ticksBecomeRules()
    {
        auto draft = opened();
        QVERIFY(draft.apply({{ChangeKind::Trainable, "dense1", false}}).has_value());
        const auto rules = draft.recipe().layers;
        auto table = draft.table();
        QVERIFY(!table[0].settings.trainable);
        QVERIFY(!rules.empty());
        QVERIFY(draft.isTrainable());
        QVERIFY(draft.apply({{ChangeKind::Trainable, "*", false}}).has_value());
        QVERIFY(!draft.isTrainable());
    }

    void aPatternWithoutLayersIsAnError()
    {
        auto draft = opened();
        QVERIFY(!draft.apply({{ChangeKind::Trainable, "nowhere", false}}).has_value());
    }

    void sparsityOfAllStaysTheRecipes()
    {
        auto draft = opened();
        auto edited = draft.recipe();
        edited.pruning.sparsity = 0.5;
        QCOMPARE(draft.edit(edited), RecipeDraft::Effect::Cost);
        QCOMPARE(draft.table()[1].settings.sparsityTarget, 0.5);
        QCOMPARE(draft.recipe().pruning.sparsity, 0.5);
        // One layer back to 0: a default of 0.5 would prune it after all.
        QVERIFY(draft.apply({{ChangeKind::Sparsity, "dense2", 0.0}}).has_value());
        QCOMPARE(draft.recipe().pruning.sparsity, 0.0);
    }

    void editsSayWhatTheyTouch()
    {
        auto draft = opened();
        auto edited = draft.recipe();
        QCOMPARE(draft.edit(edited), RecipeDraft::Effect::Nothing);
        edited.epochs = 9;
        QCOMPARE(draft.edit(edited), RecipeDraft::Effect::Cost);
        edited.data.trainLimit = 5;
        QCOMPARE(draft.edit(edited), RecipeDraft::Effect::Network);
    }

    void anotherArchitectureDropsTheRules()
    {
        auto draft = opened();
        QVERIFY(draft.apply({{ChangeKind::Trainable, "dense1", false}}).has_value());
        auto edited = draft.recipe();
        edited.model.architecture = "convnet";
        QCOMPARE(draft.edit(edited), RecipeDraft::Effect::Network);
        QVERIFY(draft.recipe().layers.empty());
    }
};

QTEST_GUILESS_MAIN(TestRecipeDraft)
#include "tst_recipe_draft.moc"
