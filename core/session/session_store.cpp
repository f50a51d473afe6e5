#include "session/session_store.h"

#include <algorithm>
#include <fstream>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/resources.h"
#include "session/journal.h"
#include "session/session_path.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr const char* kRecord = "session.json";
constexpr const char* kInterrupted = "interrupted: the program ended while the run went on";

/// `2026-11-21T16-30-05_fashion-transfer`: sorts by time.
std::string idFor(const std::string& created, const std::string& name)
{
    return plainFileName(created.substr(0, 19) + "_") + plainFileName(name);
}

/// The text up to the members that a list does not need, where they stand on lines of their own as save()
/// writes them; empty where they do not.
std::string headText(std::istream& stream)
{
    std::string text;
    for (std::string line; std::getline(stream, line);) {
        for (const auto* tail : {"\"layers\": ", "\"epochs\": ", "\"steps\": "}) {
            if (!line.starts_with(tail))
                continue;
            text.erase(text.find_last_not_of(",\n") + 1);
            return text + "}";
        }
        text.append(line) += '\n';
    }
    return {};
}

/// A file of the session that is one, and truly lies in its folder.
Result<fs::path> plainFile(const fs::path& folder, const char* name)
{
    return fileInside(folder, name).and_then([](const fs::path& file) -> Result<fs::path> {
        std::error_code code;
        if (fs::exists(file, code) && !fs::is_regular_file(file, code))
            return badInput(file.string() + " is not a file that can be read");
        return file;
    });
}

Result<fs::path> recordIn(const fs::path& folder)
{
    return plainFile(folder, kRecord);
}

/// A session that has ended needs no journal: what is there was left between writing one and removing it.
void removeLeftJournal(const fs::path& folder)
{
    std::error_code code;
    if (fs::exists(folder / JournalFile::kName, code) && !JournalFile::isHeld(folder))
        fs::remove(folder / JournalFile::kName, code);
}

/// Closes the record of a session whose process is gone.
Status closeInterrupted(Session& session, const fs::path& folder, std::vector<std::string>& remarks)
{
    session.state = SessionState::Stopped;
    session.error = kInterrupted;
    const auto saved = SessionStore::save(session, folder);
    if (!saved) {
        remarks.push_back("the journal stays beside session.json: " + saved.error().message);
        return {};
    }
    std::error_code code;
    fs::remove(folder / JournalFile::kName, code);
    return {};
}

/// Adds the journal of a session that has not ended; one that nobody writes any more is folded in for good.
Status joinJournal(Session& session, const fs::path& folder, std::vector<std::string>& remarks)
{
    const auto file = folder / JournalFile::kName;
    const bool isHeld = JournalFile::isHeld(folder);
    std::error_code code;
    if (fs::exists(file, code)) {
        const auto text = plainFile(folder, JournalFile::kName).and_then(readFile);
        if (!text)
            return tl::unexpected(text.error());
        const auto journal = parseJournal(*text, file.string());
        if (!journal)
            return tl::unexpected(journal.error());
        if (const auto folded = foldIn(*journal, session, file.string()); !folded)
            return folded;
        if (journal->tornBytes > 0 && !isHeld)
            remarks.push_back("the last line of the journal was not written whole: " +
                              std::to_string(journal->tornBytes) + " bytes of it were left out");
    }
    return isHeld ? Status() : closeInterrupted(session, folder, remarks);
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
        if (fs::is_regular_file(entry.path() / kRecord, code))
            listings.push_back({entry.path(), loadHead(entry.path()), isRunning(entry.path())});
    }
    std::ranges::sort(listings, std::greater{},
                      [](const Listing& listing) { return listing.folder.filename(); });
    return listings;
}

Result<SessionHead> SessionStore::loadHead(const fs::path& sessionFolder)
{
    const auto place = recordIn(sessionFolder);
    if (!place)
        return tl::unexpected(place.error());
    const auto& file = *place;
    std::ifstream stream(file, std::ios::binary);
    if (const auto head = headText(stream); !head.empty()) {
        const auto session = parseJson(head, file.string()).and_then([&](const Json& json) {
            return sessionFromJson(json, file.string());
        });
        if (session)
            return *session;
    }
    // Some other order: read whole, which also says best what is wrong.
    return readJsonFile(file)
        .and_then([&](const Json& json) { return sessionFromJson(json, file.string()); })
        .map([](const Session& session) -> SessionHead { return session; });
}

Result<Session> SessionStore::load(const fs::path& sessionFolder, std::vector<std::string>* remarks)
{
    const auto file = recordIn(sessionFolder);
    if (!file)
        return tl::unexpected(file.error());
    auto session =
        readJsonFile(*file).and_then([&](const Json& json) { return sessionFromJson(json, file->string()); });
    if (!session)
        return session;
    if (session->state != SessionState::Running) {
        removeLeftJournal(sessionFolder);
        return session;
    }
    std::vector<std::string> told;
    if (const auto joined = joinJournal(*session, sessionFolder, told); !joined)
        return tl::unexpected(joined.error());
    if (remarks)
        remarks->insert(remarks->end(), told.begin(), told.end());
    return session;
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

bool SessionStore::isRunning(const fs::path& sessionFolder)
{
    return JournalFile::isHeld(sessionFolder);
}

Status SessionStore::annotate(const fs::path& sessionFolder, const SessionHead& head)
{
    if (isRunning(sessionFolder))
        return badInput(sessionFolder.string() +
                        " is running; it can be renamed and tagged when it has ended");
    return load(sessionFolder).and_then([&](Session session) {
        session.name = head.name;
        session.notes = head.notes;
        session.tags = head.tags;
        session.colour = head.colour;
        session.archived = head.archived;
        return save(session, sessionFolder);
    });
}

Result<std::vector<SessionStore::Content>> SessionStore::contents(const fs::path& sessionFolder)
{
    std::vector<Content> contents;
    std::error_code code;
    for (const auto& entry : fs::recursive_directory_iterator(sessionFolder, code)) {
        if (!entry.is_directory(code))
            contents.push_back({entry.path().lexically_relative(sessionFolder), entry.file_size(code)});
    }
    if (code)
        return failure(ErrorCode::FileSystem,
                       "cannot list " + sessionFolder.string() + ": " + code.message());
    std::ranges::sort(contents, {}, &Content::file);
    return contents;
}

Status SessionStore::discard(const fs::path& sessionFolder)
{
    std::error_code code;
    if (!fs::exists(sessionFolder / kRecord, code))
        return badInput(sessionFolder.string() + " is not a session: it has no " + kRecord);
    if (isRunning(sessionFolder))
        return badInput(sessionFolder.string() + " is running; stop it first");
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
