#include "training/session_recorder.h"

#include <algorithm>
#include <utility>

#include "base/file.h"
#include "session/session_path.h"
#include "session/session_store.h"

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kStepsInALine = 512;
constexpr std::chrono::milliseconds kLongestWait{500};
constexpr int kWorkBesideWriting =
    20; ///< How many times longer than writing a checkpoint to train meanwhile.

/// Writes a checkpoint's file and tells the journal of it.
Result<CheckpointRecord> writeCheckpoint(const SessionRecorder::Checkpoint& checkpoint,
                                         CheckpointRecord record, const fs::path& folder,
                                         JournalFile& journal)
{
    const auto file = fileInside(folder, record.file);
    if (!file)
        return tl::unexpected(file.error());
    if (const auto written = checkpoint.write(*file); !written)
        return tl::unexpected(written.error());
    const auto sha256 = sha256OfFile(*file);
    if (!sha256)
        return tl::unexpected(sha256.error());
    std::error_code code;
    record.sha256 = *sha256;
    record.bytes = static_cast<std::int64_t>(fs::file_size(*file, code));
    return journal.append(journalLine(record)).and_then([&journal] { return journal.sync(); }).map([&record] {
        return record;
    });
}

} // namespace

Status SessionRecorder::begin(const fs::path& sessionsFolder, const LayerTable& layers)
{
    m_session.layers = layers;
    m_session.summary = summaryOf(m_session);
    m_session.state = SessionState::Stopped; // Running is what holds a journal, so that comes first.
    auto folder = SessionStore(sessionsFolder).create(m_session);
    if (!folder)
        return tl::unexpected(folder.error());
    return resume(*folder);
}

Status SessionRecorder::resume(const fs::path& sessionFolder)
{
    m_folder = sessionFolder;
    return openJournal().and_then([this] {
        m_session.state = SessionState::Running;
        m_session.error.clear();
        return SessionStore::save(m_session, m_folder);
    });
}

Status SessionRecorder::openJournal()
{
    auto journal = JournalFile::create(m_folder, {m_session.id, m_session.steps.size(),
                                                  m_session.epochs.size(), m_session.interventions.size()});
    if (!journal)
        return tl::unexpected(journal.error());
    m_journal = std::make_shared<JournalFile>(std::move(*journal));
    if (!m_writer)
        m_writer = std::make_unique<BackgroundWriter>();
    return {};
}

/// Lines that shall be synced. Of those that wait behind a slow disk only the last one waits for it: short
/// epochs are not held up, and nothing stays longer unsynced than one sync takes.
void SessionRecorder::postSynced(std::string lines)
{
    m_posted = Clock::now();
    ++*m_syncsWaiting;
    m_writer->post([journal = m_journal, lines = std::move(lines), waiting = m_syncsWaiting]() -> Status {
        return journal->append(lines)
            .and_then([&] { return *waiting == 1 ? journal->sync() : Status(); })
            .map([&] { --*waiting; });
    });
}

void SessionRecorder::postSteps()
{
    if (m_waiting.empty())
        return;
    m_posted = Clock::now();
    m_writer->post([journal = m_journal, points = std::exchange(m_waiting, {})] {
        return journal->append(journalLine(points));
    });
}

void SessionRecorder::addStep(const MetricPoint& point)
{
    m_session.steps.push_back(point);
    if (!isRecording())
        return;
    m_waiting.push_back(point);
    if (m_waiting.size() >= kStepsInALine || Clock::now() - m_posted > kLongestWait)
        postSteps();
    takeWritten();
}

void SessionRecorder::addIntervention(const Intervention& intervention)
{
    m_session.interventions.push_back(intervention);
    if (!isRecording())
        return;
    postSteps();
    postSynced(journalLine(intervention));
}

void SessionRecorder::addEpoch(const EpochRecord& epoch, const LayerTable& layers)
{
    m_session.epochs.push_back(epoch);
    m_session.layers = layers;
    if (!isRecording())
        return;
    postSteps();
    postSynced(journalLine(epoch));
}

void SessionRecorder::flush()
{
    if (!isRecording())
        return;
    postSteps();
    postSynced({});
}

/// `checkpoints/step-000400.safetensors`; another number at its end where that is taken by another state.
fs::path SessionRecorder::fileFor(const Checkpoint& checkpoint) const
{
    auto digits = std::to_string(checkpoint.step);
    digits.insert(0, 6 - std::min<std::size_t>(6, digits.size()), '0');
    const auto name = "checkpoints/step-" + digits;
    const auto isOther = [&](const CheckpointRecord& each) {
        return each.step == checkpoint.step && each.interventions != checkpoint.interventions;
    };
    const bool isTaken =
        std::ranges::any_of(m_session.checkpoints, isOther) || std::ranges::any_of(m_queued, isOther);
    const auto changes = "-" + std::to_string(checkpoint.interventions);
    return name + (isTaken ? changes : "") + ".safetensors";
}

void SessionRecorder::addCheckpoint(Checkpoint checkpoint)
{
    if (!isRecording())
        return;
    takeWritten();
    CheckpointRecord record;
    record.step = checkpoint.step;
    record.epoch = checkpoint.epoch;
    record.file = fileFor(checkpoint).string();
    record.best = checkpoint.best;
    record.periodic = checkpoint.periodic;
    record.restore = checkpoint.restore;
    record.interventions = checkpoint.interventions;
    // The same step with the same changes in force is the same state: written once is enough.
    for (const auto* list : {&m_session.checkpoints, &m_queued}) {
        const auto same = std::ranges::find(*list, record.file, &CheckpointRecord::file);
        if (same == list->end())
            continue;
        if ((same->best || !record.best) && (same->periodic || !record.periodic) &&
            (same->restore || !record.restore))
            return;
        record.best = record.best || same->best;
        record.periodic = record.periodic || same->periodic;
        record.restore = record.restore || same->restore;
    }
    m_queued.push_back(record);
    postSteps();
    m_writer->post([checkpoint = std::move(checkpoint), record, folder = m_folder, journal = m_journal,
                    written = m_written]() -> Status {
        const auto began = Clock::now();
        const auto done = writeCheckpoint(checkpoint, record, folder, *journal);
        if (!done)
            return tl::unexpected(done.error());
        const std::scoped_lock lock(written->mutex);
        written->checkpoints.push_back(*done);
        written->at = Clock::now();
        written->took = written->at - began;
        written->isNew = true;
        return {};
    });
}

void SessionRecorder::keepRestorable(const std::vector<Step>& steps)
{
    for (auto* list : {&m_session.checkpoints, &m_queued}) {
        for (auto& each : *list)
            each.restore = each.restore && std::ranges::find(steps, each.step) != steps.end();
    }
}

bool SessionRecorder::isTimeForCheckpoint() const
{
    if (!isRecording() || !m_writer->isIdle())
        return false;
    const std::scoped_lock lock(m_written->mutex);
    return Clock::now() - m_written->at >= kWorkBesideWriting * m_written->took;
}

void SessionRecorder::takeWritten()
{
    if (!m_written->isNew.exchange(false))
        return;
    std::vector<CheckpointRecord> written;
    {
        const std::scoped_lock lock(m_written->mutex);
        written = std::exchange(m_written->checkpoints, {});
    }
    for (const auto& record : written) {
        std::erase_if(m_queued, [&](const auto& each) { return each.file == record.file; });
        frostline::addCheckpoint(m_session.checkpoints, record);
    }
    removeOldCheckpoints();
}

/// What stays: the newest, the best, and of the periodic ones as many as are asked for and have room.
void SessionRecorder::removeOldCheckpoints()
{
    const auto& policy = m_session.recipe.checkpoints;
    auto& all = m_session.checkpoints;
    const auto isFree = [&](const CheckpointRecord& each) {
        return &each != &all.back() && !each.best && !each.restore && !each.periodic;
    };
    const auto isOldPeriodic = [&](const CheckpointRecord& each) {
        return &each != &all.back() && !each.best && !each.restore && each.periodic;
    };
    std::vector<CheckpointRecord> leaving;
    std::ranges::copy_if(all, std::back_inserter(leaving), isFree);
    std::vector<CheckpointRecord> old;
    std::ranges::copy_if(all, std::back_inserter(old), isOldPeriodic);
    std::int64_t bytes = 0;
    for (const auto& each : all)
        bytes += isFree(each) ? 0 : each.bytes;
    const auto budget = static_cast<std::int64_t>(policy.budgetMegabytes * 1e6);
    auto periodic = old.size() + (all.back().periodic ? 1 : 0);
    for (const auto& each : old) {
        const bool tooMany = policy.keep > 0 && periodic > static_cast<std::size_t>(policy.keep);
        const bool tooBig = budget > 0 && bytes > budget;
        if (!tooMany && !tooBig)
            break;
        leaving.push_back(each);
        bytes -= each.bytes;
        --periodic;
    }
    for (const auto& each : leaving)
        removeCheckpoint(each);
}

void SessionRecorder::removeCheckpoint(const CheckpointRecord& checkpoint)
{
    std::erase_if(m_session.checkpoints, [&](const auto& each) { return each.file == checkpoint.file; });
    m_writer->post([journal = m_journal, file = checkpoint.file, folder = m_folder]() -> Status {
        return journal->append(journalLine(CheckpointRemoval{file})).map([&] {
            std::error_code code;
            if (const auto inside = fileInside(folder, file))
                fs::remove(*inside, code);
        });
    });
}

std::optional<Error> SessionRecorder::problem() const
{
    return m_writer ? m_writer->problem() : std::nullopt;
}

std::optional<Error> SessionRecorder::retry()
{
    const auto before = problem();
    if (before && before->code == ErrorCode::Gone) {
        if (const auto begun = beginAnew(); !begun)
            return begun.error();
    }
    return m_writer->retry();
}

/// The folder was removed: everything that is known is in memory, but for the checkpoints.
Status SessionRecorder::beginAnew()
{
    const auto made = makeFolder(m_folder / "checkpoints").and_then([this] { return openJournal(); });
    if (!made)
        return made;
    std::erase_if(m_session.checkpoints, [this](const CheckpointRecord& each) {
        std::error_code code;
        return !fs::exists(m_folder / each.file, code);
    });
    m_writer->clear();
    m_syncsWaiting = std::make_shared<std::atomic<int>>(0);
    m_waiting.clear();
    m_queued.clear();
    m_writer->post([known = m_session, folder = m_folder] { return SessionStore::save(known, folder); });
    return {};
}

Status SessionRecorder::end(SessionState state, const std::string& error, const LayerTable& layers,
                            double seconds)
{
    m_session.layers = layers;
    m_session.summary = summaryOf(m_session);
    m_session.summary.seconds = seconds;
    m_session.state = state;
    m_session.error = error;
    if (!isRecording())
        return {};
    postSteps();
    if (const auto problem = m_writer->drain())
        return tl::unexpected(*problem);
    takeWritten();
    m_writer->post([session = &m_session, folder = m_folder, journal = m_journal]() -> Status {
        return SessionStore::save(*session, folder).and_then([&] { return journal->remove(); });
    });
    if (const auto problem = m_writer->drain())
        return tl::unexpected(*problem);
    return {};
}

} // namespace frostline
