#include "window/draft_editor.h"

#include <chrono>

#include "controls/controls_panel.h"
#include "data/data_page.h"
#include "layers/layer_panel.h"
#include "model/layer_changes.h"
#include "plan/plan_page.h"
#include "run/run_controller.h"
#include "start/ready_card.h"
#include "start/start_page.h"
#include "training/starting_layers.h"
#include "window/log_dock.h"
#include "window/message_bar.h"
#include "window/run_status.h"

namespace frostline {

namespace {

constexpr std::chrono::milliseconds kEditPause{500};

} // namespace

DraftEditor::DraftEditor(const WindowParts& parts, QObject* parent) : QObject(parent), m_parts(parts)
{
    for (auto* timer : {&m_estimateTimer, &m_loadTimer}) {
        timer->setSingleShot(true);
        timer->setInterval(kEditPause);
    }
    connect(&m_estimateTimer, &QTimer::timeout, this,
            [this] { m_parts.run->estimate(m_draft.recipe(), m_origin); });
    connect(&m_loadTimer, &QTimer::timeout, this, [this] { m_parts.run->load(m_draft.recipe(), m_origin); });
    connectPanels();
    connectPreparation();
}

Step DraftEditor::stepsPerEpoch() const
{
    const auto batchSize = m_draft.recipe().batchSize;
    return m_data && batchSize > 0 ? (m_data->train.size() + batchSize - 1) / batchSize : 0;
}

void DraftEditor::open(const Recipe& recipe, const QString& file)
{
    take(recipe, file, std::nullopt);
    m_parts.run->load(recipe);
    Q_EMIT obstacleChanged();
}

void DraftEditor::openBranch(const Recipe& recipe, const LayerTable& layers, const RunOrigin& origin)
{
    const auto table = startingLayers(layers, recipe);
    auto shown = recipe;
    // The rules say it for each layer; where all agree, the slider shows it.
    shown.pruning.sparsity = commonSparsityTarget(table);
    take(shown, QString(), origin);
    m_draft.setTable(table);
    showTable();
    m_parts.run->load(m_draft.recipe(), origin);
}

void DraftEditor::openResumed(const Recipe& recipe, const LayerTable& layers, const RunOrigin& origin)
{
    take(recipe, QString(), origin);
    m_draft.setTable(layers);
    showTable();
}

void DraftEditor::take(const Recipe& recipe, const QString& file, const std::optional<RunOrigin>& origin)
{
    m_estimateTimer.stop();
    m_loadTimer.stop();
    m_draft.open(recipe, file);
    m_origin = origin;
    m_data.reset();
    m_failure.clear();
    m_parts.layers->setReadOnly(false);
    m_parts.layers->setTable({}); // What was done to other layers cannot be undone on these.
    m_parts.controls->setReadOnly(false);
    m_parts.controls->setBranch(origin && origin->kind == RunOrigin::Kind::Branch);
    m_parts.controls->setRecipe(recipe);
    m_parts.controls->clearCost();
    m_parts.plan->forgetEdits();
    showPlan();
    m_parts.start->readyCard()->setRecipe(recipe);
    m_parts.data->clear(tr("Reading the images…"));
    m_parts.status->clearFigures();
}

void DraftEditor::takeOver(const Session& session)
{
    m_origin.reset(); // The next run begins at step 0.
    m_parts.controls->setBranch(false);
    if (session.recipe.phases.empty()) {
        m_draft.edit(m_parts.controls->recipe());
        m_draft.setTable(session.layers);
    } else {
        auto begun = m_draft.recipe();
        begun.optimizer = session.recipe.optimizer;
        begun.pruning = session.recipe.pruning;
        m_draft.edit(begun);
        m_draft.setTable(startingLayers(session.layers, session.recipe));
        m_parts.controls->setRecipe(m_draft.recipe());
    }
    showTable();
}

QString DraftEditor::obstacle() const
{
    if (!m_draft.isOpen())
        return tr("Open a recipe first");
    if (!m_failure.isEmpty())
        return m_failure;
    if (!m_draft.table().empty() && !m_draft.isTrainable())
        return tr("Nothing is trainable: tick at least one layer");
    return m_parts.plan->problem();
}

void DraftEditor::connectPanels()
{
    connect(m_parts.layers, &LayerPanel::changesRequested, this, &DraftEditor::applyChanges);
    connect(m_parts.controls, &ControlsPanel::changesRequested, this, &DraftEditor::applyChanges);
    connect(m_parts.controls, &ControlsPanel::recipeEdited, this, &DraftEditor::takeEdits);
    connect(m_parts.plan, &PlanPage::planEdited, this, &DraftEditor::takePlan);
}

void DraftEditor::connectPreparation()
{
    connect(m_parts.run, &RunController::prepared, this, &DraftEditor::showPrepared);
    connect(m_parts.run, &RunController::costEstimated, this, [this](const CostReport& report) {
        m_parts.messages->withdraw(QStringLiteral("estimate"));
        m_parts.controls->setEstimatedCost(report);
        m_parts.status->setMemory(predictCost(report, m_draft.table()).memoryBytes);
        m_parts.status->setFeatures(report.features);
    });
    connect(m_parts.run, &RunController::estimateFailed, this, [this](const QString& why) {
        m_parts.controls->clearCost();
        m_parts.messages->post(
            {.kind = Message::Kind::Warning, .text = why, .key = QStringLiteral("estimate")});
    });
    connect(m_parts.run, &RunController::failed, this, [this](const QString& why) {
        if (m_parts.run->state() != RunController::State::Empty)
            return;
        m_failure = why;
        m_parts.data->clear(tr("There is no data to show: %1").arg(why));
        Q_EMIT obstacleChanged();
    });
}

void DraftEditor::applyChanges(const std::vector<Change>& changes)
{
    if (m_parts.run->isActive())
        return;
    std::vector<Change> ofLayers;
    for (const auto& change : changes) {
        if (isOnLayers(change.kind))
            ofLayers.push_back(change);
        else if (change.kind == ChangeKind::LearningRate)
            m_parts.controls->chooseLearningRate(std::get<double>(change.value));
    }
    if (const auto applied = m_draft.apply(ofLayers); !applied)
        m_parts.messages->post({.kind = Message::Kind::Warning,
                                .text = QString::fromStdString(applied.error().message),
                                .key = QStringLiteral("change")});
    showTable();
    scheduleEstimate();
}

void DraftEditor::takeEdits()
{
    if (m_parts.run->isActive())
        return;
    switch (m_draft.edit(m_parts.controls->recipe())) {
    case RecipeDraft::Effect::Network:
        m_parts.controls->clearCost();
        showTable();
        scheduleLoad();
        break;
    case RecipeDraft::Effect::Cost:
        m_parts.controls->clearCost();
        showTable();
        scheduleEstimate();
        break;
    case RecipeDraft::Effect::Plan:
        showPlan();
        Q_EMIT obstacleChanged();
        break;
    case RecipeDraft::Effect::Nothing:
        break;
    }
}

/// The Controls hold all of the recipe but its layers; those are ticked.
void DraftEditor::takePlan(const Recipe& recipe)
{
    if (m_parts.run->isActive())
        return;
    m_parts.controls->setPlan(recipe);
    m_draft.edit(m_parts.controls->recipe());
    const bool otherLayers = !m_draft.table().empty() && recipe.layers != m_draft.recipe().layers;
    if (otherLayers) {
        m_draft.setTable(startingLayers(m_draft.table(), recipe));
        scheduleEstimate();
    }
    showTable();
}

void DraftEditor::showPlan()
{
    const bool isBranch = m_origin && m_origin->kind == RunOrigin::Kind::Branch;
    m_parts.plan->setDraft(m_draft.recipe(), m_draft.table(), stepsPerEpoch(), isBranch);
}

void DraftEditor::showPrepared(const LayerTable& layers, const std::shared_ptr<const DataSplits>& data,
                               const SessionEnvironment& environment)
{
    m_failure.clear();
    m_parts.messages->withdraw(QStringLiteral("failed"));
    if (!m_origin)
        m_draft.setTable(layers); // Else it is known already, with what was edited since.
    m_parts.status->setEnvironment(environment);
    m_parts.controls->setEnvironment(environment);
    if (m_data != data) {
        m_data = data;
        m_parts.data->setData(data, m_draft.recipe());
        m_parts.start->readyCard()->setData(*data);
    }
    showTable();
    m_parts.log->append(tr("Prepared: %1").arg(describe(data->train)));
}

void DraftEditor::showTable()
{
    const auto& table = m_draft.table();
    m_parts.layers->setTable(table);
    m_parts.controls->setTable(table);
    m_parts.start->readyCard()->setLayers(table);
    showPlan();
    Q_EMIT obstacleChanged();
}

void DraftEditor::scheduleEstimate()
{
    m_parts.status->setFeatures({});
    if (m_draft.isTrainable())
        m_estimateTimer.start();
}

void DraftEditor::scheduleLoad()
{
    m_estimateTimer.stop();
    m_loadTimer.start();
}

} // namespace frostline
