#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "session/session.h"

namespace frostline {

/// Sessions in one folder, a folder each. Stateless; any thread.
class SessionStore {
public:
    explicit SessionStore(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    const std::filesystem::path& folder() const { return m_folder; }

    /// Makes a new session folder and gives the session its id.
    Result<std::filesystem::path> create(Session& session) const;

    struct Listing {
        std::filesystem::path folder;
        Result<Session> session;
    };
    /// Newest first. A session that cannot be read is listed with its error.
    std::vector<Listing> list() const;

    static Result<Session> load(const std::filesystem::path& sessionFolder);
    static Status save(const Session& session, const std::filesystem::path& sessionFolder);
    /// Removes a session's folder and all in it.
    static Status discard(const std::filesystem::path& sessionFolder);

    /// Where sessions go unless the user says otherwise: `$XDG_DATA_HOME/frostline/sessions`.
    static std::filesystem::path defaultFolder();

private:
    std::filesystem::path m_folder;
};

} // namespace frostline
