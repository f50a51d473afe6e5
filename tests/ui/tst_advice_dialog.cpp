#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QStyleOptionViewItem>
#include <QTest>
#include <QToolButton>
#include <QUndoStack>

#include "advice/advice_desk.h"
#include "advice/advice_dialog.h"
#include "advice/advice_text.h"
#include "layer_tables.h"
#include "layers/layer_delegate.h"
#include "layers/layer_model.h"
#include "run/run_controller.h"
#include "theme/colours.h"
#include "window_case.h"

using namespace frostline;
using namespace frostline::test;

namespace {

/// The demo's base, whose head alone is to learn, at a rate that no rule gives.
constexpr auto kTransfer =
    R"({"frostline": "recipe/1", "name": "transfer", "title": "Shoes after clothes", "seed": 1,
"data": {"source": "idx", "path": "dataset:fashion-mnist", "task": "classes", "classes": ["bag", "sneaker"],
         "train_limit": 20, "validation": {"from": "test", "limit": 10},
         "normalize": {"mean": [0.286], "std": [0.353]}},
"model": {"architecture": "convnet", "options": {"widths": [32, 64, 96, 128]},
          "weights": "resource:weights/fashion-clothes-convnet.safetensors", "head": {"pooling": "none"}},
"optimizer": {"kind": "adam", "learning_rate": 0.003}, "batch_size": 8, "epochs": 20000})";

AdviceBasis basisOf(std::int64_t perClass)
{
    AdviceBasis basis;
    basis.samples = 2 * perClass;
    basis.classCounts = {perClass, perClass};
    basis.hasWeights = basis.isHeadNew = true;
    basis.scores = FeatureScores{200, 2, 0.9, 0.6, 0.7};
    for (int i = 0; i < 4; ++i)
        basis.blocks.push_back(
            {i == 3 ? "head" : "block" + std::to_string(i + 1), i, {i}, 1000, 0.1 * (i + 1)});
    return basis;
}

LayerTable withRatios()
{
    auto table = smallNetwork();
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (!table[i].hasParameters())
            continue;
        table[i].weightNorm = 2.0;
        table[i].gradientNorm = table[i].path == "conv1" ? 1.0 : 0.5;
    }
    return table;
}

QVariant bar(const LayerModel& model, const char* path)
{
    return model.indexOf(indexOfPath(model.table(), QString::fromLatin1(path)), LayerModel::RatioColumn)
        .data(LayerModel::BarRole);
}

} // namespace

class TestAdviceDialog : public WindowCase {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init() { setUp(); }
    void cleanup() { tearDown(); }

    void dialogSaysWhatAndWhy()
    {
        AdviceDialog dialog;
        dialog.show();
        auto* apply = dialog.findChild<QPushButton*>(QStringLiteral("applyAdvice"));
        QVERIFY(!apply->isEnabled());
        QVERIFY(apply->toolTip().contains(QStringLiteral("no advice yet")));
        const auto advice = adviseOn(basisOf(25));
        dialog.showAdvice(advice, {});
        dialog.setApplyObstacle({});
        QVERIFY(apply->isEnabled());
        QCOMPARE(text(dialog, "adviceHeadline"), QStringLiteral("Freeze up to block3, train head"));
        QCOMPARE(text(dialog, "adviceFigures"),
                 QStringLiteral("Learning rate 0.001   ·   Confidence: high ●●●"));
        QCOMPARE(
            reasons(dialog),
            (QStringList{
                QStringLiteral("25 training samples for each of 2 classes are few (below 100): a head is "
                               "about all that they can teach."),
                QStringLiteral("As the base sees them, 90 % of 200 samples lie nearest to the mean of their "
                               "own class. With random weights it is 60 %, for the samples as they are 70 %, "
                               "by guessing 50 %. The weights save 67 % of the errors: the task is close."),
                QStringLiteral("For its weights, block3 has the largest gradient (ratio 0.3). First layers "
                               "often do, having few weights: it decides only where the task is the same "
                               "and the features fail.")}));
        // What lies between the first and the last is not named one by one; the head always is.
        auto wide = basisOf(25);
        wide.samples = 2000;
        wide.scores->features = 0.75;
        dialog.showAdvice(adviseOn(wide), {});
        QCOMPARE(text(dialog, "adviceHeadline"), QStringLiteral("Train everything"));
        wide.samples = 400;
        dialog.showAdvice(adviseOn(wide), {});
        QCOMPARE(text(dialog, "adviceHeadline"),
                 QStringLiteral("Freeze up to block1, train block2 to block3 and head"));
        // Another advice takes the place of the first, reasons and all.
        auto basis = basisOf(25);
        basis.hasWeights = false;
        dialog.showAdvice(adviseOn(basis), {});
        QCOMPARE(text(dialog, "adviceHeadline"), QStringLiteral("Train everything"));
        QCOMPARE(reasons(dialog).size(), 1);
    }

    void everyReasonHasWords()
    {
        auto advice = adviseOn(basisOf(25));
        for (int kind = 0; kind <= static_cast<int>(AdviceReason::Kind::LowerRate); ++kind) {
            const auto words = reasonText({static_cast<AdviceReason::Kind>(kind), 0, false}, advice);
            QVERIFY2(words.endsWith(u'.') && !words.contains(u'%') == !words.contains(QStringLiteral(" %")),
                     qPrintable(words));
            QVERIFY2(!words.contains(QStringLiteral("%1")), qPrintable(words));
        }
    }

    void dialogAsksByRadioButtons()
    {
        AdviceDialog dialog;
        dialog.show();
        QCOMPARE(dialog.likeness(), Likeness::Unknown);
        QSignalSpy chosen(&dialog, &AdviceDialog::likenessChosen);
        for (const auto& [name, likeness] :
             {std::pair("same", Likeness::Same), std::pair("similar", Likeness::Similar),
              std::pair("different", Likeness::Different), std::pair("unknown", Likeness::Unknown)}) {
            auto* button = dialog.findChild<QRadioButton*>(QString::fromLatin1(name));
            QTest::mouseClick(button, Qt::LeftButton, {}, QPoint(8, button->height() / 2));
            QCOMPARE(dialog.likeness(), likeness);
        }
        QCOMPARE(chosen.size(), 4);
        dialog.showProgress(1, 4);
        QSignalSpy cancelled(&dialog, &AdviceDialog::cancelRequested);
        QTest::mouseClick(dialog.findChild<QPushButton*>(QStringLiteral("cancelLook")), Qt::LeftButton);
        QCOMPARE(cancelled.size(), 1);
    }

    void nothingChangesBeforeApply()
    {
        auto* advice = openAdvice();
        QVERIFY(advice);
        const auto layers = parts().layers->table();
        const auto recipe = parts().controls->recipe();
        QTRY_VERIFY_WITH_TIMEOUT(!text(*advice, "adviceHeadline").isEmpty(), kPatience);
        QTest::mouseClick(advice->findChild<QRadioButton*>(QStringLiteral("similar")), Qt::LeftButton, {},
                          QPoint(8, 8));
        QVERIFY(reasons(*advice).join(u'\n').contains(QStringLiteral("You say: a task similar")));
        QVERIFY(parts().controls->recipe() == recipe);
        QCOMPARE(treeText(parts().layers->table()), treeText(layers));
        QVERIFY(!parts().layers->undoStack()->canUndo());
        QTest::mouseClick(closeButton(*advice), Qt::LeftButton);
        QVERIFY(!advice->isVisible());
        QVERIFY(parts().controls->recipe() == recipe);
        QCOMPARE(treeText(parts().layers->table()), treeText(layers));
    }

    void applyIsOneStepBack()
    {
        auto* advice = openAdvice();
        QVERIFY(advice);
        auto* apply = advice->findChild<QPushButton*>(QStringLiteral("applyAdvice"));
        QTRY_VERIFY_WITH_TIMEOUT(apply->isEnabled(), kPatience);
        const auto before = treeText(parts().layers->table());
        QVERIFY(settingsOf("block1.conv").trainable);
        QTest::mouseClick(apply, Qt::LeftButton);
        // Twenty samples of a class are few: at most the last block learns.
        QVERIFY(!settingsOf("block1.conv").trainable);
        QVERIFY(!settingsOf("block3.norm").trainable);
        QVERIFY(settingsOf("head").trainable);
        const double rate = parts().controls->recipe().optimizer.learningRate;
        QVERIFY(rate == 1e-3 || rate == 1e-4);
        QCOMPARE(parts().layers->undoStack()->count(), 1);
        QVERIFY(!apply->isEnabled());
        QVERIFY(apply->toolTip().contains(QStringLiteral("as advised already")));
        const auto after = treeText(parts().layers->table());

        QVERIFY(QTest::qWaitForWindowActive(advice));
        QTest::keyClick(advice, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(treeText(parts().layers->table()), before);
        QCOMPARE(parts().controls->recipe().optimizer.learningRate, 0.003);
        QVERIFY(apply->isEnabled());
        parts().layers->redoAction()->trigger();
        QCOMPARE(treeText(parts().layers->table()), after);
        QCOMPARE(parts().controls->recipe().optimizer.learningRate, rate);
    }

    void isRefusedWhileARunGoesOn()
    {
        auto* advice = openAdvice();
        QVERIFY(advice);
        auto* apply = advice->findChild<QPushButton*>(QStringLiteral("applyAdvice"));
        QTRY_VERIFY_WITH_TIMEOUT(apply->isEnabled(), kPatience);
        auto* action = m_window->actions()->advise;
        QVERIFY(action->isEnabled());
        m_window->actions()->startPause->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(run()->nextStep() > 2, kPatience);
        QVERIFY(!action->isEnabled());
        QVERIFY(action->toolTip().contains(QStringLiteral("Stop the run first")));
        QVERIFY(!apply->isEnabled());
        QVERIFY(apply->toolTip().contains(QStringLiteral("Stop the run first")));
        QVERIFY(!advice->findChild<QPushButton*>(QStringLiteral("lookAgain"))->isEnabled());
        run()->stop();
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), RunController::State::Ended, kPatience);
        QVERIFY(action->isEnabled());
    }

    void startEndsALook()
    {
        auto* advice = openAdvice();
        QVERIFY(advice);
        m_window->actions()->startPause->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(run()->nextStep() > 2, kPatience);
        QVERIFY(!run()->isProbing());
        run()->stop();
        QTRY_COMPARE_WITH_TIMEOUT(run()->state(), RunController::State::Ended, kPatience);
    }

    void aLookCanBeCancelled()
    {
        auto* advice = openAdvice();
        QVERIFY(advice);
        QTest::mouseClick(advice->findChild<QPushButton*>(QStringLiteral("cancelLook")), Qt::LeftButton);
        QVERIFY(!run()->isProbing());
        QCOMPARE(text(*advice, "adviceState"), QStringLiteral("Looking was stopped; nothing has changed."));
        QTest::mouseClick(advice->findChild<QPushButton*>(QStringLiteral("lookAgain")), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!text(*advice, "adviceHeadline").isEmpty(), kPatience);
    }

    void anotherRecipeIsLookedAtAnew()
    {
        auto* advice = openAdvice();
        QVERIFY(advice);
        QTRY_VERIFY_WITH_TIMEOUT(!text(*advice, "adviceHeadline").isEmpty(), kPatience);
        write(kRecipe);
        load();
        QCOMPARE(text(*advice, "adviceState"), QStringLiteral("The recipe is another one now: look again."));
        QTest::mouseClick(advice->findChild<QPushButton*>(QStringLiteral("lookAgain")), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(text(*advice, "adviceHeadline"), QStringLiteral("Train everything"),
                                  kPatience);
    }

    void barsAreRelativeToTheLargest()
    {
        LayerModel model;
        model.setTable(smallNetwork());
        QVERIFY(!bar(model, "conv1").isValid());
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setTable(withRatios());
        QVERIFY(!changed.isEmpty());
        QCOMPARE(bar(model, "conv1").toDouble(), 1.0);
        QCOMPARE(bar(model, "fc").toDouble(), 0.5);
        QCOMPARE(bar(model, "layer1").toDouble(), 0.5); // Of both norms over all that is in it.
        QVERIFY(!bar(model, "relu").isValid());
        const auto cell =
            model.indexOf(indexOfPath(model.table(), QStringLiteral("fc")), LayerModel::RatioColumn);
        QCOMPARE(cell.data().toString(), QStringLiteral("0.25"));
        QVERIFY(cell.data(Qt::ToolTipRole)
                    .toString()
                    .startsWith(QStringLiteral("Gradient ÷ weight: 0.25. The longer the bar,")));
        // The largest shrinks: every other bar is told of.
        auto table = withRatios();
        table[0].gradientNorm = 0.5;
        changed.clear();
        model.setTable(table);
        QCOMPARE(bar(model, "fc").toDouble(), 1.0);
        const auto toldOf = [&](const QModelIndex& index) {
            return std::ranges::any_of(changed, [&](const QList<QVariant>& arguments) {
                return arguments[1].toModelIndex() == index;
            });
        };
        QVERIFY(toldOf(cell));
    }

    void delegatePaintsTheBar()
    {
        LayerModel model;
        model.setTable(withRatios());
        const LayerDelegate delegate;
        QStyleOptionViewItem option;
        option.rect = QRect(0, 0, 108, 20);
        const auto painted = [&](const char* path) {
            QImage image(option.rect.size(), QImage::Format_ARGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            delegate.paint(&painter, option,
                           model.indexOf(indexOfPath(model.table(), QString::fromLatin1(path)),
                                         LayerModel::RatioColumn));
            painter.end();
            int length = 0;
            for (int x = 0; x < image.width(); ++x)
                length += image.pixelColor(x, 10) == trainableColour(option.palette) ? 1 : 0;
            return length;
        };
        QCOMPARE(painted("conv1"), 100);
        QCOMPARE(painted("fc"), 50);
        QCOMPARE(painted("relu"), 0);
    }

private:
    static QString text(const QWidget& widget, const char* name)
    {
        const auto* label = widget.findChild<QLabel*>(QString::fromLatin1(name));
        return label->isVisibleTo(&widget) ? label->text() : QString();
    }

    static QStringList reasons(const QWidget& widget)
    {
        QStringList texts;
        for (const auto* label : widget.findChildren<QLabel*>(QStringLiteral("adviceReason")))
            texts << label->text();
        return texts;
    }

    static QPushButton* closeButton(const QWidget& widget)
    {
        for (auto* button : widget.findChildren<QPushButton*>()) {
            if (button->text().remove(u'&') == QStringLiteral("Close"))
                return button;
        }
        return nullptr;
    }

    /// By the button in the Layers panel's tool row.
    AdviceDialog* openAdvice()
    {
        write(kTransfer);
        m_window->openAtStart(recipeFile());
        if (!QTest::qWaitFor([this] { return run()->state() == RunController::State::Ready; }, kPatience))
            return nullptr;
        for (auto* button : parts().layers->findChildren<QToolButton*>()) {
            if (button->defaultAction() == m_window->actions()->advise)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        auto* dialog = m_window->findChild<AdviceDialog*>();
        return dialog && dialog->isVisible() && !dialog->isModal() ? dialog : nullptr;
    }
};

QTEST_MAIN(TestAdviceDialog)
#include "tst_advice_dialog.moc"
