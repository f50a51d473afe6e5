#include "window/run_view.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include <QLocale>

#include "controls/controls_panel.h"
#include "layers/layer_panel.h"
#include "plan/plan_page.h"
#include "plan/planned_course.h"
#include "plots/change_text.h"
#include "plots/live_page.h"
#include "run/run_controller.h"
#include "timeline/timeline_panel.h"
#include "training/phase_changes.h"
#include "training/starting_layers.h"
#include "window/log_dock.h"
#include "window/message_bar.h"
#include "window/recipe_draft.h"
#include "window/run_status.h"

namespace frostline {

namespace {

constexpr auto kPauseKey = "pause";
constexpr std::chrono::milliseconds kCostPause{100}; ///< Short epochs tell of it far more often.

QString whole(Step number)
{
    return QLocale().toString(static_cast<qlonglong>(number));
}

QString announcement(const std::vector<Change>& changes, Step step)
{
    if (changes.size() == 1)
        return RunView::tr("%1 – takes effect at step %2").arg(describe(changes.front()), whole(step));
    return RunView::tr("%1 changes – take effect at step %2")
        .arg(whole(static_cast<Step>(changes.size())), whole(step));
}

QString percent(double fraction)
{
    return RunView::tr("%1 %").arg(QLocale().toString(100.0 * fraction, 'f', 1));
}

} // namespace

RunView::RunView(const WindowParts& parts, QObject* parent) : QObject(parent), m_parts(parts)
{
    m_costTimer.setSingleShot(true);
    m_costTimer.setInterval(kCostPause);
    connect(&m_costTimer, &QTimer::timeout, this, &RunView::showCost);
    connectPanels();
    connectTransport();
    connectFacts();
}

void RunView::begin(const RunBeginning& beginning)
{
    const auto& recipe = beginning.recipe;
    m_recipe = recipe;
    m_rate = recipe.optimizer.learningRate;
    m_isMixedEpoch = false;
    m_cost.reset();
    showBefore(beginning);
    m_parts.status->clearFigures();
    showPlan(beginning);
    m_parts.status->setBatchSize(recipe.batchSize);
    m_parts.messages->clear();
    m_parts.log->append(tr("Starting %1").arg(QString::fromStdString(recipe.title)));
    m_parts.run->start(recipe, beginning.origin);
}

void RunView::showBefore(const RunBeginning& beginning)
{
    m_target = 0;
    m_parts.live->clear();
    m_parts.timeline->clear();
    if (beginning.before) {
        m_target = static_cast<Step>(beginning.before->steps.size());
        m_parts.live->showSession(*beginning.before);
        m_parts.timeline->showSession(*beginning.before);
    }
    m_parts.live->setTitle(QString::fromStdString(beginning.recipe.title));
    if (beginning.stepsPerEpoch > 0)
        m_parts.live->setStepsPerEpoch(beginning.stepsPerEpoch);
}

/// What goes on from another session's steps goes on in its plan.
void RunView::showPlan(const RunBeginning& beginning)
{
    const auto& before = beginning.before;
    const auto& planned = before ? before->recipe : m_recipe;
    const auto& layers = before ? before->layers : m_parts.layers->table();
    const Step steps =
        before && beginning.stepsPerEpoch == 0 ? stepsPerEpochOf(*before) : beginning.stepsPerEpoch;
    m_parts.plan->showRun(planned, startingLayers(layers, planned), steps);
    m_phase = -1;
    if (planned.phases.empty())
        m_parts.plan->setPhase(0, 0);
    if (!before)
        return;
    auto optimizer = planned.optimizer;
    for (const auto& each : before->interventions) {
        applyToOptimizer(optimizer, each.change);
        if (each.change.kind == ChangeKind::Phase)
            showPhase(m_phase + 1, each.step);
    }
    m_rate = optimizer.learningRate;
}

void RunView::showPhase(int phase, Step began)
{
    m_phase = phase;
    const int count = static_cast<int>(m_recipe.phases.size());
    if (phase >= count)
        return;
    const auto& name = m_recipe.phases[static_cast<std::size_t>(phase)].name;
    m_parts.plan->setPhase(phase, began);
    m_parts.status->setPlanPhase(phase + 1, count, QString::fromStdString(name));
}

/// The rate in force is the slider's times what the schedule makes of it.
void RunView::showRate(double learningRate)
{
    m_parts.controls->setLiveRate(m_rate, learningRate);
}

void RunView::connectPanels()
{
    connect(m_parts.layers, &LayerPanel::changesRequested, this, &RunView::request);
    connect(m_parts.controls, &ControlsPanel::changesRequested, this, &RunView::request);
}

void RunView::connectTransport()
{
    auto* run = m_parts.run;
    connect(run, &RunController::stateChanged, this, [this](RunController::State state) {
        m_parts.status->showState(state);
        setRunning(m_parts.run->isActive());
    });
    connect(run, &RunController::recomputing, this, [this](const RunProgress& progress) {
        if (m_parts.run->state() == RunController::State::Starting)
            m_parts.status->showRecomputing(progress, m_target);
    });
    connect(run, &RunController::started, this, [this](const QString& folder, const LayerTable& layers) {
        m_parts.timeline->begin(layers);
        m_parts.log->append(tr("Session folder: %1").arg(folder));
        showTable(layers);
    });
    connect(run, &RunController::paused, this, &RunView::showPause);
    connect(run, &RunController::resumed, this, [this](Step step) {
        m_parts.messages->withdraw(QString::fromLatin1(kPauseKey));
        m_parts.log->append(tr("Resumed at step %1").arg(whole(step)));
    });
    connect(run, &RunController::ended, this, [this](const std::shared_ptr<const Session>& session) {
        m_parts.messages->withdraw(QString::fromLatin1(kPauseKey));
        m_parts.layers->clearPending();
        m_parts.layers->setTable(session->layers);
        m_parts.status->showOutcome(session->state);
        showCost();
        Q_EMIT ended(session);
    });
    connect(run, &RunController::failed, this, &RunView::showFailure);
}

void RunView::connectFacts()
{
    auto* run = m_parts.run;
    connect(run, &RunController::metricsArrived, this,
            [this](const std::vector<MetricPoint>& points, const RunProgress& progress) {
                m_parts.live->append(points);
                m_parts.timeline->setSteps(progress.step);
                m_parts.status->addPoints(points, progress);
                m_parts.plan->setStep(progress.step);
                showRate(points.back().learningRate);
            });
    connect(run, &RunController::validating, this,
            [this] { m_parts.status->showPhase(RunPhase::Validating); });
    connect(run, &RunController::epochDone, this, &RunView::showEpoch);
    connect(run, &RunController::interventionApplied, this, &RunView::showIntervention);
    connect(run, &RunController::changeRefused, this, &RunView::showRefusal);
    connect(run, &RunController::layersMeasured, this, &RunView::showTable);
    connect(run, &RunController::costMeasured, this, [this](const CostReport& cost) {
        m_cost = cost;
        if (!m_costTimer.isActive())
            m_costTimer.start();
    });
    connect(run, &RunController::logged, this, [this](bool isWarning, const QString& text) {
        m_parts.log->append(isWarning ? tr("Warning: %1").arg(text) : text);
    });
}

void RunView::request(const std::vector<Change>& changes)
{
    if (!m_parts.run->isActive())
        return;
    const Step step = m_parts.run->nextStep();
    m_parts.run->request(changes);
    m_parts.layers->showPending(changes, step);
    if (!changes.empty())
        m_parts.status->announce(announcement(changes, step));
}

void RunView::setRunning(bool running)
{
    m_parts.layers->setRunning(running, m_parts.run->nextStep());
    m_parts.controls->setRunning(running);
    m_parts.plan->setRunning(running);
}

void RunView::showTable(const LayerTable& layers)
{
    m_parts.layers->setTable(layers);
    m_parts.controls->setTable(layers);
}

void RunView::showIntervention(const Intervention& intervention, const LayerTable& layers)
{
    m_isMixedEpoch = true;
    m_cost.reset(); // Of the layers as they were.
    showTable(layers);
    m_parts.live->addIntervention(intervention);
    m_parts.timeline->addIntervention(intervention, layers);
    m_parts.log->append(describe(intervention));
    const auto& change = intervention.change;
    if (intervention.origin == Origin::Phase)
        m_parts.controls->follow(change);
    if (change.kind == ChangeKind::Phase)
        showPhase(m_phase + 1, intervention.step);
    if (change.kind == ChangeKind::LearningRate) {
        m_rate = std::get<double>(change.value);
        showRate(m_rate);
    }
    m_parts.controls->setLiveSparsity(commonSparsityTarget(layers));
}

void RunView::showRefusal(const Change& change, const QString& why)
{
    m_parts.layers->clearPending();
    m_parts.messages->post({.kind = Message::Kind::Warning,
                            .text = tr("Not done: %1. %2").arg(describe(change), why),
                            .key = QStringLiteral("change")});
    m_parts.log->append(tr("Refused: %1 (%2)").arg(describe(change), why));
}

void RunView::showPause(Step step, const QString& reason)
{
    m_parts.log->append(tr("Paused before step %1 %2").arg(whole(step), reason));
    if (reason.isEmpty())
        return;
    // What cannot be written is a sentence of its own; else the place is named first.
    const bool isSaving = reason.startsWith(QLatin1String("the session cannot be saved"));
    const QString text = isSaving ? tr("Paused: %1. Mend that, then resume.").arg(reason)
                                  : tr("Paused at %1. Change what is wrong, then resume.").arg(reason);
    m_parts.messages->post({.kind = Message::Kind::Warning,
                            .text = text,
                            .key = QString::fromLatin1(kPauseKey),
                            .actionText = tr("Resume"),
                            .action = [run = m_parts.run] { run->resume(); }});
}

void RunView::showEpoch(const EpochRecord& epoch)
{
    m_parts.live->addEpoch(epoch);
    m_parts.status->showPhase(RunPhase::Training);
    m_parts.status->setMemory(epoch.peakMemoryBytes);
    if (!m_isMixedEpoch)
        m_parts.controls->setMeasuredMemory(epoch.peakMemoryBytes);
    m_isMixedEpoch = false;
    const auto& scores = epoch.validation.value_or(epoch.train);
    const QString loss = QLocale().toString(scores.loss, 'f', 4);
    m_parts.log->append(
        std::isfinite(scores.mae)
            ? tr("Epoch %1: loss %2, mean absolute error %3")
                  .arg(epoch.epoch)
                  .arg(loss, QLocale().toString(scores.mae, 'f', 4))
            : tr("Epoch %1: loss %2, accuracy %3").arg(epoch.epoch).arg(loss, percent(scores.accuracy)));
}

void RunView::showCost()
{
    m_costTimer.stop();
    const auto cost = std::exchange(m_cost, std::nullopt);
    if (!cost)
        return;
    m_parts.controls->setMeasuredCost(*cost);
    m_parts.status->setFeatures(cost->features);
}

void RunView::showFailure(const QString& why)
{
    m_parts.layers->clearPending();
    // Elsewhere it is a recipe that could not be prepared: no run came to an end.
    if (m_parts.run->state() == RunController::State::Ready)
        m_parts.status->showOutcome(SessionState::Failed);
    m_parts.messages->post({.kind = Message::Kind::Error, .text = why, .key = QStringLiteral("failed")});
    m_parts.log->append(tr("Failed: %1").arg(why));
}

} // namespace frostline
