#include "session/session_store.h"

#include <algorithm>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/resources.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr const char* kRecord = "session.json";

/// `2026-11-21T16-30-05_fashion-transfer`: sorts by time, and is a legal name on every file system.
std::string idFor(const std::string& created, const std::string& name)
{
    constexpr std::size_t kLongestName = 80;
    std::string id = created.substr(0, 19) + "_" + name.substr(0, kLongestName);
    for (auto& c : id) {
        const bool plain =
            std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
        if (!plain)
            c = '-';
    }
    return id;
}

} // namespace

Result<fs::path> SessionStore::create(Session& session) const
{
    if (const auto made = makeFolder(m_folder); !made)
        return tl::unexpected(made.error());
    session.created = timestamp();
    const auto base = idFor(session.created, session.recipe.name);
    std::error_code code;
    for (int attempt = 1; attempt < 1000; ++attempt) {
        session.id = attempt == 1 ? base : base + "-" + std::to_string(attempt);
        const auto folder = fs::absolute(m_folder / session.id).lexically_normal();
        if (fs::create_directory(folder, code)) {
            auto saved = makeFolder(folder / "checkpoints").and_then([&] { return save(session, folder); });
            if (saved)
                return folder;
            fs::remove_all(folder, code);
            return tl::unexpected(saved.error());
        }
        if (code)
            break;
    }
    return failure(ErrorCode::FileSystem,
                   "cannot make a session in " + m_folder.string() + ": " + code.message());
}

std::vector<SessionStore::Listing> SessionStore::list() const
{
    std::vector<Listing> listings;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(m_folder, code)) {
        if (fs::exists(entry.path() / kRecord, code))
            listings.push_back({entry.path(), load(entry.path())});
    }
    std::ranges::sort(listings, std::greater{},
                      [](const Listing& listing) { return listing.folder.filename(); });
    return listings;
}

Result<Session> SessionStore::load(const fs::path& sessionFolder)
{
    const auto file = sessionFolder / kRecord;
    return readJsonFile(file).and_then(
        [&](const Json& json) { return sessionFromJson(json, file.string()); });
}

Status SessionStore::save(const Session& session, const fs::path& sessionFolder)
{
    // One member a line: the head stays readable, the series stay small.
    const auto json = toJson(session);
    std::string text;
    for (const auto& [key, value] : json.items())
        text += (text.empty() ? "{\n" : ",\n") + jsonText(key) + ": " + jsonText(value);
    return writeFile(sessionFolder / kRecord, text + "\n}\n");
}

Status SessionStore::discard(const fs::path& sessionFolder)
{
    std::error_code code;
    if (!fs::exists(sessionFolder / kRecord, code))
        return badInput(sessionFolder.string() + " is not a session: it has no " + kRecord);
    fs::remove_all(sessionFolder, code);
    if (code)
        return failure(ErrorCode::FileSystem,
                       "cannot remove " + sessionFolder.string() + ": " + code.message());
    return {};
}

fs::path SessionStore::defaultFolder()
{
    return userDataFolder() / "sessions";
}

} // namespace frostline
