#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QAbstractItemView>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

#include "layer_tables.h"
#include "plan/pattern_edit.h"
#include "plan/plan_model.h"
#include "plan/plan_page.h"
#include "plan/plan_preview.h"
#include "plan/plan_table.h"
#include "timeline/freeze_look.h"
#include "training/starting_layers.h"

namespace frostline::test {

inline constexpr Step kSteps = 10; ///< Of an epoch.

inline Recipe smallRecipe()
{
    Recipe recipe;
    recipe.name = recipe.title = "small";
    recipe.data.source = "idx";
    recipe.data.path = "nowhere";
    recipe.data.mean = {0.5};
    recipe.data.deviation = {0.25};
    recipe.model.architecture = "mlp";
    recipe.optimizer.learningRate = 1e-3;
    recipe.epochs = 6;
    recipe.layers = {{"*", false, {}, {}, {}}, {"fc", true, {}, {}, {}}};
    return recipe;
}

inline LayerTable ticked(const Recipe& recipe)
{
    return startingLayers(smallNetwork(), recipe);
}

inline PhaseRecipe phaseOf(const char* name, int epochs,
                           std::optional<std::vector<std::string>> trainable = {})
{
    PhaseRecipe phase;
    phase.name = name;
    phase.epochs = epochs;
    phase.trainable = std::move(trainable);
    return phase;
}

/// A page of its own for each test, with a recipe and its layers.
class PlanPageCase : public QObject {
protected:
    void setUp()
    {
        failOnAnyWarning();
        m_page = std::make_unique<PlanPage>();
        m_tester = std::make_unique<QAbstractItemModelTester>(m_page->model());
        m_page->resize(900, 760);
        m_page->setDraft(smallRecipe(), ticked(smallRecipe()), kSteps, false);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        m_page->activateWindow();
    }

    void tearDown()
    {
        m_tester.reset();
        m_page.reset();
    }

    PlanModel& model() const { return *m_page->model(); }
    PlanTable& table() const { return *m_page->table(); }
    QString text(int row, int column) const { return model().index(row, column).data().toString(); }
    QString detail(int row, int column) const
    {
        return model().index(row, column).data(PlanModel::DetailRole).toString();
    }
    QString problem() const
    {
        auto* label = m_page->findChild<QLabel*>(QStringLiteral("planProblem"));
        return label->isVisible() ? label->text() : QString();
    }
    void click(const char* name) const
    {
        auto* button = m_page->findChild<QAbstractButton*>(QLatin1String(name));
        QVERIFY2(button && button->isEnabled() && button->isVisible(), name);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    /// The editor of a cell, opened with F2.
    template <class Editor>
    Editor* edit(int row, int column) const
    {
        table().setFocus();
        table().setCurrentIndex(model().index(row, column));
        QTest::keyClick(&table(), Qt::Key_F2);
        return table().viewport()->findChild<Editor*>();
    }
    void type(int row, int column, const char* value) const
    {
        auto* editor = edit<QLineEdit>(row, column);
        QVERIFY(editor);
        editor->selectAll();
        QTest::keyClick(editor, Qt::Key_Delete);
        QTest::keyClicks(editor, QLatin1String(value));
        if (auto* patterns = qobject_cast<PatternEdit*>(editor))
            patterns->words()->popup()->hide();
        QTest::keyClick(editor, Qt::Key_Return);
        settle();
    }
    /// An editor's content is taken over a moment later, and the editor goes then.
    static void settle()
    {
        QCoreApplication::processEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    template <class Dialog>
    Dialog* dialog() const
    {
        return m_page->findChild<Dialog*>();
    }
    static void accept(QDialog* dialog)
    {
        auto* ok = dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
        QVERIFY2(ok->isEnabled(), qPrintable(ok->toolTip()));
        QTest::mouseClick(ok, Qt::LeftButton);
    }

    std::unique_ptr<PlanPage> m_page;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

} // namespace frostline::test
