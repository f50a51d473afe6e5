#include "controls/controls_panel.h"

#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

#include "controls/augment_group.h"
#include "controls/checked_edit.h"
#include "controls/compute_group.h"
#include "controls/cost_group.h"
#include "controls/data_group.h"
#include "controls/fold_box.h"
#include "controls/model_group.h"
#include "controls/optimizer_group.h"
#include "controls/pruning_group.h"
#include "controls/rate_group.h"
#include "controls/run_group.h"
#include "controls/schedule_group.h"
#include "training/phase_changes.h"

namespace frostline {

namespace {

constexpr QSize kComfortable(320, 600);

} // namespace

ControlsPanel::ControlsPanel(QWidget* parent) : QWidget(parent)
{
    auto* column = new QWidget;
    auto* columnLayout = new QVBoxLayout(column);
    columnLayout->setContentsMargins(6, 6, 6, 6);
    columnLayout->setSpacing(4);
    createGroups();
    for (auto* box : m_boxes)
        columnLayout->addWidget(box);
    columnLayout->addStretch();
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(column);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // Nothing may be cut off at the right: the docks beside it give way first.
    const int bar = style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    scroll->setMinimumWidth(column->minimumSizeHint().width() + bar);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    setFoldedGroups({QStringLiteral("schedule"), QStringLiteral("computing"), QStringLiteral("model"),
                     QStringLiteral("data"), QStringLiteral("augment")});
    setRecipe(Recipe());
}

void ControlsPanel::createGroups()
{
    m_rate = new RateGroup;
    m_pruning = new PruningGroup;
    m_run = new RunGroup;
    m_cost = new CostGroup;
    auto* compute = new ComputeGroup;
    m_schedule = new ScheduleGroup;
    m_optimizer = new OptimizerGroup;
    auto* modelGroup = new ModelGroup;
    auto* dataGroup = new DataGroup;
    auto* augment = new AugmentGroup;
    addGroup(QStringLiteral("rate"), tr("Learning rate"), m_rate);
    addGroup(QStringLiteral("pruning"), tr("Sparsity"), m_pruning);
    addGroup(QStringLiteral("cost"), tr("Cost"), m_cost);
    addGroup(QStringLiteral("run"), tr("Run"), m_run);
    addGroup(QStringLiteral("schedule"), tr("Schedule"), m_schedule);
    addGroup(QStringLiteral("computing"), tr("Computing"), compute);
    addGroup(QStringLiteral("optimizer"), tr("Optimizer"), m_optimizer);
    addGroup(QStringLiteral("model"), tr("Model and head"), modelGroup);
    addGroup(QStringLiteral("data"), tr("Data and task"), dataGroup);
    addGroup(QStringLiteral("augment"), tr("Augmentation"), augment);
    m_groups = {m_rate, m_pruning, m_run, m_schedule, compute, m_optimizer, modelGroup, dataGroup, augment};
    for (auto* group : m_groups)
        connectGroup(group);
    connect(m_schedule, &RecipeGroup::edited, this, [this] { m_rate->setPlan(recipe()); });
    connect(m_cost, &CostGroup::freezeRequested, this, &ControlsPanel::freezeRequested);
}

void ControlsPanel::addGroup(const QString& name, const QString& title, QWidget* group)
{
    auto* box = new FoldBox(title, group);
    box->setObjectName(name);
    m_boxes.push_back(box);
}

void ControlsPanel::connectGroup(RecipeGroup* group)
{
    connect(group, &RecipeGroup::edited, this, [this] {
        if (!m_running)
            Q_EMIT recipeEdited();
    });
    connect(group, &RecipeGroup::changeMade, this, [this](const Change& change) {
        if (m_running)
            Q_EMIT changesRequested({change});
        else
            Q_EMIT recipeEdited();
    });
}

void ControlsPanel::setRecipe(const Recipe& recipe)
{
    if (recipe == this->recipe())
        return; // What was edited comes back: reset values stay those of the recipe that was loaded.
    m_recipe = recipe;
    for (auto* group : m_groups)
        group->setRecipe(recipe);
}

void ControlsPanel::setPlan(const Recipe& recipe)
{
    m_recipe.phases = recipe.phases;
    m_recipe.earlyStopping = recipe.earlyStopping;
    m_recipe.checkpoints = recipe.checkpoints;
    m_recipe.epochs = recipe.epochs;
    m_recipe.schedule = recipe.schedule;
    m_rate->setPlan(recipe);
    for (RecipeGroup* group : std::initializer_list<RecipeGroup*>{m_run, m_schedule, m_optimizer}) {
        auto edited = this->recipe();
        edited.phases = recipe.phases;
        edited.epochs = recipe.epochs;
        edited.schedule = recipe.schedule;
        edited.optimizer = recipe.optimizer;
        group->setRecipe(edited);
    }
}

void ControlsPanel::follow(const Change& change)
{
    auto shown = recipe();
    applyToOptimizer(shown.optimizer, change);
    if (shown.optimizer == recipe().optimizer)
        return;
    m_rate->follow(shown.optimizer.learningRate);
    m_optimizer->setRecipe(shown);
}

Recipe ControlsPanel::recipe() const
{
    Recipe edited = m_recipe;
    for (const auto* group : m_groups)
        group->store(edited);
    return edited;
}

void ControlsPanel::chooseLearningRate(double rate)
{
    if (!m_readOnly)
        m_rate->choose(rate);
}

void ControlsPanel::setRunning(bool running)
{
    if (running && !m_running)
        m_cost->clearMeasured();
    if (!running)
        m_rate->setInForce(0.0, 0.0);
    m_running = running;
    updateAccess();
}

void ControlsPanel::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
    updateAccess();
}

void ControlsPanel::setBranch(bool isBranch)
{
    m_isBranch = isBranch;
    updateAccess();
}

void ControlsPanel::updateAccess()
{
    const auto access = m_readOnly   ? RecipeAccess::ReadOnly
                        : m_running  ? RecipeAccess::Running
                        : m_isBranch ? RecipeAccess::Branch
                                     : RecipeAccess::Editable;
    for (auto* group : m_groups)
        group->setAccess(access);
}

QString ControlsPanel::problem() const
{
    for (const auto* edit : findChildren<CheckedEdit*>()) {
        if (!edit->problem().isEmpty() && edit->isEnabled())
            return tr("%1: “%2” cannot be. %3").arg(edit->accessibleName(), edit->text(), edit->problem());
    }
    return {};
}

void ControlsPanel::setTable(const LayerTable& table)
{
    m_pruning->setTotals(totalsOf(table));
    m_cost->setTable(table);
}

void ControlsPanel::setEstimatedCost(const CostReport& report)
{
    m_cost->setEstimated(report);
}

void ControlsPanel::setMeasuredCost(const CostReport& report)
{
    m_cost->setMeasured(report);
}

void ControlsPanel::setMeasuredMemory(std::int64_t bytes)
{
    m_cost->setMeasuredMemory(bytes);
}

void ControlsPanel::clearCost()
{
    m_cost->clear();
}

void ControlsPanel::setLiveRate(double base, double learningRate)
{
    m_rate->setInForce(base, learningRate);
}

void ControlsPanel::setLiveSparsity(double sparsityTarget)
{
    m_pruning->setInForce(sparsityTarget);
}

void ControlsPanel::setEnvironment(const SessionEnvironment& environment)
{
    m_run->setEnvironment(environment);
}

QStringList ControlsPanel::foldedGroups() const
{
    QStringList names;
    for (const auto* box : m_boxes) {
        if (!box->isOpen())
            names << box->objectName();
    }
    return names;
}

void ControlsPanel::setFoldedGroups(const QStringList& names)
{
    for (auto* box : m_boxes)
        box->setOpen(!names.contains(box->objectName()));
}

QSize ControlsPanel::sizeHint() const
{
    return kComfortable;
}

} // namespace frostline
