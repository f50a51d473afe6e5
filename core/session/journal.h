#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "session/session.h"

namespace frostline {

/// A checkpoint that was taken away again, by its file.
struct CheckpointRemoval {
    std::string file;
};

/// One thing that happened to a run.
using JournalEntry =
    std::variant<std::vector<MetricPoint>, EpochRecord, Intervention, CheckpointRecord, CheckpointRemoval>;

/// What a session had when its journal was begun; the journal tells what came after.
struct JournalStart {
    std::string session; ///< Its id.
    std::size_t steps = 0;
    std::size_t epochs = 0;
    std::size_t interventions = 0;
};

struct Journal {
    JournalStart start;
    std::vector<JournalEntry> entries;
    std::size_t tornBytes = 0; ///< Of a last line that was not written whole; it is left out.
};

/// One line of journal.jsonl with its newline: a JSON object that ends in its own CRC-32.
std::string journalLine(const JournalStart& start);
std::string journalLine(const JournalEntry& entry);

/// Reads a journal. A last line that is torn is left out; any other damage is an error that names the line.
Result<Journal> parseJournal(std::string_view text, const std::string& where);

/// Adds what the journal tells to a session that was read from session.json. An error where the two do not
/// fit each other.
Status foldIn(const Journal& journal, Session& session, const std::string& where);

/// Puts a checkpoint's record in place of one of the same file; what was the best so far is it no longer if
/// the new one is.
void addCheckpoint(std::vector<CheckpointRecord>& checkpoints, const CheckpointRecord& added);

/// journal.jsonl of a run that goes on. Holds a lock that ends with the process, so that others can tell a
/// session that is running from one that was interrupted. One thread at a time.
class JournalFile {
public:
    static constexpr const char* kName = "journal.jsonl";

    /// Begins a journal; an error if the folder has one already.
    static Result<JournalFile> create(const std::filesystem::path& sessionFolder, const JournalStart& start);
    JournalFile(JournalFile&& other) noexcept;
    JournalFile& operator=(JournalFile&& other) noexcept;
    ~JournalFile();

    /// Adds whole lines, or on an error nothing.
    Status append(std::string_view lines);
    /// Waits until all is on the disk.
    Status sync();
    /// Removes the file and gives up the lock.
    Status remove();

    /// Whether a living process has the journal of this session open.
    static bool isHeld(const std::filesystem::path& sessionFolder);

private:
    JournalFile(std::filesystem::path file, int descriptor)
        : m_file(std::move(file)),
          m_descriptor(descriptor)
    {
    }
    Status checkStillThere() const;
    void close();

    std::filesystem::path m_file;
    int m_descriptor = -1;
    std::int64_t m_size = 0; ///< Bytes of whole lines.
};

} // namespace frostline
