// journal.jsonl as text: lines with a checksum each, and what they add to a session.

#include "session/journal.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/json.h"
#include "model/layer_diff.h"
#include "session/session_parts.h"
#include "training/starting_layers.h"

namespace frostline {

namespace {

// A line is its object's text with `,"crc32":"01234567"}` in place of the last brace.
constexpr std::string_view kBeforeSum = ",\"crc32\":\"";
constexpr std::string_view kAfterSum = "\"}";
constexpr std::size_t kSumDigits = 8;
constexpr std::size_t kTailSize = kBeforeSum.size() + kSumDigits + kAfterSum.size();

std::string checksumOf(std::string_view text)
{
    const auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
    std::array<char, kSumDigits + 1> digits{};
    std::snprintf(digits.data(), digits.size(), "%08lx", sum);
    return digits.data();
}

std::string lineOf(const Json& object)
{
    auto text = jsonText(object);
    text.pop_back();
    const auto sum = checksumOf(text);
    return text.append(kBeforeSum).append(sum).append(kAfterSum) + "\n";
}

/// The line is whole: its checksum is there and right.
bool isIntact(std::string_view line)
{
    if (line.size() <= kTailSize)
        return false;
    const auto text = line.substr(0, line.size() - kTailSize);
    const auto tail = line.substr(text.size());
    return tail.starts_with(kBeforeSum) && tail.ends_with(kAfterSum) &&
           tail.substr(kBeforeSum.size(), kSumDigits) == checksumOf(text);
}

/// A line that was torn is the beginning of one; here a whole one stands before something else.
bool holdsAnotherLine(std::string_view torn)
{
    const auto end = torn.find(kAfterSum, torn.find(kBeforeSum));
    return end != torn.npos && end + kAfterSum.size() < torn.size() &&
           isIntact(torn.substr(0, end + kAfterSum.size()));
}

Json jsonOf(const std::vector<MetricPoint>& points)
{
    return {{"steps", stepsJson(points)}};
}

Json jsonOf(const EpochRecord& epoch)
{
    return {{"epoch", epochJson(epoch)}};
}

Json jsonOf(const Intervention& intervention)
{
    return {{"intervention", interventionJson(intervention)}};
}

Json jsonOf(const CheckpointRecord& checkpoint)
{
    return {{"checkpoint", checkpointJson(checkpoint)}};
}

Json jsonOf(const CheckpointRemoval& removal)
{
    return {{"removed", removal.file}};
}

JournalStart readStart(JsonReader& reader)
{
    const auto format = reader.requiredText("frostline");
    if (format != "journal/1")
        reader.refuse("frostline", "expected \"journal/1\"; a newer Frostline may be needed to read this");
    const auto count = [&reader](const char* key) {
        return static_cast<std::size_t>(reader.integer(key, 0, 0, json_limits::kMost));
    };
    return {reader.requiredText("session"), count("steps"), count("epochs"), count("interventions")};
}

JournalEntry readEntry(JsonReader& reader)
{
    if (auto steps = reader.object("steps"))
        return readSteps(*steps);
    if (auto epoch = reader.object("epoch"))
        return readEpoch(*epoch);
    if (auto intervention = reader.object("intervention"))
        return readIntervention(*intervention);
    if (auto checkpoint = reader.object("checkpoint"))
        return readCheckpoint(*checkpoint);
    return CheckpointRemoval{reader.requiredText("removed")};
}

Status readLine(std::string_view line, bool isFirst, const std::string& where, Journal& journal)
{
    const auto json = parseJson(line, where);
    if (!json)
        return tl::unexpected(json.error());
    std::optional<Error> error;
    JsonReader reader(*json, where, error);
    if (isFirst)
        journal.start = readStart(reader);
    else
        journal.entries.push_back(readEntry(reader));
    return error ? Status(tl::unexpected(*error)) : Status();
}

/// Layers as the recipe and all changes set them, with what the last epoch measured.
LayerTable layersNow(const Session& session)
{
    auto layers = startingLayers(session.layers, session.recipe);
    for (const auto& intervention : session.interventions)
        layers = withChanges(std::move(layers), {intervention.change});
    if (session.epochs.empty())
        return layers;
    for (const auto& measure : session.epochs.back().layers) {
        const auto layer = std::ranges::find(layers, measure.path, &LayerInfo::path);
        if (layer == layers.end())
            continue;
        layer->drift = measure.drift;
        layer->gradientNorm = measure.gradientNorm;
        layer->sparsity = measure.sparsity;
    }
    return layers;
}

/// Puts one entry after what the session has.
class Folding {
public:
    explicit Folding(Session& session) : m_session(session) {}

    bool operator()(const std::vector<MetricPoint>& points)
    {
        for (const auto& point : points) {
            if (point.step != static_cast<Step>(m_session.steps.size()))
                return false;
            m_session.steps.push_back(point);
        }
        return true;
    }
    bool operator()(const EpochRecord& epoch)
    {
        m_session.epochs.push_back(epoch);
        return epoch.step <= static_cast<Step>(m_session.steps.size());
    }
    bool operator()(const Intervention& intervention)
    {
        m_session.interventions.push_back(intervention);
        return intervention.step == static_cast<Step>(m_session.steps.size());
    }
    bool operator()(const CheckpointRecord& checkpoint)
    {
        addCheckpoint(m_session.checkpoints, checkpoint);
        return true;
    }
    bool operator()(const CheckpointRemoval& removal)
    {
        std::erase_if(m_session.checkpoints, [&](const auto& each) { return each.file == removal.file; });
        return true;
    }

private:
    Session& m_session;
};

} // namespace

std::string journalLine(const JournalStart& start)
{
    return lineOf({{"frostline", "journal/1"},
                   {"session", start.session},
                   {"steps", start.steps},
                   {"epochs", start.epochs},
                   {"interventions", start.interventions}});
}

std::string journalLine(const JournalEntry& entry)
{
    return lineOf(std::visit([](const auto& held) { return jsonOf(held); }, entry));
}

Result<Journal> parseJournal(std::string_view text, const std::string& where)
{
    Journal journal;
    for (int number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        const bool isLast = end == text.npos || end + 1 == text.size();
        const auto line = text.substr(0, end);
        if (end == text.npos || !isIntact(line)) {
            if (!isLast || holdsAnotherLine(line))
                return badInput(where + ": line " + std::to_string(number) +
                                " is damaged: its checksum does not fit; the journal is left as it is");
            journal.tornBytes = text.size();
            break;
        }
        if (const auto read =
                readLine(line, number == 1, where + ": line " + std::to_string(number), journal);
            !read)
            return tl::unexpected(read.error());
        text.remove_prefix(end + 1);
    }
    return journal;
}

Status foldIn(const Journal& journal, Session& session, const std::string& where)
{
    const auto& start = journal.start;
    if (start.session.empty())
        return {}; // Not even the first line was written: there is nothing to tell.
    if (start.session != session.id)
        return badInput(where + ": belongs to session " + start.session + ", not to " + session.id);
    if (start.steps > session.steps.size() || start.epochs > session.epochs.size() ||
        start.interventions > session.interventions.size())
        return badInput(where + ": goes on from step " + std::to_string(start.steps) +
                        ", but session.json has only " + std::to_string(session.steps.size()) + " steps");
    session.steps.resize(start.steps);
    session.epochs.resize(start.epochs);
    session.interventions.resize(start.interventions);
    Folding fold(session);
    for (std::size_t i = 0; i < journal.entries.size(); ++i) {
        if (!std::visit(fold, journal.entries[i]))
            return badInput(where + ": line " + std::to_string(i + 2) +
                            " does not follow what came before it: a line is missing or comes twice");
    }
    session.layers = layersNow(session);
    session.summary = summaryOf(session);
    return {};
}

void addCheckpoint(std::vector<CheckpointRecord>& checkpoints, const CheckpointRecord& added)
{
    std::erase_if(checkpoints, [&](const auto& each) { return each.file == added.file; });
    if (added.best) {
        for (auto& each : checkpoints)
            each.best = false;
    }
    checkpoints.push_back(added);
}

} // namespace frostline
