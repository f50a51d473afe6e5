#include "plan/plan_page.h"

#include <algorithm>

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QUndoStack>
#include <QVBoxLayout>

#include "plan/plan_command.h"
#include "plan/plan_model.h"
#include "plan/plan_preview.h"
#include "plan/plan_table.h"
#include "plan/plan_text.h"
#include "plan/planned_course.h"
#include "theme/colours.h"
#include "theme/icons.h"
#include "training/starting_layers.h"

namespace frostline {

PlanPage::PlanPage(QWidget* parent)
    : QWidget(parent),
      m_model(new PlanModel(this)),
      m_table(new PlanTable(*m_model, this)),
      m_preview(new PlanPreview(this)),
      m_undo(new QUndoStack(this)),
      m_problem(new QLabel(this)),
      m_obstacle(new QLabel(this))
{
    m_problem->setObjectName(QStringLiteral("planProblem"));
    m_obstacle->setObjectName(QStringLiteral("planObstacle"));
    for (auto* label : {m_problem, m_obstacle}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setContentsMargins(8, 3, 8, 3);
        label->hide();
    }
    createActions();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(createTools());
    layout->addWidget(m_obstacle);
    layout->addWidget(m_table);
    layout->addWidget(m_problem);
    layout->addWidget(createRunLine());
    layout->addWidget(m_preview, 1);
    setFocusProxy(m_table);
    connect(m_model, &PlanModel::edited, this, &PlanPage::push);
    connect(m_model, &PlanModel::refused, this, &PlanPage::tell);
    connect(m_table, &PlanTable::fieldsRequested, this, &PlanPage::editFields);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &PlanPage::updateUsable);
    for (auto signal : {&QUndoStack::canUndoChanged, &QUndoStack::canRedoChanged})
        connect(m_undo, signal, this, &PlanPage::updateUsable);
    refresh();
}

PlanPage::~PlanPage()
{
    // An editor that is still open gives what is typed to a page that is half gone.
    for (QObject* child : {static_cast<QObject*>(m_model), static_cast<QObject*>(m_undo),
                           static_cast<QObject*>(m_table->selectionModel())})
        child->disconnect(this);
}

QAction* PlanPage::addTool(const char* name, const QString& text, const QString& help,
                           const QKeySequence& key)
{
    auto* action = new QAction(icon(QLatin1String(name)), text, this);
    action->setObjectName(QLatin1String("plan-") + QLatin1String(name));
    action->setData(QLatin1String(name));
    const QString keys =
        key.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(key.toString(QKeySequence::NativeText));
    action->setToolTip(help + keys);
    action->setProperty("help", action->toolTip());
    if (!key.isEmpty()) {
        action->setShortcut(key);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    }
    addAction(action);
    return action;
}

void PlanPage::createActions()
{
    m_add =
        addTool("add", tr("Add a phase"), tr("Adds a phase after this one"), QKeySequence(Qt::Key_Insert));
    m_clone = addTool("copy", tr("Clone"), tr("The same phase again"), QKeySequence(Qt::CTRL | Qt::Key_D));
    m_remove =
        addTool("delete", tr("Remove"), tr("Removes this phase"), QKeySequence(Qt::CTRL | Qt::Key_Delete));
    m_up = addTool("up", tr("Move up"), tr("One place earlier"), QKeySequence(Qt::ALT | Qt::Key_Up));
    m_down = addTool("down", tr("Move down"), tr("One place later"), QKeySequence(Qt::ALT | Qt::Key_Down));
    m_undoAction = addTool("undo", tr("Undo"), tr("Takes back the last edit of the plan"), {});
    m_redoAction = addTool("redo", tr("Redo"), tr("Makes it again"), {});
    connect(m_add, &QAction::triggered, this, &PlanPage::addPhase);
    connect(m_clone, &QAction::triggered, this, &PlanPage::clonePhase);
    connect(m_remove, &QAction::triggered, this, &PlanPage::removePhase);
    connect(m_up, &QAction::triggered, this, [this] { movePhase(-1); });
    connect(m_down, &QAction::triggered, this, [this] { movePhase(1); });
    connect(m_undoAction, &QAction::triggered, m_undo, &QUndoStack::undo);
    connect(m_redoAction, &QAction::triggered, m_undo, &QUndoStack::redo);
}

QWidget* PlanPage::createTools()
{
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(4);
    for (auto* action : {m_add, m_clone, m_remove, m_up, m_down, m_undoAction, m_redoAction}) {
        auto* button = new QToolButton(row);
        button->setDefaultAction(action);
        button->setObjectName(action->objectName() + QLatin1String("-button"));
        button->setAccessibleName(action->text());
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        layout->addWidget(button);
    }
    layout->addSpacing(8);
    const auto addForm = [&](const char* name, const QString& text, PhaseFormDialog::Form form) {
        auto* button = new QToolButton(row);
        button->setObjectName(QLatin1String(name));
        button->setText(text);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        layout->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, form] { openForm(form); });
        return button;
    };
    m_twoPhase = addForm("twoPhase", tr("Head first, then all…"), PhaseFormDialog::Form::TwoPhase);
    m_gradual = addForm("gradual", tr("Gradual unfreezing…"), PhaseFormDialog::Form::Gradual);
    layout->addStretch(1);
    return row;
}

QWidget* PlanPage::createRunLine()
{
    m_runLine = new QWidget(this);
    m_runSchedule = new QPushButton(m_runLine);
    m_runEnd = new QPushButton(m_runLine);
    m_restoresBest = new QCheckBox(tr("At its end back to the best epoch"), m_runLine);
    m_bestBy = new QComboBox(m_runLine);
    m_runSchedule->setObjectName(QStringLiteral("runSchedule"));
    m_runEnd->setObjectName(QStringLiteral("runEnd"));
    m_restoresBest->setObjectName(QStringLiteral("runRestoresBest"));
    m_bestBy->setObjectName(QStringLiteral("bestBy"));
    m_bestBy->addItems(monitorNames());
    auto* best = new QLabel(tr("&Best by"), m_runLine);
    best->setBuddy(m_bestBy);
    auto* layout = new QHBoxLayout(m_runLine);
    layout->setContentsMargins(8, 4, 8, 4);
    for (auto* widget : std::initializer_list<QWidget*>{m_runSchedule, m_runEnd, m_restoresBest})
        layout->addWidget(widget);
    layout->addStretch(1);
    layout->addWidget(best);
    layout->addWidget(m_bestBy);
    for (auto* button : {m_runSchedule, m_runEnd})
        button->setAutoDefault(false);
    connect(m_runSchedule, &QPushButton::clicked, this, &PlanPage::editRunSchedule);
    connect(m_runEnd, &QPushButton::clicked, this, &PlanPage::editRunEnd);
    connect(m_restoresBest, &QCheckBox::clicked, this, &PlanPage::takeBest);
    connect(m_bestBy, &QComboBox::activated, this, &PlanPage::takeBest);
    return m_runLine;
}

void PlanPage::setDraft(const Recipe& recipe, const LayerTable& table, Step stepsPerEpoch, bool isBranch)
{
    m_saved = false;
    m_isBranch = isBranch;
    m_phase = -1;
    showRecipe(recipe, table, stepsPerEpoch);
}

void PlanPage::showSession(const Session& session)
{
    m_saved = true;
    m_isBranch = false;
    m_phase = -1;
    forgetEdits();
    showRecipe(session.recipe, startingLayers(session.layers, session.recipe), stepsPerEpochOf(session));
}

void PlanPage::showRun(const Recipe& recipe, const LayerTable& start, Step stepsPerEpoch)
{
    m_saved = false;
    m_isBranch = false;
    m_phase = -1;
    showRecipe(recipe, start, stepsPerEpoch);
}

void PlanPage::showRecipe(const Recipe& recipe, const LayerTable& table, Step stepsPerEpoch)
{
    m_recipe = recipe;
    m_layers = table;
    m_stepsPerEpoch = stepsPerEpoch;
    refresh();
}

void PlanPage::setRunning(bool running)
{
    if (std::exchange(m_running, running) != running)
        updateUsable();
}

void PlanPage::forgetEdits()
{
    m_undo->clear();
}

void PlanPage::setPhase(int phase, Step began)
{
    m_phase = phase;
    m_phaseBegan = began;
    m_model->setCurrentPhase(phase);
    m_preview->setNow(phase, 0);
}

void PlanPage::setStep(Step step)
{
    if (m_phase >= 0)
        m_preview->setNow(m_phase, step - m_phaseBegan);
}

QString PlanPage::problem() const
{
    return m_model->problem();
}

QString PlanPage::obstacle() const
{
    if (m_running)
        return tr("The plan cannot change while the run goes on; stop it first");
    if (m_saved)
        return tr("A saved session cannot be changed; use its recipe to run it again");
    if (m_isBranch)
        return tr(
            "Phases and schedule cannot change in a branch, whose earlier steps are its parent's; begin "
            "a new run with the session's recipe instead");
    return {};
}

void PlanPage::refresh()
{
    m_model->setPlan(m_recipe, m_layers);
    QStringList names;
    for (const auto& phase : m_recipe.phases)
        names << QString::fromStdString(phase.name);
    m_preview->setPlan(m_model->reports(), names, m_stepsPerEpoch);
    setPhase(m_phase, m_phaseBegan);
    tell(m_model->problem());
    updateRunLine();
    updateUsable();
}

void PlanPage::tell(const QString& problem)
{
    QPalette colours;
    colours.setColor(QPalette::WindowText, warningColour(palette()));
    m_problem->setPalette(colours);
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void PlanPage::updateRunLine()
{
    m_runSchedule->setText(tr("Schedule: %1…").arg(scheduleName(m_recipe.schedule.kind)));
    m_runEnd->setText(m_recipe.earlyStopping
                          ? tr("Ends early: %1…").arg(monitorName(m_recipe.earlyStopping->watched.monitor))
                          : tr("Ends early: no…"));
    m_restoresBest->setChecked(m_recipe.checkpoints.restoresBest);
    m_bestBy->setCurrentIndex(static_cast<int>(m_recipe.checkpoints.watched.monitor));
    // Of a run without phases the table's one row says it.
    const bool isApart = !m_model->isWhole();
    for (auto* widget : std::initializer_list<QWidget*>{m_runSchedule, m_runEnd, m_restoresBest})
        widget->setVisible(isApart);
}

void PlanPage::updateUsable()
{
    const QString why = obstacle();
    m_model->setObstacle(why);
    m_obstacle->setText(why);
    m_obstacle->setVisible(!why.isEmpty());
    const auto setUsable = [](auto* target, const QString& obstacle, const QString& help) {
        target->setEnabled(obstacle.isEmpty());
        target->setToolTip(obstacle.isEmpty() ? help : obstacle);
    };
    const auto setTool = [&](QAction* action, const QString& own) {
        setUsable(action, why.isEmpty() ? own : why, action->property("help").toString());
    };
    const int row = currentRow();
    const int last = m_model->rowCount() - 1;
    const QString whole = m_model->isWhole() ? tr("The whole run is one phase") : QString();
    setTool(m_add, {});
    setTool(m_clone, {});
    setTool(m_remove, whole);
    setTool(m_up, !whole.isNull() ? whole : row <= 0 ? tr("It is the first phase") : QString());
    setTool(m_down, !whole.isNull() ? whole : row >= last ? tr("It is the last phase") : QString());
    setTool(m_undoAction, m_undo->canUndo() ? QString() : tr("Nothing was edited"));
    setTool(m_redoAction, m_undo->canRedo() ? QString() : tr("Nothing was taken back"));
    const QString unknown = m_layers.empty() ? tr("The network has not been read yet") : QString();
    setUsable(m_twoPhase, why.isEmpty() ? unknown : why,
              tr("The head alone first, then more at another rate"));
    setUsable(m_gradual, why.isEmpty() ? unknown : why, tr("Stages join from the top down"));
    setUsable(m_runSchedule, why, tr("Of each phase that has none of its own"));
    setUsable(m_runEnd, why, tr("Whether the whole run ends before all its epochs are done"));
    setUsable(m_restoresBest, why, tr("Weights, statistics and optimizer as they were after the best epoch"));
    setUsable(m_bestBy, why, tr("Which figure decides what the best epoch is"));
}

} // namespace frostline
