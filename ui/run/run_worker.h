#pragma once

#include <memory>
#include <optional>
#include <stop_token>

#include <QElapsedTimer>
#include <QObject>
#include <QString>

#include "advice/advice_probe.h"
#include "run/run_link.h"
#include "training/range_test.h"
#include "training/replay.h"
#include "training/run.h"

namespace frostline {

/// What a run is prepared from.
struct RunPlan {
    Recipe recipe;
    std::optional<RunOrigin> origin; ///< Where it begins if not at step 0.

    bool operator==(const RunPlan&) const = default;
};

/// Owns the run and everything of LibTorch, on the thread of RunController. Its slots are called through
/// that thread's event loop only; what it has to say goes out as queued signals.
class RunWorker : public QObject, private RunObserver {
    Q_OBJECT
public:
    RunWorker(std::shared_ptr<RunLink> link, RunOptions options);

    void prepare(const RunPlan& plan, std::uint64_t ticket, bool measures);
    void estimate(const RunPlan& plan, std::uint64_t ticket);
    /// Returns when the run has ended. One that cannot go on pauses or fails.
    void execute(const RunPlan& plan, const std::stop_token& stop, bool pausesOnFailure);
    /// Runs a saved session again to compare it; returns when that has ended.
    void replay(const QString& sessionFolder, const std::stop_token& stop);
    /// Returns when the test has ended; the run is then as it was.
    void testRange(const RunPlan& plan, const RangeTestOptions& options, const std::stop_token& stop);
    /// Looks at what a run of the plan would begin with; `stop` tells one look from another.
    void probe(const RunPlan& plan, const std::stop_token& stop);

Q_SIGNALS:
    void prepared(frostline::LayerTable layers, std::shared_ptr<const frostline::DataSplits> data,
                  frostline::SessionEnvironment environment, quint64 ticket);
    void prepareFailed(const QString& why, quint64 ticket);
    void costEstimated(const frostline::CostReport& cost, quint64 ticket);
    void estimateFailed(const QString& why, quint64 ticket);

    void recomputing(const frostline::RunProgress& progress);
    void started(const QString& sessionFolder, frostline::LayerTable layers);
    void paused(frostline::Step step, const QString& reason);
    void resumed(frostline::Step step);
    void validating(const frostline::RunProgress& progress);
    void epochDone(const frostline::EpochRecord& epoch);
    void interventionApplied(const frostline::Intervention& intervention, frostline::LayerTable layers);
    void changeRefused(const frostline::Change& change, const QString& why);
    void costMeasured(const frostline::CostReport& cost);
    void layersMeasured(frostline::LayerTable layers);
    void ended(std::shared_ptr<const frostline::Session> session);
    void executeFailed(const QString& why);
    void cancelled(); ///< Stopped before the first step: there is no session.
    void replaying(const frostline::RunProgress& progress);
    void replayed(std::shared_ptr<const frostline::Result<frostline::ReplayReport>> report);
    void rangePointsArrived(const std::vector<frostline::RangePoint>& points);
    void rangeTested(std::shared_ptr<const frostline::Result<frostline::RangeTest>> test);
    void probing(int done, int all, const std::stop_token& stop);
    void probed(std::shared_ptr<const frostline::Result<frostline::AdviceProbe>> probe,
                const std::stop_token& stop);
    void logged(bool isWarning, const QString& text);

private:
    void onStarted(const std::filesystem::path& sessionFolder, const LayerTable& layers) override;
    void onRecomputing(const RunProgress& progress) override;
    void onStep(const MetricPoint& point, const RunProgress& progress) override;
    void onValidating(const RunProgress& progress) override;
    void onEpoch(const EpochRecord& epoch, const RunProgress& progress) override;
    void onIntervention(const Intervention& intervention, const LayerTable& layers) override;
    void onRefused(const Change& change, const Error& why) override;
    void onLayers(const LayerTable& layers) override;
    void onCost(const CostReport& cost) override;
    void onPaused(Step step, const std::string& reason) override;
    void onResumed(Step step) override;

    /// Makes m_run a fresh run of the plan, unless it is that already.
    Status makeReady(const RunPlan& plan);
    void announce(std::uint64_t ticket);
    /// True once in a while, so that not each step becomes a signal.
    bool isTimeToTell();

    std::shared_ptr<RunLink> m_link;
    RunOptions m_options;
    std::unique_ptr<Run> m_run;
    std::optional<RunPlan> m_plan;     ///< What m_run was prepared from.
    std::optional<Recipe> m_previewed; ///< What prepared() was last said of.
    bool m_hasStarted = false;
    QElapsedTimer m_sinceProgress; ///< Since progress of the kind at hand was told last.
};

} // namespace frostline
