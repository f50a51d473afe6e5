#include <QTest>
#include <QUndoStack>

#include "layer_tables.h"
#include "layers/layer_actions.h"
#include "layers/layer_commands.h"
#include "model/layer_diff.h"

using namespace frostline;
using namespace frostline::test;

Q_DECLARE_METATYPE(frostline::LayerAction)

namespace {

LayerTable applied(LayerTable table, const std::vector<Change>& changes)
{
    for (const auto& change : changes) {
        if (!applyChange(table, change))
            qWarning("%s cannot be applied", toText(change).c_str());
    }
    return table;
}

} // namespace

class TestLayerActions : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { failOnAnyWarning(); }

    void actionGives_data()
    {
        QTest::addColumn<LayerAction>("action");
        QTest::addColumn<QStringList>("selection");
        QTest::addColumn<QString>("changes");
        QTest::addColumn<QString>("after");
        const QStringList none;
        const auto add = [](const char* name, LayerAction action, const QStringList& selection,
                            const char* changes, const char* after) {
            QTest::newRow(name) << action << selection << QString::fromLatin1(changes)
                                << QString::fromLatin1(after);
        };
        add("freeze all", LayerAction::FreezeAll, none, "trainable:*=off",
            "conv1- bn1- relu layer1(0(conv1- bn1-) 1(conv1- bn1-)) avgpool fc- softmax");
        add("unfreeze all, nothing to do", LayerAction::UnfreezeAll, none, "",
            "conv1+ bn1+ relu layer1(0(conv1+ bn1+) 1(conv1+ bn1+)) avgpool fc+ softmax");
        add("up to a block", LayerAction::FreezeUpTo, {QStringLiteral("layer1.0")},
            "trainable:conv1=off trainable:bn1=off trainable:layer1.0=off",
            "conv1- bn1- relu layer1(0(conv1- bn1-) 1(conv1+ bn1+)) avgpool fc+ softmax");
        add("up to a leaf", LayerAction::FreezeUpTo, {QStringLiteral("layer1.1.conv1")},
            "trainable:conv1=off trainable:bn1=off trainable:layer1.0=off trainable:layer1.1.conv1=off",
            "conv1- bn1- relu layer1(0(conv1- bn1-) 1(conv1- bn1+)) avgpool fc+ softmax");
        add("up to the last selected", LayerAction::FreezeUpTo,
            {QStringLiteral("conv1"), QStringLiteral("bn1")}, "trainable:conv1=off trainable:bn1=off",
            "conv1- bn1- relu layer1(0(conv1+ bn1+) 1(conv1+ bn1+)) avgpool fc+ softmax");
        add("up to nothing", LayerAction::FreezeUpTo, none, "",
            "conv1+ bn1+ relu layer1(0(conv1+ bn1+) 1(conv1+ bn1+)) avgpool fc+ softmax");
        add("only this", LayerAction::OnlyThis, {QStringLiteral("layer1.1")},
            "trainable:conv1=off trainable:bn1=off trainable:layer1.0=off trainable:fc=off",
            "conv1- bn1- relu layer1(0(conv1- bn1-) 1(conv1+ bn1+)) avgpool fc- softmax");
        add("head only", LayerAction::HeadOnly, none,
            "trainable:conv1=off trainable:bn1=off trainable:layer1=off",
            "conv1- bn1- relu layer1(0(conv1- bn1-) 1(conv1- bn1-)) avgpool fc+ softmax");
        add("last block", LayerAction::LastBlock, none,
            "trainable:conv1=off trainable:bn1=off trainable:layer1.0=off",
            "conv1- bn1- relu layer1(0(conv1- bn1-) 1(conv1+ bn1+)) avgpool fc+ softmax");
        add("norms only", LayerAction::NormsOnly, none,
            "trainable:conv1=off trainable:layer1.0.conv1=off trainable:layer1.1.conv1=off trainable:fc=off",
            "conv1- bn1+ relu layer1(0(conv1- bn1+) 1(conv1- bn1+)) avgpool fc- softmax");
        add("invert", LayerAction::Invert, none, "trainable:*=off",
            "conv1- bn1- relu layer1(0(conv1- bn1-) 1(conv1- bn1-)) avgpool fc- softmax");
    }

    void actionGives()
    {
        QFETCH(LayerAction, action);
        QFETCH(QStringList, selection);
        QFETCH(QString, changes);
        QFETCH(QString, after);
        const auto table = smallNetwork();
        std::vector<int> indices;
        for (const auto& path : selection)
            indices.push_back(indexOfPath(table, path));
        const auto list = changesFor(action, table, indices);
        QCOMPARE(changesText(list), changes);
        QCOMPARE(treeText(applied(table, list)), after);
    }

    void unfreezeFromLeavesWhatIsBefore()
    {
        auto table = applied(smallNetwork(),
                             {{ChangeKind::Trainable, "*", false}, {ChangeKind::Trainable, "bn1", true}});
        const auto list =
            changesFor(LayerAction::UnfreezeFrom, table, {indexOfPath(table, QStringLiteral("layer1.1"))});
        QCOMPARE(changesText(list), QStringLiteral("trainable:layer1.1=on trainable:fc=on"));
        QCOMPARE(
            treeText(applied(table, list)),
            QStringLiteral("conv1- bn1+ relu layer1(0(conv1- bn1-) 1(conv1+ bn1+)) avgpool fc+ softmax"));
    }

    void switchesOnBeforeItSwitchesOff()
    {
        const auto table = applied(smallNetwork(), {{ChangeKind::Trainable, "fc", false}});
        QCOMPARE(
            changesText(changesFor(LayerAction::HeadOnly, table, {})),
            QStringLiteral("trainable:fc=on trainable:conv1=off trainable:bn1=off trainable:layer1=off"));
    }

    void togglesASelectionAsOne()
    {
        const auto table = applied(smallNetwork(), {{ChangeKind::Trainable, "conv1", false}});
        const std::vector<int> both{0, 1};
        QCOMPARE(changesText(toggleTrainable(table, both)), QStringLiteral("trainable:conv1=on"));
        const auto allOn = applied(table, toggleTrainable(table, both));
        QCOMPARE(changesText(toggleTrainable(allOn, both)),
                 QStringLiteral("trainable:conv1=off trainable:bn1=off"));
    }

    void statisticsConcernNormsOnly()
    {
        const auto table = smallNetwork();
        const std::vector<int> selection{indexOfPath(table, QStringLiteral("layer1"))};
        const auto list = changeSelected(table, selection, ChangeKind::Statistics, std::string("updating"));
        QCOMPARE(changesText(list), QStringLiteral("statistics:layer1=updating"));
    }

    void commandUndoesExactly()
    {
        auto table = applied(smallNetwork(), {{ChangeKind::Trainable, "layer1.0.conv1", false},
                                              {ChangeKind::RateMultiplier, "fc", 0.1},
                                              {ChangeKind::Sparsity, "layer1.1", 0.5}});
        const auto before = table;
        const auto execute = [&table](const std::vector<Change>& changes) {
            table = applied(table, changes);
        };
        QUndoStack stack;
        stack.push(new LayerCommand(QStringLiteral("test"), table,
                                    {{ChangeKind::Trainable, "*", false},
                                     {ChangeKind::RateMultiplier, "*", 2.0},
                                     {ChangeKind::Sparsity, "*", 0.9},
                                     {ChangeKind::Statistics, "*", std::string("frozen")}},
                                    execute));
        const auto after = table;
        QCOMPARE(
            treeText(after),
            QStringLiteral("conv1- bn1- relu layer1(0(conv1- bn1-) 1(conv1- bn1-)) avgpool fc- softmax"));
        stack.undo();
        for (std::size_t i = 0; i < table.size(); ++i)
            QVERIFY2(table[i].settings == before[i].settings, table[i].path.c_str());
        stack.redo();
        for (std::size_t i = 0; i < table.size(); ++i)
            QVERIFY2(table[i].settings == after[i].settings, table[i].path.c_str());
    }
};

QTEST_MAIN(TestLayerActions)
#include "tst_layer_actions.moc"
