#pragma once

#include <filesystem>
#include <string>

#include "session/session.h"
#include "session/session_store.h"

namespace frostline {

/// Keeps the record of one run and writes it: at the start, at each epoch, at the end.
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
    Session m_session;
    std::filesystem::path m_folder;
};

} // namespace frostline
