#include <QTest>

#include <torch/types.h>

#include "model/architectures/architecture.h"
#include "model/layer_changes.h"
#include "pruning/pruner.h"

using namespace frostline;

class TestPruner : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Network> m_network;
    LayerTable m_table;

    torch::Tensor weight(const char* name) const
    {
        for (const auto& entry : m_network->state()) {
            if (entry.name == name)
                return entry.tensor.detach();
        }
        qFatal("no tensor %s", name);
    }
    std::int64_t zeros(const char* name) const { return weight(name).eq(0).sum().item<std::int64_t>(); }
    void setSparsity(const char* pattern, double sparsity)
    {
        QVERIFY(applyChange(m_table, {ChangeKind::Sparsity, pattern, sparsity}));
    }

private Q_SLOTS:
    void init()
    {
        ModelRecipe recipe;
        recipe.architecture = "mlp";
        recipe.options.sizes = {20, 10};
        m_network = std::move(*buildNetwork(recipe, {1, 5, 5}, {4}, 1));
        m_table = m_network->describe({1, 5, 5});
    }
    void hidesExactlyTheSmallest()
    {
        const auto before = weight("dense1.weight").clone();
        Pruner pruner(*m_network, m_table);
        setSparsity("dense1", 0.3);
        pruner.apply(m_table, PruningScope::Layer, false);
        QCOMPARE(zeros("dense1.weight"), std::int64_t{150});
        QCOMPARE(zeros("dense2.weight"), std::int64_t{0});
        const auto hidden = weight("dense1.weight").eq(0);
        QVERIFY(before.abs().masked_select(hidden).max().item<float>() <=
                before.abs().masked_select(hidden.logical_not()).min().item<float>());
        QCOMPARE(pruner.sparsityOf(1), 0.3);
    }
    void loweringRestoresWhatWasHidden()
    {
        const auto before = weight("dense1.weight").clone();
        Pruner pruner(*m_network, m_table);
        for (const double sparsity : {0.5, 0.9, 0.2}) {
            setSparsity("*", sparsity);
            pruner.apply(m_table, PruningScope::Layer, false);
            QCOMPARE(zeros("dense1.weight"), std::llround(sparsity * 500));
        }
        // What came back first were the largest of the hidden ones.
        const auto hidden = weight("dense1.weight").eq(0);
        QVERIFY(before.abs().masked_select(hidden).max().item<float>() <=
                before.abs().masked_select(hidden.logical_not()).min().item<float>());
        setSparsity("*", 0.0);
        pruner.apply(m_table, PruningScope::Layer, false);
        QVERIFY(torch::equal(weight("dense1.weight"), before));
        QVERIFY(!pruner.maskOf(1).defined());
    }
    void globalScopeRanksAllLayersTogether()
    {
        const torch::NoGradGuard guard;
        weight("dense1.weight").mul_(0.001);
        Pruner pruner(*m_network, m_table);
        setSparsity("*", 0.5);
        pruner.apply(m_table, PruningScope::Global, false);
        QCOMPARE(zeros("dense1.weight") + zeros("dense2.weight") + zeros("head.weight"), std::int64_t{370});
        QCOMPARE(zeros("dense1.weight"), std::int64_t{370});
        QCOMPARE(pruner.sparsity(), 0.5);
        setSparsity("*", 0.25);
        pruner.apply(m_table, PruningScope::Global, false);
        QCOMPARE(zeros("dense1.weight") + zeros("dense2.weight") + zeros("head.weight"), std::int64_t{185});
    }
    void frozenLayersArePrunedOnlyOnRequest()
    {
        Pruner pruner(*m_network, m_table);
        QVERIFY(applyChange(m_table, {ChangeKind::Trainable, "dense1", false}));
        setSparsity("*", 0.5);
        pruner.apply(m_table, PruningScope::Layer, false);
        QCOMPARE(zeros("dense1.weight"), std::int64_t{0});
        QCOMPARE(zeros("dense2.weight"), std::int64_t{100});
        pruner.apply(m_table, PruningScope::Layer, true);
        QCOMPARE(zeros("dense1.weight"), std::int64_t{250});
    }
    void biasesAreNeverMasked()
    {
        Pruner pruner(*m_network, m_table);
        setSparsity("*", 0.99);
        pruner.apply(m_table, PruningScope::Layer, false);
        QCOMPARE(zeros("dense1.bias"), std::int64_t{0});
    }
};

QTEST_APPLESS_MAIN(TestPruner)
#include "tst_pruner.moc"
