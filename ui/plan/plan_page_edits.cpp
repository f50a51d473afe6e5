// What can be done to a plan; plan_page.cpp shows it.

#include <algorithm>

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QKeyEvent>
#include <QUndoStack>

#include "controls/schedule_group.h"
#include "plan/end_group.h"
#include "plan/group_dialog.h"
#include "plan/pattern_edit.h"
#include "plan/plan_command.h"
#include "plan/plan_delegate.h"
#include "plan/plan_model.h"
#include "plan/plan_page.h"
#include "plan/plan_table.h"
#include "theme/icons.h"
#include "training/starting_layers.h"

namespace frostline {

namespace {

/// A name that no other row has.
std::string freshName(const std::vector<PhaseRecipe>& rows, const QString& pattern)
{
    for (int number = static_cast<int>(rows.size());; ++number) {
        const std::string name = pattern.arg(number).toStdString();
        if (std::ranges::find(rows, name, &PhaseRecipe::name) == rows.end())
            return name;
    }
}

} // namespace

void PlanPage::push(const Recipe& after, const QString& what)
{
    m_undo->push(new PlanCommand(what, m_recipe, after,
                                 [this](const Recipe& recipe, bool withLayers, bool withOptimizer) {
                                     take(recipe, withLayers, withOptimizer);
                                 }));
}

void PlanPage::take(const Recipe& recipe, bool withLayers, bool withOptimizer)
{
    m_recipe.phases = recipe.phases;
    m_recipe.epochs = recipe.epochs;
    m_recipe.schedule = recipe.schedule;
    m_recipe.earlyStopping = recipe.earlyStopping;
    m_recipe.checkpoints = recipe.checkpoints;
    if (withOptimizer)
        m_recipe.optimizer = recipe.optimizer;
    if (withLayers) {
        m_recipe.layers = recipe.layers;
        m_layers = startingLayers(m_layers, m_recipe);
    }
    refresh();
    Q_EMIT planEdited(Recipe(m_recipe)); // It comes back through setDraft().
}

int PlanPage::currentRow() const
{
    return std::max(0, m_table->currentIndex().row());
}

void PlanPage::selectRow(int row)
{
    const int column = std::max(0, m_table->currentIndex().column());
    m_table->setCurrentIndex(m_model->index(std::clamp(row, 0, m_model->rowCount() - 1), column));
}

void PlanPage::addPhase()
{
    auto rows = m_model->rows();
    if (m_model->isWhole()) {
        // Its schedule and ends stay those of the whole run.
        PhaseRecipe whole;
        whole.name = tr("phase %1").arg(1).toStdString();
        whole.epochs = m_recipe.epochs;
        whole.trainable = rows.front().trainable;
        whole.statistics = rows.front().statistics;
        whole.learningRate = rows.front().learningRate;
        rows = {whole};
    }
    PhaseRecipe added;
    added.epochs = 1;
    const auto at = std::min<std::ptrdiff_t>(currentRow() + 1, std::ssize(rows));
    rows.insert(rows.begin() + at, added);
    rows[static_cast<std::size_t>(at)].name = freshName(rows, tr("phase %1"));
    if (m_model->change(rows, false, tr("add a phase")))
        selectRow(static_cast<int>(at));
}

void PlanPage::clonePhase()
{
    if (m_model->isWhole()) {
        addPhase();
        return;
    }
    auto rows = m_model->rows();
    const int at = currentRow();
    auto clone = rows[static_cast<std::size_t>(at)];
    clone.name = freshName(rows, QString::fromStdString(clone.name) + QStringLiteral(" %1"));
    rows.insert(rows.begin() + at + 1, clone);
    if (m_model->change(rows, false, tr("clone a phase")))
        selectRow(at + 1);
}

void PlanPage::removePhase()
{
    auto rows = m_model->rows();
    const int at = currentRow();
    const bool isLast = rows.size() == 1;
    if (isLast) {
        auto whole = rows.front();
        whole.schedule = whole.schedule.value_or(m_recipe.schedule);
        whole.until = m_recipe.earlyStopping;
        whole.restoresBest = m_recipe.checkpoints.restoresBest;
        rows = {whole};
    } else {
        rows.erase(rows.begin() + at);
    }
    if (m_model->change(rows, isLast, tr("remove a phase")))
        selectRow(at);
}

void PlanPage::movePhase(int by)
{
    auto rows = m_model->rows();
    const int from = currentRow();
    const int to = from + by;
    if (to < 0 || to >= m_model->rowCount())
        return;
    std::swap(rows[static_cast<std::size_t>(from)], rows[static_cast<std::size_t>(to)]);
    if (m_model->change(rows, false, tr("move a phase")))
        selectRow(to);
}

void PlanPage::openForm(PhaseFormDialog::Form form)
{
    const auto words = PlanDelegate::patternWords(m_layers);
    auto* dialog = new PhaseFormDialog(form, m_recipe, m_layers, words, this);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        if (const auto recipe = dialog->expanded())
            push(*recipe, dialog->windowTitle());
    });
    dialog->open();
}

/// Of a row, the schedule or the early end.
void PlanPage::editFields(const QModelIndex& index)
{
    const auto row = static_cast<std::size_t>(index.row());
    const bool isSchedule = index.column() == PlanModel::ScheduleColumn;
    auto recipe = m_recipe;
    recipe.schedule = m_model->reports()[row].schedule;
    recipe.earlyStopping = m_model->rows()[row].until;
    const QString name = index.siblingAtColumn(PlanModel::NameColumn).data().toString();
    auto* group = isSchedule ? static_cast<RecipeGroup*>(new ScheduleGroup) : new EndGroup;
    auto* dialog = new GroupDialog(isSchedule ? tr("Schedule: %1").arg(name) : tr("Ends early: %1").arg(name),
                                   group, recipe, this);
    connect(dialog, &QDialog::accepted, this, [this, dialog, row, isSchedule] {
        auto rows = m_model->rows();
        if (row >= rows.size())
            return;
        if (isSchedule)
            rows[row].schedule = dialog->recipe().schedule;
        else
            rows[row].until = dialog->recipe().earlyStopping;
        m_model->change(rows, m_model->isWhole(), dialog->windowTitle());
    });
    dialog->open();
}

void PlanPage::editRunSchedule()
{
    auto* dialog = new GroupDialog(tr("Schedule of the run"), new ScheduleGroup, m_recipe, this);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { push(dialog->recipe(), dialog->windowTitle()); });
    dialog->open();
}

void PlanPage::editRunEnd()
{
    auto* dialog = new GroupDialog(tr("Early end of the run"), new EndGroup, m_recipe, this);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { push(dialog->recipe(), dialog->windowTitle()); });
    dialog->open();
}

void PlanPage::takeBest()
{
    auto next = m_recipe;
    next.checkpoints.restoresBest = m_restoresBest->isChecked();
    const auto monitor = static_cast<Monitor>(m_bestBy->currentIndex());
    if (monitor != next.checkpoints.watched.monitor)
        next.checkpoints.watched = {monitor, {}};
    push(next, tr("best epoch"));
}

/// Undo and redo are the layers' too; here they are the plan's.
bool PlanPage::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            key->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void PlanPage::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Undo))
        m_undoAction->trigger();
    else if (event->matches(QKeySequence::Redo))
        m_redoAction->trigger();
    else
        QWidget::keyPressEvent(event);
}

void PlanPage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange || !m_redoAction)
        return;
    for (auto* action : actions())
        action->setIcon(icon(action->data().toString()));
    tell(m_model->problem());
}

} // namespace frostline
