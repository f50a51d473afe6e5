#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/pace.h"
#include "training/checkpoint.h"
#include "training/commands.h"
#include "training/course.h"
#include "training/run.h"
#include "training/run_clock.h"
#include "training/run_start.h"
#include "training/session_recorder.h"
#include "training/trainer.h"

namespace frostline {

/// Takes a trainer through the steps and epochs of a run: makes the changes that are due, pauses, records.
/// Belongs to the thread that trains, but for commands().
class RunLoop {
public:
    RunLoop(RunStart start, RunOptions options, std::unique_ptr<Trainer> trainer,
            SessionEnvironment environment);
    Result<Session> execute(RunObserver& observer, const std::stop_token& stop, bool pauseOnFailure);
    Trainer& trainer() { return *m_trainer; }
    Commands& commands() { return m_commands; }
    const Recipe& recipe() const { return m_start.recipe; }
    const SessionEnvironment& environment() const { return m_recorder.session().environment; }
    const RunProgress& progress() const { return m_progress; }
    const std::filesystem::path& folder() const { return m_recorder.folder(); }

    /// Called wherever the state is one that a checkpoint could hold: between steps, and between changes that
    /// take effect before the same step. Set for a replay, which writes nothing.
    using Inspector = std::function<void(Step, std::size_t interventions, Trainer&)>;
    void setInspector(Inspector inspector) { m_inspector = std::move(inspector); }

private:
    friend class RangeTester;
    enum class Next { Go, Stop, Failed };

    Step stepsPerEpoch() const { return static_cast<Step>(m_batchEnds.size()); }
    int epochOf(Step step) const { return static_cast<int>(step / stepsPerEpoch()) + 1; }
    std::size_t batchSizeOf(Step step) const;
    std::span<const std::int64_t> samplesFrom(Step step);
    Scores sumsBefore(Step step) const;
    Status checkStart() const;
    Status checkLeft() const;
    Status beginRecord();

    // Going back to a checkpoint: run_loop_origin.cpp.
    Status goBack();
    Step restoreNearest();
    Result<Checkpoint> load(const CheckpointRecord& record) const;
    Status restoreFrom(const CheckpointRecord& record);
    Status loadBestStates(const CheckpointRecord& from);
    Status recompute(Step from);
    Status recomputeStep();
    const EpochRecord* epochEndedHere() const;
    void noteMismatch();

    Next trainAll();
    Next trainEpoch();
    Next oneStep(Scores& sums);
    Next endEpoch(const Scores& train, double began);
    Next beforeStep();
    Next pausedFor(const std::string& reason);
    Next failedOrPaused(const std::string& problem);
    Next failed(const std::string& problem);
    Next divergedAt(const Trainer::StepOutcome& outcome);
    bool takeKnownDivergence(const std::string& what);
    void applyDue(bool knownOnly = false);
    MetricPoint pointOf(const Trainer::StepOutcome& outcome) const;
    bool isReplay() const { return m_inspector != nullptr; }
    void applyRequested();
    Status applyNow(const DueChange& due);
    void record(const Intervention& intervention);
    void tellCost();
    void tellLayers();
    void inspect();

    // Phases: run_loop_course.cpp.
    bool isRecordedHere(const Change& change) const;
    Status betweenEpochs();
    Status endPhase();
    Result<std::vector<Change>> changesOfPhase() const;
    Status beginPhase();
    Status make(const Change& change, Origin origin);
    void setRate();
    void passEpoch(const EpochRecord& epoch);
    void keepBestState();
    Status goBackTo(Step step);
    std::size_t interventionsInForce() const;
    std::set<Step> statesWanted(std::size_t made) const;
    void writeBestStates();

    // What is kept on disk: run_loop_record.cpp.
    struct Marks {
        bool best = false, periodic = false, restore = false;
    };
    SessionRecorder::Checkpoint snapshot(const Marks& marks);
    static SessionRecorder::Checkpoint asWritten(std::shared_ptr<const Checkpoint> state, int epoch,
                                                 const Marks& marks);
    void hold(SessionRecorder::Checkpoint checkpoint);
    void writeHeld();
    bool isBest() const;
    void keepCheckpoints(int epoch);
    void keepLast();
    Next whenSaved();
    Next retrySaving(const Error& problem);
    Next waitForDisk();
    Result<Session> finish(Next ended);
    std::optional<Error> writeEnd(Next ended);

    RunStart m_start;
    RunOptions m_options;
    std::unique_ptr<Trainer> m_trainer;
    SessionRecorder m_recorder;
    Commands m_commands;
    RunProgress m_progress;
    RunClock m_clock;
    std::vector<std::int64_t> m_batchEnds;
    LayerTable m_startLayers; ///< At step 0.
    Course m_course;
    std::map<Step, std::shared_ptr<const Checkpoint>> m_bestStates; ///< That may be gone back to.
    std::set<Step> m_stillWanted;      ///< Of these, what the record goes back to later on.
    std::vector<std::int64_t> m_order; ///< Ids of the samples in epoch m_orderEpoch.
    int m_orderEpoch = 0;
    bool m_isBack = false; ///< Where a run that goes on from a session begins.
    std::size_t m_nextDue = 0;
    Pace m_costPace;
    Pace m_layersPace;
    std::vector<SessionRecorder::Checkpoint> m_held; ///< Best ones, not handed over to be written yet.
    std::optional<Step> m_mismatch;                  ///< First recomputed step that was not as recorded.
    std::optional<Error> m_error;
    Inspector m_inspector;
    RunObserver* m_observer = nullptr;
    std::stop_token m_stop;
    bool m_pauseOnFailure = false;
};

/// A loop that is ready to execute: data read, network built.
Result<std::unique_ptr<RunLoop>> prepareLoop(RunStart start, const RunOptions& options);

} // namespace frostline
