#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QTest>
#include <QWheelEvent>

#include "controls/checked_edit.h"
#include "controls/controls_panel.h"
#include "controls/log_slider.h"
#include "controls/model_group.h"
#include "controls/number_text.h"
#include "controls/sparsity_slider.h"
#include "layer_tables.h"

using namespace frostline;
using namespace frostline::test;

namespace {

void type(QLineEdit* edit, const char* text)
{
    edit->setFocus();
    edit->selectAll();
    QTest::keyClick(edit, Qt::Key_Delete);
    QTest::keyClicks(edit, QString::fromLatin1(text));
    QTest::keyClick(edit, Qt::Key_Return);
}

void show(QWidget& widget)
{
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
}

/// Where the handle of a horizontal slider is.
QPoint handleOf(const QSlider* slider)
{
    const double share =
        double(slider->value() - slider->minimum()) / (slider->maximum() - slider->minimum());
    return {int(8 + share * (slider->width() - 16)), slider->height() / 2};
}

template <class Editor>
Editor* editorNamed(const QWidget& panel, const char* name)
{
    for (auto* editor : panel.findChildren<Editor*>()) {
        if (editor->accessibleName() == QString::fromLatin1(name))
            return editor;
    }
    return nullptr;
}

QString asked(const QSignalSpy& spy)
{
    return spy.isEmpty() ? QString() : changesText(spy.last()[0].value<std::vector<Change>>());
}

Recipe sgdRecipe()
{
    Recipe recipe;
    recipe.name = "test";
    recipe.seed = 18446744073709551615ULL;
    recipe.optimizer.kind = OptimizerKind::Sgd;
    recipe.optimizer.learningRate = 0.0123456789;
    recipe.optimizer.momentum = 0.9;
    recipe.optimizer.weightDecay = 5e-4;
    recipe.optimizer.nesterov = true;
    recipe.optimizer.beta1 = 0.8;
    recipe.optimizer.beta2 = 0.95;
    recipe.optimizer.epsilon = 1e-6;
    recipe.optimizer.clipNorm = 2.5;
    recipe.batchSize = 17;
    recipe.epochs = 9;
    recipe.pruning = {PruningScope::Global, 1.0 / 3.0, true};
    recipe.model.head = HeadRecipe{HeadRecipe::Pooling::Max, {128, 64}, HeadRecipe::Activation::Silu, 0.5};
    recipe.data.classes = {"cat", "dog"};
    recipe.data.trainLimit = 500;
    recipe.compute = {3, MemoryFormat::ChannelsLast, Precision::Bf16, true};
    return recipe;
}

} // namespace

class TestControls : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void init() { failOnAnyWarning(); }

    void readsNumbers_data()
    {
        QTest::addColumn<QString>("locale");
        QTest::addColumn<QString>("text");
        QTest::addColumn<double>("number");
        QTest::newRow("plain") << QStringLiteral("en_US") << QStringLiteral("0.001") << 0.001;
        QTest::newRow("scientific") << QStringLiteral("en_US") << QStringLiteral(" 3e-4 ") << 3e-4;
        QTest::newRow("comma") << QStringLiteral("de_DE") << QStringLiteral("0,001") << 0.001;
        QTest::newRow("a point is no thousand")
            << QStringLiteral("de_DE") << QStringLiteral("0.001") << 0.001;
    }

    void readsNumbers()
    {
        QFETCH(QString, locale);
        QFETCH(QString, text);
        QFETCH(double, number);
        QLocale::setDefault(QLocale(locale));
        QCOMPARE(numberOf(text).value_or(-1.0), number);
        QCOMPARE(numberOf(numberText(number)).value_or(-1.0), number);
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QVERIFY(!numberOf(QStringLiteral("1e")));
        QCOMPARE(numberText(1e-5), QStringLiteral("1e-5"));
    }

    void logSliderKeepsWhatIsTyped()
    {
        LogSlider slider(QStringLiteral("Rate"));
        show(slider);
        QSignalSpy committed(&slider, &LogSlider::valueCommitted);
        type(slider.edit(), "3.14159e-4");
        QCOMPARE(slider.value(), 3.14159e-4);
        QCOMPARE(slider.slider()->value(), 50);
        QCOMPARE(committed.size(), 1);
        QCOMPARE(committed[0][0].toDouble(), 3.14159e-4);
        type(slider.edit(), "3.14159e-4");
        QCOMPARE(committed.size(), 1);
    }

    void logSliderRefusesNonsense()
    {
        LogSlider slider(QStringLiteral("Rate"));
        show(slider);
        slider.setValue(0.1);
        QSignalSpy committed(&slider, &LogSlider::valueCommitted);
        type(slider.edit(), "fast");
        QCOMPARE(slider.edit()->problem(), QStringLiteral("Not a number"));
        type(slider.edit(), "20");
        QCOMPARE(slider.edit()->problem(), QStringLiteral("From 1e-6 to 10"));
        QCOMPARE(committed.size(), 0);
        QCOMPARE(slider.value(), 0.1);
        QTest::keyClick(slider.edit(), Qt::Key_Escape);
        QCOMPARE(slider.edit()->text(), QStringLiteral("0.1"));
        QVERIFY(slider.edit()->problem().isEmpty());
    }

    void logSliderTellsOfKeysOnceItIsQuiet()
    {
        LogSlider slider(QStringLiteral("Rate"));
        show(slider);
        slider.setValue(0.001);
        QSignalSpy changed(&slider, &LogSlider::valueChanged);
        QSignalSpy committed(&slider, &LogSlider::valueCommitted);
        slider.slider()->setFocus();
        for (int i = 0; i < 20; ++i)
            QTest::keyClick(slider.slider(), Qt::Key_Right);
        QCOMPARE(slider.value(), 0.01);
        QCOMPARE(changed.size(), 20);
        QCOMPARE(committed.size(), 0);
        QVERIFY(committed.wait());
        QCOMPARE(committed.size(), 1);
        QCOMPARE(committed[0][0].toDouble(), 0.01);
    }

    void logSliderTellsOfADragOnce()
    {
        LogSlider slider(QStringLiteral("Rate"));
        slider.resize(400, 60);
        show(slider);
        slider.setValue(0.001);
        QSignalSpy changed(&slider, &LogSlider::valueChanged);
        QSignalSpy committed(&slider, &LogSlider::valueCommitted);
        auto* handle = slider.slider();
        const auto start = handleOf(handle);
        QTest::mousePress(handle, Qt::LeftButton, {}, start);
        for (int x = 5; x <= 60; x += 5)
            QTest::mouseMove(handle, start + QPoint(x, 0));
        QVERIFY(changed.size() > 3);
        QCOMPARE(committed.size(), 0);
        QTest::mouseRelease(handle, Qt::LeftButton, {}, start + QPoint(60, 0));
        QCOMPARE(committed.size(), 1);
        QCOMPARE(committed[0][0].toDouble(), slider.value());
    }

    void logSliderDoubleClickResets()
    {
        LogSlider slider(QStringLiteral("Rate"));
        show(slider);
        slider.setResetValue(0.00123);
        slider.setValue(1.0);
        QSignalSpy committed(&slider, &LogSlider::valueCommitted);
        QTest::mouseDClick(slider.slider(), Qt::LeftButton, {}, handleOf(slider.slider()));
        QCOMPARE(slider.value(), 0.00123);
        QCOMPARE(slider.edit()->text(), QStringLiteral("0.00123"));
        QCOMPARE(committed.size(), 1);
    }

    void sparsityCountsWeights()
    {
        SparsitySlider slider;
        show(slider);
        LayerTotals totals;
        totals.prunable = totals.prunableTrainable = 98765;
        slider.setTotals(totals);
        QSignalSpy committed(&slider, &SparsitySlider::valueCommitted);
        type(slider.spinBox()->findChild<QLineEdit*>(), "12.5");
        QCOMPARE(slider.value(), 0.125);
        QCOMPARE(slider.slider()->value(), 125);
        QCOMPARE(slider.weightsText(), QStringLiteral("hides 12,346 of 98,765 weights"));
        QCOMPARE(committed.size(), 1);
        totals.prunableTrainable = 8000;
        totals.masked = 1000;
        slider.setTotals(totals);
        QCOMPARE(slider.weightsText(), QStringLiteral("hides 1,000 of 98,765 weights; 1,000 hidden now"));
        slider.setFrozenIncluded(true);
        QCOMPARE(slider.weightsText(), QStringLiteral("hides 12,346 of 98,765 weights; 1,000 hidden now"));
    }

    void sparsityTellsOfKeysOnceItIsQuiet()
    {
        SparsitySlider slider;
        show(slider);
        QSignalSpy committed(&slider, &SparsitySlider::valueCommitted);
        slider.slider()->setFocus();
        for (int i = 0; i < 5; ++i)
            QTest::keyClick(slider.slider(), Qt::Key_PageUp);
        QCOMPARE(slider.value(), 0.5);
        QCOMPARE(slider.spinBox()->value(), 50.0);
        QCOMPARE(committed.size(), 0);
        QVERIFY(committed.wait());
        QCOMPARE(committed.size(), 1);
    }

    void recipeComesBackAsItWas()
    {
        ControlsPanel panel;
        QSignalSpy edited(&panel, &ControlsPanel::recipeEdited);
        QVERIFY(panel.recipe() == Recipe());
        panel.setRecipe(sgdRecipe());
        QVERIFY(panel.recipe() == sgdRecipe());
        QCOMPARE(edited.size(), 0);
    }

    void editsGoIntoTheRecipe()
    {
        ControlsPanel panel;
        panel.setFoldedGroups({});
        panel.setRecipe(sgdRecipe());
        show(panel);
        QSignalSpy edited(&panel, &ControlsPanel::recipeEdited);
        QSignalSpy changes(&panel, &ControlsPanel::changesRequested);
        type(editorNamed<NumberEdit>(panel, "Weight decay"), "0.01");
        type(editorNamed<CheckedEdit>(panel, "Hidden"), "32,16");
        QTest::keyClick(editorNamed<QSpinBox>(panel, "Epochs"), Qt::Key_Up);
        QTest::keyClick(editorNamed<QComboBox>(panel, "Kind"), Qt::Key_Down);
        QTest::mouseClick(editorNamed<QCheckBox>(panel, "Also prune frozen layers"), Qt::LeftButton, {},
                          QPoint(8, 8));
        auto expected = sgdRecipe();
        expected.optimizer.weightDecay = 0.01;
        expected.optimizer.kind = OptimizerKind::Adam;
        expected.model.head->hidden = {32, 16};
        expected.epochs += 1;
        expected.pruning.frozen = false;
        QVERIFY(panel.recipe() == expected);
        QCOMPARE(edited.size(), 5);
        QCOMPARE(changes.size(), 0);
    }

    void computingIsOfTheRecipe()
    {
        ControlsPanel panel;
        panel.setFoldedGroups({});
        show(panel);
        QSignalSpy edited(&panel, &ControlsPanel::recipeEdited);
        QTest::keyClick(editorNamed<QComboBox>(panel, "Precision"), Qt::Key_Down);
        QTest::keyClick(editorNamed<QComboBox>(panel, "Memory format"), Qt::Key_Down);
        auto* threads = editorNamed<QSpinBox>(panel, "Threads");
        QCOMPARE(threads->text(), QStringLiteral("Automatic"));
        QTest::keyClick(threads, Qt::Key_Up);
        const ComputeRecipe expected{1, MemoryFormat::ChannelsLast, Precision::Bf16, false};
        QVERIFY(panel.recipe().compute == expected);
        QCOMPARE(edited.size(), 3);
        QTest::keyClick(threads, Qt::Key_Down);
        QTest::keyClick(editorNamed<QComboBox>(panel, "Memory format"), Qt::Key_Down);
        QVERIFY(!panel.recipe().compute.threads);
        QVERIFY(!panel.recipe().compute.format);
        panel.setRunning(true);
        QVERIFY(!threads->isEnabled());
        QCOMPARE(threads->toolTip(),
                 QStringLiteral("Threads cannot change while the run goes on; stop it first"));
    }

    void invalidTextHintsAndEmitsNothing()
    {
        ControlsPanel panel;
        panel.setFoldedGroups({});
        panel.setRecipe(sgdRecipe());
        show(panel);
        QSignalSpy edited(&panel, &ControlsPanel::recipeEdited);
        auto* hidden = editorNamed<CheckedEdit>(panel, "Hidden");
        type(hidden, "12,x");
        QVERIFY(hidden->problem().contains(QStringLiteral("“x”")));
        const auto hints = panel.findChildren<HintLabel*>();
        QCOMPARE(std::ranges::count_if(hints, [](const auto* hint) { return hint->isVisible(); }), 1);
        QCOMPARE(edited.size(), 0);
        QVERIFY(panel.recipe() == sgdRecipe());
        type(hidden, "");
        QVERIFY(hidden->problem().isEmpty());
        QVERIFY(panel.recipe().model.head->hidden.empty());
        QCOMPARE(edited.size(), 1);
    }

    void whileRunningItAsksForChanges()
    {
        ControlsPanel panel;
        panel.setFoldedGroups({});
        panel.setRecipe(sgdRecipe());
        panel.setRunning(true);
        show(panel);
        QSignalSpy edited(&panel, &ControlsPanel::recipeEdited);
        QSignalSpy changes(&panel, &ControlsPanel::changesRequested);
        type(editorNamed<NumberEdit>(panel, "Learning rate"), "1e-4");
        QCOMPARE(asked(changes), QStringLiteral("learning_rate=0.0001"));
        type(editorNamed<NumberEdit>(panel, "Momentum"), "0.5");
        QCOMPARE(asked(changes), QStringLiteral("optimizer:momentum=0.5"));
        type(editorNamed<NumberEdit>(panel, "Weight decay"), "0");
        QCOMPARE(asked(changes), QStringLiteral("optimizer:weight_decay=0"));
        type(panel.findChild<SparsitySlider*>()->spinBox()->findChild<QLineEdit*>(), "50");
        QCOMPARE(asked(changes), QStringLiteral("sparsity:*=0.5"));
        QTest::mouseClick(editorNamed<QCheckBox>(panel, "Also prune frozen layers"), Qt::LeftButton, {},
                          QPoint(8, 8));
        QCOMPARE(asked(changes), QStringLiteral("prune_frozen=off"));
        QTest::keyClick(editorNamed<QComboBox>(panel, "Kind"), Qt::Key_Down);
        QCOMPARE(asked(changes), QStringLiteral("optimizer:kind=adam"));
        QCOMPARE(changes.size(), 6);
        QCOMPARE(edited.size(), 0);
    }

    void disabledSaysWhy()
    {
        ControlsPanel panel;
        auto recipe = sgdRecipe();
        recipe.model.head.reset();
        panel.setRecipe(recipe);
        auto* beta = editorNamed<NumberEdit>(panel, "Beta 1");
        QVERIFY(!beta->isEnabled());
        QCOMPARE(beta->toolTip(), QStringLiteral("SGD has momentum in its place"));
        QVERIFY(!editorNamed<CheckedEdit>(panel, "Hidden")->isEnabled());
        auto* epochs = editorNamed<QSpinBox>(panel, "Epochs");
        QVERIFY(epochs->isEnabled());
        panel.setRunning(true);
        QVERIFY(!epochs->isEnabled());
        QCOMPARE(epochs->toolTip(),
                 QStringLiteral("Epochs cannot change while the run goes on; stop it first"));
        QVERIFY(editorNamed<NumberEdit>(panel, "Momentum")->isEnabled());
        panel.setReadOnly(true);
        QVERIFY(!editorNamed<NumberEdit>(panel, "Momentum")->isEnabled());
        QVERIFY(!panel.findChild<LogSlider*>()->isEnabled());
    }

    void everyEditorHasAName()
    {
        ControlsPanel panel;
        for (auto* editor : panel.findChildren<QWidget*>()) {
            const bool isEditor = qobject_cast<QLineEdit*>(editor) ||
                                  qobject_cast<QAbstractSpinBox*>(editor) ||
                                  qobject_cast<QAbstractSlider*>(editor) || qobject_cast<QComboBox*>(editor);
            const bool isPart = qobject_cast<QAbstractSpinBox*>(editor->parent()) ||
                                editor->objectName().startsWith(QStringLiteral("qt_scrollarea")) ||
                                qobject_cast<QScrollBar*>(editor);
            QVERIFY2(!isEditor || isPart || !editor->accessibleName().isEmpty(),
                     editor->metaObject()->className());
        }
    }

    void showsWhatIsInForce()
    {
        ControlsPanel panel;
        panel.setRecipe(sgdRecipe());
        show(panel);
        auto* inForce = panel.findChild<QLabel*>(QStringLiteral("rateInForce"));
        panel.setLiveRate(sgdRecipe().optimizer.learningRate, sgdRecipe().optimizer.learningRate);
        panel.setLiveSparsity(sgdRecipe().pruning.sparsity);
        QVERIFY(!inForce->isVisible());
        panel.setLiveRate(1e-4, 1e-4);
        panel.setLiveSparsity(0.5);
        QVERIFY(inForce->isVisible());
        QCOMPARE(inForce->text(), QStringLiteral("in force now: 0.0001"));
    }

    void resetValueSurvivesItsOwnEdits()
    {
        ControlsPanel panel;
        panel.setRecipe(sgdRecipe());
        show(panel);
        auto* slider = panel.findChild<LogSlider*>();
        type(slider->edit(), "0.5");
        panel.setRecipe(panel.recipe());
        QTest::mouseDClick(slider->slider(), Qt::LeftButton, {}, handleOf(slider->slider()));
        QCOMPARE(panel.recipe().optimizer.learningRate, sgdRecipe().optimizer.learningRate);
    }

    void wheelTurnsNothingWithoutFocus()
    {
        ControlsPanel panel;
        panel.setRecipe(sgdRecipe());
        show(panel);
        auto* epochs = editorNamed<QSpinBox>(panel, "Epochs");
        const auto turn = [epochs] {
            const QPointF centre = epochs->rect().center();
            QWheelEvent event(centre, epochs->mapToGlobal(centre), {}, {0, 120}, {}, {}, Qt::NoScrollPhase,
                              false);
            QApplication::sendEvent(epochs, &event);
        };
        turn();
        QVERIFY(panel.recipe() == sgdRecipe());
        epochs->setFocus();
        turn();
        QCOMPARE(panel.recipe().epochs, sgdRecipe().epochs + 1);
    }

    void dataAndAugmentationComeBackAsTheyWereSet()
    {
        ControlsPanel panel;
        auto recipe = sgdRecipe();
        recipe.data.source = "image_folder";
        recipe.data.inputSize = {96, 128};
        recipe.data.augment.flip = 0.5;
        recipe.data.augment.smallestCrop = 0.25;
        recipe.data.augment.views = 3;
        recipe.loss.labelSmoothing = 0.1;
        recipe.model.head = HeadRecipe{
            .pooling = {}, .hidden = {32}, .activation = HeadRecipe::Activation::Gelu, .dropout = 0.2};
        panel.setRecipe(recipe);
        QVERIFY(panel.recipe() == recipe);

        panel.setFoldedGroups({});
        show(panel);
        const QSignalSpy edited(&panel, &ControlsPanel::recipeEdited);
        type(editorNamed<QLineEdit>(panel, "Input size"), "64");
        QCOMPARE(panel.recipe().data.inputSize, (std::vector<std::int64_t>{64, 64}));
        type(editorNamed<QLineEdit>(panel, "Crop"), "0.005");
        QVERIFY(panel.problem().contains(QStringLiteral("from 0.01 to 1")));
        QCOMPARE(panel.recipe().data.augment.smallestCrop, std::optional(0.25));
        type(editorNamed<QLineEdit>(panel, "Crop"), "");
        QCOMPARE(panel.recipe().data.augment.smallestCrop, std::nullopt);
        QCOMPARE(panel.recipe().data.augment.views, 3);
        type(editorNamed<QLineEdit>(panel, "Flip"), "0"); // Nothing varies any more: no views of it either.
        QVERIFY(panel.recipe().data.augment.isNone());
        QCOMPARE(panel.recipe().data.augment.views, 0);
        QVERIFY(!editorNamed<QSpinBox>(panel, "Views")->isEnabled());
        QCOMPARE(edited.size(), 3);
    }

    void whatSoundsAndValuesHaveNotIsDisabledAndSaysWhy()
    {
        ControlsPanel panel;
        auto recipe = sgdRecipe();
        recipe.data.source = "audio_folder";
        panel.setRecipe(recipe);
        QVERIFY(!editorNamed<QLineEdit>(panel, "Flip")->isEnabled());
        QVERIFY(editorNamed<QLineEdit>(panel, "Hue")->toolTip().contains(QStringLiteral("Only images")));
        QVERIFY(editorNamed<QSpinBox>(panel, "Time mask")->isEnabled());
        QVERIFY(
            editorNamed<QLineEdit>(panel, "Input size")->toolTip().contains(QStringLiteral("Only images")));
        recipe.data.source = "tensors";
        recipe.data.task = Task::Values;
        recipe.loss.kind = LossKind::L1;
        panel.setRecipe(recipe);
        QVERIFY(panel.recipe() == recipe);
        auto* loss = editorNamed<QComboBox>(panel, "Loss");
        QVERIFY(loss->isEnabled());
        QCOMPARE(loss->currentText(), QStringLiteral("Mean absolute error"));
        QVERIFY(!editorNamed<QLineEdit>(panel, "Smoothing")->isEnabled());
        QVERIFY(!editorNamed<QSpinBox>(panel, "Time mask")->isEnabled());
    }

    void foldedGroupsComeBack()
    {
        ControlsPanel panel;
        QCOMPARE(panel.foldedGroups(),
                 QStringList({QStringLiteral("schedule"), QStringLiteral("computing"),
                              QStringLiteral("model"), QStringLiteral("data"), QStringLiteral("augment")}));
        panel.setFoldedGroups({QStringLiteral("optimizer")});
        QCOMPARE(panel.foldedGroups(), QStringList({QStringLiteral("optimizer")}));
        show(panel);
        QVERIFY(panel.findChild<ModelGroup*>()->isVisible());
    }
};

QTEST_MAIN(TestControls)
#include "tst_controls.moc"
