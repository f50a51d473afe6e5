#pragma once

#include <vector>

#include <QObject>
#include <QString>

#include "run/run_controller.h"
#include "session/session.h"

class QLabel;
class QProgressBar;
class QStatusBar;

namespace frostline {

class FeatureLabel;

/// "1:02:03", or "2:03" below an hour.
QString clockText(double seconds);

/// How far the run is, in figures: the status bar, and the tool bar's device and progress. GUI thread.
class RunStatus : public QObject {
    Q_OBJECT
public:
    explicit RunStatus(QStatusBar* bar, QObject* parent = nullptr);

    QWidget* deviceWidget() const;
    QWidget* progressWidget() const;

    void setBatchSize(std::int64_t batchSize) { m_batchSize = batchSize; }
    void setEnvironment(const SessionEnvironment& environment);
    void setMemory(std::int64_t bytes);
    /// What is kept under the frost line; hidden while that is nothing.
    void setFeatures(const FeatureReport& features);
    void showState(RunController::State state);
    /// What a running run is about just now.
    void showPhase(RunPhase phase);
    /// On the way back to `target`, where the run goes on.
    void showRecomputing(const RunProgress& progress, Step target);
    /// A saved session of `steps` is run again.
    void showReplaying(const RunProgress& progress, Step steps);
    /// How the run ended, with what it has done; speed and time left are over.
    void showOutcome(SessionState state);
    /// Which of the recipe's phases is in force, from 1 on; nothing where it has none.
    void setPlanPhase(int number, int count, const QString& name);
    /// For some seconds.
    void announce(const QString& text);
    /// A saved session's figures.
    void showSession(const Session& session, bool isRunning = false);
    void addPoints(const std::vector<MetricPoint>& points, const RunProgress& progress);
    void clearFigures();

private:
    QLabel* addLabel(QStatusBar* bar, const QString& name, const QString& tip, bool permanent);
    void measureSpeed(const std::vector<MetricPoint>& points);
    void showPart(Step done, Step all, const QString& format);
    void showTimes(const RunProgress& progress, double elapsed);
    void showWord();

    QStatusBar* m_bar;
    QLabel* m_state;
    QLabel* m_planPhase;
    QLabel* m_epoch;
    QLabel* m_step;
    QLabel* m_speed;
    QLabel* m_times;
    FeatureLabel* m_features;
    QLabel* m_device;
    QLabel* m_memory;
    QLabel* m_toolDevice;
    QProgressBar* m_progress;
    std::vector<MetricPoint> m_recent; ///< First and last point of what the speed is taken from.
    std::int64_t m_batchSize = 1;
    double m_stepSeconds = 0.0;
    double m_elapsedSeconds = 0.0;
    RunController::State m_runState = RunController::State::Empty;
    RunPhase m_phase = RunPhase::Training;
};

} // namespace frostline
