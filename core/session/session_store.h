#pragma once

#include <cstdint>
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
        Result<SessionHead> session;
        bool isRunning = false; ///< A living process is writing it.
    };
    /// Newest first, from the head of each file alone. A session that cannot be read is listed with its
    /// error.
    std::vector<Listing> list() const;

    /// Reads a session whole. The journal of one that was interrupted is folded in and removed; that of one
    /// which is running is only read. What was found damaged and left out is told in `remarks`.
    static Result<Session> load(const std::filesystem::path& sessionFolder,
                                std::vector<std::string>* remarks = nullptr);
    static Result<SessionHead> loadHead(const std::filesystem::path& sessionFolder);
    static Status save(const Session& session, const std::filesystem::path& sessionFolder);
    /// Whether a living process is writing it.
    static bool isRunning(const std::filesystem::path& sessionFolder);

    /// Puts name, notes, tags, colour and archived of `head` into the session. Refused while it is running.
    static Status annotate(const std::filesystem::path& sessionFolder, const SessionHead& head);

    struct Content {
        std::filesystem::path file; ///< Relative to the session's folder.
        std::uintmax_t bytes = 0;
    };
    /// What discard() would remove.
    static Result<std::vector<Content>> contents(const std::filesystem::path& sessionFolder);
    /// Removes a session's folder and all in it. Refused while it is running.
    static Status discard(const std::filesystem::path& sessionFolder);

    /// Where sessions go unless the user says otherwise: `$XDG_DATA_HOME/frostline/sessions`.
    static std::filesystem::path defaultFolder();

private:
    std::filesystem::path m_folder;
};

} // namespace frostline
