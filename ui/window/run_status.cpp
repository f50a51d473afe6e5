#include "window/run_status.h"

#include <algorithm>
#include <cmath>

#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QStatusBar>

#include "controls/environment_text.h"
#include "start/recent_sessions.h"
#include "window/feature_label.h"

namespace frostline {

namespace {

constexpr double kSpeedWindowSeconds = 1.5;
constexpr int kProgressParts = 1000;
constexpr int kAnnouncedMilliseconds = 4000;

QString wordFor(RunController::State state)
{
    using State = RunController::State;
    switch (state) {
    case State::Empty:
        return RunStatus::tr("Nothing loaded");
    case State::Preparing:
        return RunStatus::tr("Reading data and network…");
    case State::Ready:
        return RunStatus::tr("Ready");
    case State::Starting:
        return RunStatus::tr("Starting…");
    case State::Running:
        return RunStatus::tr("Running");
    case State::Pausing:
        return RunStatus::tr("Pausing…");
    case State::Paused:
        return RunStatus::tr("Paused");
    case State::Stopping:
        return RunStatus::tr("Stopping…");
    case State::Replaying:
        return RunStatus::tr("Replaying…");
    case State::Testing:
        return RunStatus::tr("Range test…");
    case State::Ended:
        break;
    }
    return RunStatus::tr("Ended");
}

QString outcomeWord(SessionState state)
{
    switch (state) {
    case SessionState::Finished:
        return RunStatus::tr("Finished");
    case SessionState::Stopped:
        return RunStatus::tr("Stopped");
    case SessionState::Running:
    case SessionState::Paused:
    case SessionState::Failed:
        break;
    }
    return RunStatus::tr("Failed");
}

QString whole(Step number)
{
    return QLocale().toString(static_cast<qlonglong>(number));
}

} // namespace

QString clockText(double seconds)
{
    const auto total = std::llround(std::max(0.0, seconds));
    const auto hours = total / 3600;
    const auto minutes = total / 60 % 60;
    const QString tail = QStringLiteral("%1").arg(total % 60, 2, 10, QLatin1Char('0'));
    if (hours == 0)
        return QStringLiteral("%1:%2").arg(minutes).arg(tail);
    return QStringLiteral("%1:%2:%3").arg(hours).arg(minutes, 2, 10, QLatin1Char('0')).arg(tail);
}

RunStatus::RunStatus(QStatusBar* bar, QObject* parent)
    : QObject(parent),
      m_bar(bar),
      m_state(addLabel(bar, QStringLiteral("runState"), tr("What the run is doing"), false)),
      m_planPhase(addLabel(bar, QStringLiteral("runPlanPhase"), tr("Phase of the plan"), false)),
      m_epoch(addLabel(bar, QStringLiteral("runEpoch"), tr("Epoch"), false)),
      m_step(addLabel(bar, QStringLiteral("runStep"), tr("Steps done"), false)),
      m_speed(addLabel(bar, QStringLiteral("runSpeed"), tr("Training images in a second"), false)),
      m_times(addLabel(bar, QStringLiteral("runTimes"), tr("Time gone and time left"), false)),
      m_features(new FeatureLabel(bar)),
      m_device(addLabel(bar, QStringLiteral("runDevice"), tr("Where the run computes"), true)),
      m_memory(addLabel(bar, QStringLiteral("runMemory"), tr("Memory at its highest"), true)),
      m_toolDevice(new QLabel),
      m_progress(new QProgressBar)
{
    QFont bold = m_state->font();
    bold.setBold(true);
    m_state->setFont(bold);
    m_toolDevice->setToolTip(m_device->toolTip());
    m_progress->setObjectName(QStringLiteral("runProgress"));
    m_progress->setAccessibleName(tr("Progress of the run"));
    m_progress->setRange(0, kProgressParts);
    m_progress->setMinimumWidth(160);
    m_progress->setAlignment(Qt::AlignCenter);
    showState(RunController::State::Empty);
    clearFigures();
}

QLabel* RunStatus::addLabel(QStatusBar* bar, const QString& name, const QString& tip, bool permanent)
{
    auto* label = new QLabel(bar);
    label->setObjectName(name);
    label->setToolTip(tip);
    label->setTextFormat(Qt::PlainText);
    label->setContentsMargins(4, 0, 10, 0);
    if (permanent)
        bar->addPermanentWidget(label);
    else
        bar->addWidget(label);
    return label;
}

QWidget* RunStatus::deviceWidget() const
{
    return m_toolDevice;
}

QWidget* RunStatus::progressWidget() const
{
    return m_progress;
}

void RunStatus::setEnvironment(const SessionEnvironment& environment)
{
    const auto text = environmentText(environment);
    m_device->setText(text);
    m_toolDevice->setText(text);
    m_device->setToolTip(
        tr("LibTorch %1 on %2")
            .arg(QString::fromStdString(environment.libtorch), QString::fromStdString(environment.cpu)));
    m_toolDevice->setToolTip(m_device->toolTip());
}

void RunStatus::setMemory(std::int64_t bytes)
{
    m_memory->setText(bytes > 0 ? QLocale().formattedDataSize(bytes, 0) : QString());
}

void RunStatus::setFeatures(const FeatureReport& features)
{
    m_features->setFeatures(features);
}

void RunStatus::showState(RunController::State state)
{
    m_runState = state;
    showWord();
    const bool isBusy = state == RunController::State::Preparing || state == RunController::State::Starting ||
                        state == RunController::State::Replaying || state == RunController::State::Testing;
    m_progress->setRange(0, isBusy ? 0 : kProgressParts);
}

void RunStatus::showPhase(RunPhase phase)
{
    m_phase = phase;
    showWord();
}

void RunStatus::showRecomputing(const RunProgress& progress, Step target)
{
    m_state->setText(
        tr("Going back to step %1: %2 of %1").arg(whole(target), whole(std::min(progress.step, target))));
    showPart(progress.step, target, tr("Going back, %p %"));
}

void RunStatus::showReplaying(const RunProgress& progress, Step steps)
{
    m_state->setText(tr("Replaying: step %1 of %2").arg(whole(progress.step), whole(steps)));
    showPart(progress.step, steps, tr("Replaying, %p %"));
}

void RunStatus::showPart(Step done, Step all, const QString& format)
{
    m_progress->setRange(0, kProgressParts);
    m_progress->setFormat(format);
    if (all > 0)
        m_progress->setValue(static_cast<int>(kProgressParts * std::min(done, all) / all));
}

void RunStatus::showWord()
{
    const bool isValidating = m_runState == RunController::State::Running && m_phase == RunPhase::Validating;
    m_state->setText(isValidating ? tr("Validating…") : wordFor(m_runState));
}

void RunStatus::showOutcome(SessionState state)
{
    m_phase = RunPhase::Training;
    m_state->setText(outcomeWord(state));
    m_progress->setFormat(outcomeWord(state));
    m_speed->clear();
    m_times->setText(m_elapsedSeconds > 0.0 ? clockText(m_elapsedSeconds) : QString());
}

void RunStatus::setPlanPhase(int number, int count, const QString& name)
{
    m_planPhase->setText(count > 0 ? tr("phase %1 of %2: %3").arg(number).arg(count).arg(name) : QString());
}

void RunStatus::announce(const QString& text)
{
    m_bar->showMessage(text, kAnnouncedMilliseconds);
}

void RunStatus::showSession(const Session& session, bool isRunning)
{
    clearFigures();
    m_state->setText(tr("Saved session, %1").arg(frostline::wordFor(session.state, isRunning)));
    m_step->setText(tr("step %1").arg(whole(session.summary.steps)));
    m_times->setText(clockText(session.summary.seconds));
    setEnvironment(session.environment);
}

void RunStatus::addPoints(const std::vector<MetricPoint>& points, const RunProgress& progress)
{
    measureSpeed(points);
    m_epoch->setText(tr("epoch %1 of %2").arg(whole(progress.epoch), whole(progress.epochs)));
    m_step->setText(tr("step %1 of %2").arg(whole(progress.step), whole(progress.steps)));
    if (m_stepSeconds > 0.0) {
        const auto speed = static_cast<double>(m_batchSize) / m_stepSeconds;
        m_speed->setText(tr("%1 images/s").arg(whole(std::llround(speed))));
    }
    if (progress.steps > 0)
        m_progress->setValue(static_cast<int>(kProgressParts * progress.step / progress.steps));
    showTimes(progress, points.back().seconds);
}

void RunStatus::measureSpeed(const std::vector<MetricPoint>& points)
{
    m_recent.insert(m_recent.end(), points.begin(), points.end());
    const double since = m_recent.back().seconds - kSpeedWindowSeconds;
    // At least two points stay, however slow the steps are.
    const auto last = m_recent.end() - std::min<std::ptrdiff_t>(2, std::ssize(m_recent));
    const auto first = std::find_if(m_recent.begin(), last,
                                    [since](const MetricPoint& point) { return point.seconds >= since; });
    m_recent.erase(m_recent.begin(), first);
    // Between two epochs lies the validation: such gaps tell nothing of a step.
    double seconds = 0.0;
    Step steps = 0;
    for (std::size_t i = 1; i < m_recent.size(); ++i) {
        if (m_recent[i].epoch != m_recent[i - 1].epoch)
            continue;
        seconds += m_recent[i].seconds - m_recent[i - 1].seconds;
        steps += m_recent[i].step - m_recent[i - 1].step;
    }
    if (steps > 0)
        m_stepSeconds = seconds / static_cast<double>(steps);
}

void RunStatus::showTimes(const RunProgress& progress, double elapsed)
{
    m_elapsedSeconds = elapsed;
    if (progress.step == 0)
        return;
    const auto left = static_cast<double>(progress.steps - progress.step);
    const double remaining = elapsed * left / static_cast<double>(progress.step);
    m_times->setText(tr("%1 gone, %2 left").arg(clockText(elapsed), clockText(remaining)));
    m_progress->setFormat(tr("%p %, %1 left").arg(clockText(remaining)));
}

void RunStatus::clearFigures()
{
    for (auto* label : {m_planPhase, m_epoch, m_step, m_speed, m_times})
        label->clear();
    m_recent.clear();
    m_stepSeconds = 0.0;
    m_elapsedSeconds = 0.0;
    m_phase = RunPhase::Training;
    m_progress->setValue(0);
    m_progress->setFormat(QString());
    m_features->setFeatures({});
}

} // namespace frostline
