#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include <QObject>
#include <QString>
#include <QThread>
#include <QTimer>

#include "advice/advice_probe.h"
#include "run/run_link.h"
#include "training/range_test.h"
#include "training/replay.h"
#include "training/run.h"

namespace frostline {

class RunWorker;

/// Drives one run at a time on a worker thread of its own. Belongs to the GUI thread; no function blocks.
/// Functions are wishes, signals are facts. The destructor requests a stop and waits for the worker.
class RunController : public QObject {
    Q_OBJECT
public:
    enum class State {
        Empty,     ///< No recipe was prepared.
        Preparing, ///< Data and network are being read for a preview.
        Ready,
        Starting, ///< Asked to run; not at its first step yet.
        Running,
        Pausing, ///< Asked to pause; a step or a validation is being finished.
        Paused,
        Stopping, ///< Asked to stop; the session is being written.
        Ended,
        Replaying, ///< A saved session is run again to compare it; not an active run.
        Testing,   ///< A range test of the draft; not an active run.
    };
    Q_ENUM(State)

    explicit RunController(const RunOptions& options, QObject* parent = nullptr);
    ~RunController() override;

    State state() const { return m_state; }
    /// From start() until ended() or failed(); load() and start() do nothing meanwhile.
    bool isActive() const;
    /// Steps done; the next change takes effect before the step of this number.
    Step nextStep() const { return m_link->progress().step; }
    /// Where the last run keeps its session; empty before the first.
    QString sessionFolder() const { return m_sessionFolder; }

    /// Reads the recipe's data and network for a preview, then measures its cost. Takes the place of a load
    /// that is still going on. `origin` is the saved session that the run would go on from, if there is one.
    void load(const Recipe& recipe, const std::optional<RunOrigin>& origin = {});
    /// Measures the cost again after settings were changed; no new preview.
    void estimate(const Recipe& recipe, const std::optional<RunOrigin>& origin = {});
    void start(const Recipe& recipe, const std::optional<RunOrigin>& origin = {});
    void pause();
    void resume();
    void singleStep();
    /// Whether start() lets one step through and pauses then. Asked for afterwards a run may be further.
    void setStepsFirst(bool on) { m_stepsFirst = on; }
    /// Whether a run that cannot go on pauses, for a hand to mend it (the default), or fails.
    void setPausesOnFailure(bool on) { m_pausesOnFailure = on; }
    /// Whether load() and estimate() time steps. Off while another run computes: both would be disturbed.
    void setMeasures(bool on) { m_measures = on; }
    void stop();
    void request(const std::vector<Change>& changes);
    /// Runs a saved session again and compares it with its record; nothing is written. stop() and load() end
    /// it early.
    void replay(const QString& sessionFolder);
    /// Raises the learning rate step by step on what start() would run, and puts everything back. Does
    /// nothing while a run is active or something else is going on. stop() ends it early; load(), start() and
    /// replay() do so too, and its result is not told then.
    void testRange(const Recipe& recipe, const std::optional<RunOrigin>& origin,
                   const RangeTestOptions& options);
    /// Looks at the features and gradients that the recipe's run would begin with. Not while one goes on;
    /// whatever else is asked for ends it early, and so does stopProbe(). Then nothing is told of it.
    void probe(const Recipe& recipe);
    void stopProbe();
    bool isProbing() const { return m_isProbing; }

Q_SIGNALS:
    void prepared(const frostline::LayerTable& layers, std::shared_ptr<const frostline::DataSplits> data,
                  const frostline::SessionEnvironment& environment);
    void costEstimated(const frostline::CostReport& cost);
    void estimateFailed(const QString& why);
    /// On the way from a checkpoint to the step at which the run goes on; before started().
    void recomputing(const frostline::RunProgress& progress);
    void started(const QString& sessionFolder, const frostline::LayerTable& layers);
    void paused(frostline::Step step, const QString& reason);
    void resumed(frostline::Step step);
    void validating(const frostline::RunProgress& progress); ///< Until epochDone().
    void epochDone(const frostline::EpochRecord& epoch);
    void interventionApplied(const frostline::Intervention& intervention,
                             const frostline::LayerTable& layers);
    void changeRefused(const frostline::Change& change, const QString& why);
    /// While it runs: what steps cost, and what is kept under the frost line.
    void costMeasured(const frostline::CostReport& cost);
    void layersMeasured(const frostline::LayerTable& layers);
    void replaying(const frostline::RunProgress& progress);
    void replayed(std::shared_ptr<const frostline::Result<frostline::ReplayReport>> report);
    void rangePointsArrived(const std::vector<frostline::RangePoint>& points);
    void rangeTested(std::shared_ptr<const frostline::Result<frostline::RangeTest>> test);
    void probing(int done, int all);
    /// It has ended; null where it was stopped.
    void probed(std::shared_ptr<const frostline::Result<frostline::AdviceProbe>> probe);
    void ended(std::shared_ptr<const frostline::Session> session);
    void failed(const QString& why);
    void metricsArrived(const std::vector<frostline::MetricPoint>& points,
                        const frostline::RunProgress& progress);
    void logged(bool isWarning, const QString& text);
    void stateChanged(frostline::RunController::State state);

private:
    void connectPreparation();
    void connectTransport();
    void connectFacts();
    void connectTests();
    void connectProbe();
    void setState(State state);
    void deliverPoints();
    void leaveRun(State state);
    void leaveAside();
    bool isAside() const { return m_state == State::Replaying || m_state == State::Testing; }

    QThread m_thread;
    std::shared_ptr<RunLink> m_link;
    RunWorker* m_worker; ///< Lives in m_thread, which deletes it.
    std::stop_source m_stop;
    std::stop_source m_probeStop;
    QTimer m_tick;
    State m_state = State::Empty;
    State m_beforeAside = State::Empty; ///< Before a replay or a range test.
    bool m_hasPreview = false;
    bool m_stepsFirst = false;
    bool m_pausesOnFailure = true;
    bool m_measures = true;
    bool m_isProbing = false;
    QString m_sessionFolder;
};

} // namespace frostline
