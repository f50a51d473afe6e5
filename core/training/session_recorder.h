#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "session/background_writer.h"
#include "session/journal.h"
#include "session/session.h"

namespace frostline {

/// Keeps the record of one run and writes it behind the step loop's back: session.json at the start, then a
/// journal, checkpoints beside it, and session.json whole at the end.
/// Nothing is lost over a full disk: what could not be written waits, see problem() and retry().
/// Belongs to the thread that trains.
class SessionRecorder {
public:
    /// `known` is what the record begins with: of a new session recipe, environment and plan, of a branch its
    /// parent's steps too, of one that is resumed all of it.
    explicit SessionRecorder(Session known) : m_session(std::move(known)) {}

    /// Makes a folder for a new session. Until begin() or resume() nothing is written at all.
    Status begin(const std::filesystem::path& sessionsFolder, const LayerTable& layers);
    /// Goes on in the folder of a session that ended before its time.
    Status resume(const std::filesystem::path& sessionFolder);

    void addStep(const MetricPoint& point);
    void addIntervention(const Intervention& intervention);
    void addEpoch(const EpochRecord& epoch, const LayerTable& layers);
    /// Hands over all that waits, and has it synced.
    void flush();

    /// A state of the network. `write` puts it into the file it is given, on the writer's thread.
    struct Checkpoint {
        Step step = 0;
        int epoch = 0;
        std::size_t interventions = 0; ///< In force in it.
        bool best = false;
        bool periodic = false;
        bool restore = false; ///< May be gone back to.
        std::function<Status(const std::filesystem::path&)> write;
    };
    void addCheckpoint(Checkpoint checkpoint);
    /// Only the states after these steps may be gone back to from now on.
    void keepRestorable(const std::vector<Step>& steps);
    /// Whether writing another checkpoint now would leave the disk most of its time for others.
    bool isTimeForCheckpoint() const;

    /// Why something could not be written; nothing while all is well.
    std::optional<Error> problem() const;
    /// Tries again what could not be written. A session whose folder is gone is written anew.
    std::optional<Error> retry();

    /// Writes session.json whole and removes the journal.
    Status end(SessionState state, const std::string& error, const LayerTable& layers, double seconds);

    const Session& session() const { return m_session; }
    const std::filesystem::path& folder() const { return m_folder; }

private:
    using Clock = std::chrono::steady_clock;
    /// What the writer's thread has done, for the thread that trains to take over.
    struct Written {
        std::mutex mutex;
        std::vector<CheckpointRecord> checkpoints;
        Clock::duration took{};
        Clock::time_point at{};
        std::atomic<bool> isNew = false;
    };

    bool isRecording() const { return m_journal != nullptr; }
    Status openJournal();
    void postSynced(std::string lines);
    void postSteps();
    void takeWritten();
    void removeOldCheckpoints();
    void removeCheckpoint(const CheckpointRecord& checkpoint);
    std::filesystem::path fileFor(const Checkpoint& checkpoint) const;
    Status beginAnew();

    Session m_session;
    std::filesystem::path m_folder;
    std::shared_ptr<JournalFile> m_journal; ///< Used by the writer's jobs alone, once it is open.
    std::shared_ptr<Written> m_written = std::make_shared<Written>();
    std::vector<MetricPoint> m_waiting;
    std::vector<CheckpointRecord> m_queued; ///< Handed to the writer and not written yet.
    Clock::time_point m_posted{};
    std::shared_ptr<std::atomic<int>> m_syncsWaiting = std::make_shared<std::atomic<int>>(0);
    std::unique_ptr<BackgroundWriter> m_writer;
};

} // namespace frostline
