#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "session/session.h"
#include "session/session_store.h"

namespace frostline {

/// Keeps the record of one run and writes it: at the start, at each epoch, at the end. Epochs that are short
/// beside the time that writing takes are written together, so that writing never takes over.
/// Belongs to the thread that trains.
class SessionRecorder {
public:
    SessionRecorder(const Recipe& recipe, SessionEnvironment environment);

    Status begin(const std::filesystem::path& sessionsFolder, const LayerTable& layers);
    void addStep(const MetricPoint& point) { m_session.steps.push_back(point); }
    void addIntervention(const Intervention& intervention)
    {
        m_session.interventions.push_back(intervention);
    }
    Status addEpoch(const EpochRecord& epoch, const LayerTable& layers);
    /// Tells where the final weights lie; the file is there already.
    Status addCheckpoint(const std::filesystem::path& file, Step step, int epoch);
    Status end(SessionState state, const std::string& error, const LayerTable& layers, double seconds);

    const Session& session() const { return m_session; }
    const std::filesystem::path& folder() const { return m_folder; }

private:
    using Clock = std::chrono::steady_clock;
    Status write();

    Clock::time_point m_written{};
    Clock::duration m_writing{}; ///< How long the last write took.
    Session m_session;
    std::filesystem::path m_folder;
};

} // namespace frostline
