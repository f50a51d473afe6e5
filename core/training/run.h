#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "data/data_set.h"
#include "model/layer_info.h"
#include "session/session.h"
#include "training/cost.h"
#include "training/feature_options.h"
#include "training/metrics.h"
#include "training/recipe.h"

namespace frostline {

class FeatureCache;
class RunLoop;
struct AdviceProbe;
struct Evaluation;
struct EvaluationRequest;
struct RangePoint;
struct RangeTest;
struct RangeTestOptions;

/// A saved session that a run goes on from.
struct RunOrigin {
    enum class Kind {
        Resume, ///< Goes on in the same session, after its last step.
        Branch, ///< A new session that shares the steps before `step`.
    };
    Kind kind = Kind::Resume;
    std::filesystem::path folder;
    Step step = 0;          ///< Of a branch: the first step of its own.
    bool keepLater = false; ///< Of a branch: make the changes that the parent saw from `step` on again.

    bool operator==(const RunOrigin&) const = default;
};

struct RunOptions {
    std::string device = "auto"; ///< `auto`, `cpu` or `cuda`.
    int threads = 0;             ///< 0: as many as the origin recorded, else as the recipe says.
    std::filesystem::path sessionsFolder;
    std::vector<Intervention> planned; ///< Scripted changes (`--at`).
    Step maximumSteps = 0;             ///< Stop before this step; 0 runs all epochs.
    /// Where it begins if not at step 0. Resuming takes the session's own recipe and folder. A branch takes a
    /// recipe as recipeAt() gives it for its step: what differs from that is changed before that step.
    std::optional<RunOrigin> origin;
    /// How long to wait before trying again what could not be saved; 0 pauses, or fails, instead.
    double saveRetrySeconds = 0.0;
    FeatureOptions features;
    /// What runs hand on to each other; made anew where there is none. For one run at a time.
    std::shared_ptr<FeatureCache> featureCache;
    LogSink log;
};

std::shared_ptr<FeatureCache> makeFeatureCache(const FeatureOptions& options);

enum class RunPhase {
    Recomputing, ///< From a checkpoint to where a resumed or branched run goes on; nothing is recorded.
    Training,
    Validating,
};

struct RunProgress {
    Step step = 0;  ///< Steps done.
    Step steps = 0; ///< Steps of the whole run.
    int epoch = 1;
    int epochs = 1;
    RunPhase phase = RunPhase::Training;
};

/// Hears of a run. Called on the thread that executes it, between two steps; must not block.
class RunObserver {
public:
    virtual ~RunObserver() = default;
    virtual void onStarted(const std::filesystem::path& /*sessionFolder*/, const LayerTable&) {}
    /// On the way from a checkpoint to where the run goes on: `progress.step` steps are done. Comes before
    /// onStarted().
    virtual void onRecomputing(const RunProgress& /*progress*/) {}
    virtual void onStep(const MetricPoint&, const RunProgress&) {}
    virtual void onValidating(const RunProgress&) {}
    virtual void onEpoch(const EpochRecord&, const RunProgress&) {}
    /// The change is in force from `intervention.step` on; the table shows it.
    virtual void onIntervention(const Intervention&, const LayerTable&) {}
    /// A change was asked for that cannot be: nothing happened.
    virtual void onRefused(const Change&, const Error&) {}
    /// Drift, gradient norm and sparsity anew: a few times a second, on pause, at the end.
    virtual void onLayers(const LayerTable&) {}
    /// What steps cost and what is kept under the frost line: a few times a second, and at the end.
    virtual void onCost(const CostReport&) {}
    /// `reason` is empty where the user asked for it.
    virtual void onPaused(Step, const std::string& /*reason*/) {}
    virtual void onResumed(Step) {}
};

/// A recipe being executed.
/// prepare() and execute() belong to one thread; the request functions may be called from any.
class Run {
public:
    /// Reads data and weights and builds the network; nothing is written.
    static Result<std::unique_ptr<Run>> prepare(const Recipe& recipe, const RunOptions& options);
    ~Run();

    const LayerTable& layers() const;
    std::shared_ptr<const DataSplits> data() const;
    const SessionEnvironment& environment() const;
    RunProgress progress() const;

    /// Times a few steps without changing anything.
    Result<CostReport> estimateCost();
    /// Looks at the features of the base and at gradients, for an advice on what to freeze. Weights,
    /// statistics and optimizer stay as they are, to the byte. Before execute().
    Result<AdviceProbe> probe(const std::function<void(int done, int all)>& progress = {},
                              const std::stop_token& stop = {});

    /// Raises the learning rate step by step from where the run stands: at its start, at the first step of a
    /// branch's own, or after execute(). Weights, statistics, optimizer, masks and settings are then to the
    /// byte what they were, and no session is written. A run that could not be brought to where it goes on is
    /// spent.
    Result<RangeTest> testRange(const RangeTestOptions& options,
                                const std::function<void(const RangePoint&)>& tell,
                                const std::stop_token& stop);
    /// Trains to the end, or to a stop; writes the session. Stopping is an outcome, not an error.
    /// A loss that is not finite pauses where `pauseOnFailure` is set, else ends the run as failed.
    Result<Session> execute(RunObserver& observer, std::stop_token stop, bool pauseOnFailure = false);
    /// What the network as it is now makes of a split. Before execute() or after it; for a run that is paused
    /// there is evaluateSession(), which takes the checkpoint that a pause writes.
    Result<Evaluation> evaluate(const EvaluationRequest& request, const std::stop_token& stop = {});
    /// Where execute() keeps, or kept, the session; empty before.
    std::filesystem::path sessionFolder() const;

    void request(Change change); ///< Takes effect before the next step.
    void requestPause();
    void requestResume();
    void requestSingleStep(); ///< Goes on for one step, then pauses.

private:
    explicit Run(std::unique_ptr<RunLoop> loop);
    std::unique_ptr<RunLoop> m_loop;
};

} // namespace frostline
