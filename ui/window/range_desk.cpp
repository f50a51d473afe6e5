#include "window/range_desk.h"

#include "controls/controls_panel.h"
#include "queue/run_queue.h"
#include "range/range_page.h"
#include "run/run_controller.h"
#include "window/draft_editor.h"
#include "window/log_dock.h"
#include "window/message_bar.h"
#include "window/session_desk.h"

namespace frostline {

namespace {

/// What the curve follows from: neither the rate that is set nor what comes after the first steps.
Recipe tested(Recipe recipe)
{
    const Recipe none;
    recipe.optimizer.learningRate = none.optimizer.learningRate;
    recipe.schedule = none.schedule;
    recipe.epochs = none.epochs;
    recipe.earlyStopping = none.earlyStopping;
    recipe.checkpoints = none.checkpoints;
    return recipe;
}

} // namespace

RangeDesk::RangeDesk(const WindowParts& parts, const DraftEditor& editor, const SessionDesk& sessions,
                     QObject* parent)
    : QObject(parent),
      m_parts(parts),
      m_editor(editor),
      m_sessions(sessions)
{
    connectPage();
    connectRun();
    // After the draft has taken the edit: the editor was connected first.
    connect(m_parts.controls, &ControlsPanel::recipeEdited, this, &RangeDesk::compareSettings);
    connect(&m_editor, &DraftEditor::obstacleChanged, this, &RangeDesk::compareSettings);
    updateObstacles();
}

void RangeDesk::connectPage()
{
    connect(m_parts.range, &RangePage::testRequested, this, &RangeDesk::start);
    connect(m_parts.range, &RangePage::stopRequested, this, [this] { m_parts.run->stop(); });
    connect(m_parts.range, &RangePage::rateChosen, m_parts.controls, &ControlsPanel::chooseLearningRate);
    connect(m_parts.range, &RangePage::messageRequested, this, [this](const QString& text) {
        m_parts.messages->post(
            {.kind = Message::Kind::Warning, .text = text, .key = QStringLiteral("range")});
    });
}

void RangeDesk::connectRun()
{
    connect(m_parts.run, &RunController::stateChanged, this, [this](RunController::State state) {
        if (state == RunController::State::Preparing)
            forget();
        else if (state == RunController::State::Starting && m_parts.range->isRunning())
            m_parts.range->showProblem(tr("Given up for the run that was started"));
        updateObstacles();
    });
    connect(m_parts.run, &RunController::rangePointsArrived, this,
            [this](const std::vector<RangePoint>& points) { m_parts.range->addPoints(points); });
    connect(m_parts.run, &RunController::rangeTested, this,
            [this](const std::shared_ptr<const Result<RangeTest>>& test) { finish(*test); });
}

void RangeDesk::start(const RangeTestOptions& options)
{
    if (const auto problem = m_parts.controls->problem(); !problem.isEmpty()) {
        m_parts.messages->post(
            {.kind = Message::Kind::Error, .text = problem, .key = QStringLiteral("field")});
        return;
    }
    for (const auto* key : {"field", "range"})
        m_parts.messages->withdraw(QString::fromLatin1(key));
    const auto recipe = m_editor.draft().recipe();
    m_parts.run->testRange(recipe, m_editor.origin(), options);
    if (m_parts.run->state() != RunController::State::Testing)
        return;
    m_tested = tested(recipe);
    m_parts.range->begin(options);
}

void RangeDesk::finish(const Result<RangeTest>& test)
{
    if (!test) {
        const auto problem = QString::fromStdString(test.error().message);
        m_parts.range->showProblem(problem);
        m_parts.messages->post(
            {.kind = Message::Kind::Error, .text = problem, .key = QStringLiteral("range")});
        return;
    }
    m_parts.range->showTest(*test);
    m_parts.log->append(tr("Range test: %1").arg(QString::fromStdString(describeEnd(*test))));
    compareSettings();
}

/// Another network, or other data.
void RangeDesk::forget()
{
    m_tested.reset();
    m_parts.range->clear();
}

void RangeDesk::compareSettings()
{
    updateObstacles();
    m_parts.range->setOutdated(m_tested && *m_tested != tested(m_editor.draft().recipe()));
}

void RangeDesk::updateObstacles()
{
    m_parts.range->setObstacle(obstacle());
    m_parts.range->setUseObstacle(m_sessions.shown()
                                      ? tr("A saved session is shown; use its recipe to train with this rate")
                                      : QString());
}

QString RangeDesk::obstacle() const
{
    using State = RunController::State;
    const auto state = m_parts.run->state();
    if (m_parts.run->isActive())
        return tr("A run goes on; stop it first, for the test takes the same network");
    if (const auto busy = m_parts.queue->busyReason(); !busy.isEmpty())
        return busy;
    if (m_sessions.shown())
        return tr("A saved session is shown; use its recipe to test rates on it");
    if (state == State::Preparing)
        return tr("The data and the network are still being read");
    return m_editor.obstacle();
}

} // namespace frostline
