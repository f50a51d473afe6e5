#include "training/session_recorder.h"

#include "base/file.h"

namespace frostline {

SessionRecorder::SessionRecorder(const Recipe& recipe, SessionEnvironment environment)
{
    m_session.recipe = recipe;
    m_session.name = recipe.title.empty() ? recipe.name : recipe.title;
    m_session.environment = std::move(environment);
}

Status SessionRecorder::begin(const std::filesystem::path& sessionsFolder, const LayerTable& layers)
{
    m_session.state = SessionState::Running;
    m_session.layers = layers;
    auto folder = SessionStore(sessionsFolder).create(m_session);
    if (!folder)
        return tl::unexpected(folder.error());
    m_folder = std::move(*folder);
    return {};
}

Status SessionRecorder::addEpoch(const EpochRecord& epoch, const LayerTable& layers)
{
    m_session.epochs.push_back(epoch);
    m_session.layers = layers;
    auto& summary = m_session.summary;
    summary.steps = epoch.step;
    if (epoch.validation)
        summary.lastValidation = epoch.validation;
    if (epoch.validation &&
        (summary.bestEpoch == 0 || epoch.validation->accuracy > summary.bestValidationAccuracy)) {
        summary.bestEpoch = epoch.epoch;
        summary.bestValidationAccuracy = epoch.validation->accuracy;
    }
    constexpr int kWorkBesideWriting = 20;
    const bool due = Clock::now() - m_written >= kWorkBesideWriting * m_writing;
    return due ? write() : Status();
}

Status SessionRecorder::write()
{
    const auto began = Clock::now();
    const auto saved = SessionStore::save(m_session, m_folder);
    m_written = Clock::now();
    // What could not be written is due again at once.
    m_writing = saved ? m_written - began : Clock::duration::zero();
    return saved;
}

Status SessionRecorder::addCheckpoint(const std::filesystem::path& file, Step step, int epoch)
{
    const auto sha256 = sha256OfFile(m_folder / file);
    if (!sha256)
        return tl::unexpected(sha256.error());
    std::error_code code;
    const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(m_folder / file, code));
    m_session.checkpoints.push_back({step, epoch, file.string(), *sha256, bytes, false});
    return {};
}

Status SessionRecorder::end(SessionState state, const std::string& error, const LayerTable& layers,
                            double seconds)
{
    m_session.state = state;
    m_session.error = error;
    m_session.layers = layers;
    m_session.summary.steps = static_cast<Step>(m_session.steps.size());
    m_session.summary.seconds = seconds;
    return write();
}

} // namespace frostline
