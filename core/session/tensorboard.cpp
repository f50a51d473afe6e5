#include "session/tensorboard.h"

#include <array>
#include <cctype>
#include <cmath>
#include <ctime>
#include <limits>

#include "base/file.h"
#include "tensorboard_event.pb.h"

namespace frostline {

namespace {

using tensorboard::Event;

constexpr std::array<std::uint32_t, 256> crcTable()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
            value = (value & 1U) != 0 ? (value >> 1U) ^ 0x82f63b78U : value >> 1U;
        table[i] = value;
    }
    return table;
}

/// CRC-32C (Castagnoli), masked as TFRecord does so that a checksum of a checksum is no trivial one.
std::uint32_t maskedCrc(std::string_view bytes)
{
    static constexpr auto kTable = crcTable();
    std::uint32_t crc = 0xffffffffU;
    for (const char byte : bytes)
        crc = kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xffU] ^ (crc >> 8U);
    crc = ~crc;
    return ((crc >> 15U) | (crc << 17U)) + 0xa282ead8U;
}

template <class Number>
std::string littleEndian(Number number)
{
    std::string bytes;
    for (std::size_t i = 0; i < sizeof(number); ++i)
        bytes += static_cast<char>((number >> (8 * i)) & 0xff);
    return bytes;
}

/// A file of TFRecords: length, its checksum, bytes, their checksum. Written in pieces.
class RecordFile {
public:
    explicit RecordFile(AtomicFile file) : m_file(std::move(file)) {}

    Status add(const Event& event)
    {
        m_record.clear();
        if (!event.SerializeToString(&m_record))
            return failure(ErrorCode::FileSystem, "an event is too large for a TensorBoard file");
        const auto length = littleEndian(static_cast<std::uint64_t>(m_record.size()));
        m_waiting += length + littleEndian(maskedCrc(length)) + m_record + littleEndian(maskedCrc(m_record));
        return m_waiting.size() < kPiece ? Status() : flush();
    }
    Status commit()
    {
        return flush().and_then([this] { return m_file.commit(); });
    }

private:
    static constexpr std::size_t kPiece = 1 << 20;

    Status flush()
    {
        const auto written = m_file.write(m_waiting);
        m_waiting.clear();
        return written;
    }

    AtomicFile m_file;
    std::string m_record;
    std::string m_waiting;
};

/// Seconds since 1970; 0 for what is no ISO 8601 time.
std::time_t secondsOf(const std::string& time)
{
    std::tm parts{};
    return ::strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) ? ::timegm(&parts) : 0;
}

std::filesystem::path fileFor(const Session& session)
{
    auto name = "events.out.tfevents." + std::to_string(secondsOf(session.created)) + "." + session.id;
    for (auto& c : name) {
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.')
            c = '-';
    }
    return name;
}

Event eventAt(double wallTime, Step step)
{
    Event event;
    event.set_wall_time(wallTime);
    event.set_step(step);
    return event;
}

void add(Event& event, std::string tag, double value)
{
    auto* scalar = event.mutable_summary()->add_value();
    scalar->set_tag(std::move(tag));
    scalar->set_simple_value(static_cast<float>(value));
}

/// Left out where the task has no such figure.
void addIfThere(Event& event, std::string tag, double value)
{
    if (!std::isnan(value))
        add(event, std::move(tag), value);
}

void addScores(Event& event, const std::string& before, const Scores& scores)
{
    add(event, before + "loss", scores.loss);
    addIfThere(event, before + "accuracy", scores.accuracy);
    addIfThere(event, before + "mae", scores.mae);
    addIfThere(event, before + "psnr", scores.psnr);
    addIfThere(event, before + "top5", scores.top5);
    addIfThere(event, before + "clip_accuracy", scores.clipAccuracy);
}

Event eventOf(const MetricPoint& point, double start)
{
    auto event = eventAt(start + point.seconds, point.step);
    add(event, "train/loss", point.loss);
    addIfThere(event, "train/accuracy", point.accuracy);
    addIfThere(event, "train/mae", point.mae);
    add(event, "train/learning_rate", point.learningRate);
    add(event, "train/sparsity", point.sparsity);
    return event;
}

Event eventOf(const EpochRecord& epoch, double wallTime)
{
    auto event = eventAt(wallTime, epoch.step);
    addScores(event, "train/epoch_", epoch.train);
    if (epoch.validation)
        addScores(event, "validation/", *epoch.validation);
    for (const auto& layer : epoch.layers) {
        add(event, "layers/" + layer.path + "/drift", layer.drift);
        add(event, "layers/" + layer.path + "/gradient_norm", layer.gradientNorm);
        add(event, "layers/" + layer.path + "/sparsity", layer.sparsity);
    }
    return event;
}

/// Steps and epochs in the order in which they came.
Status writeAll(RecordFile& file, const Session& session)
{
    const auto start = static_cast<double>(secondsOf(session.created));
    auto version = eventAt(start, 0);
    version.set_file_version("brain.Event:2");
    auto written = file.add(version);
    auto wallTime = start;
    auto point = session.steps.begin();
    const auto writeStepsBefore = [&](Step step) {
        for (; written && point != session.steps.end() && point->step < step; ++point) {
            wallTime = start + point->seconds;
            written = file.add(eventOf(*point, start));
        }
    };
    for (const auto& epoch : session.epochs) {
        writeStepsBefore(epoch.step);
        if (written)
            written = file.add(eventOf(epoch, wallTime));
    }
    writeStepsBefore(std::numeric_limits<Step>::max());
    return written;
}

} // namespace

Result<std::filesystem::path> exportTensorBoard(const Session& session, const std::filesystem::path& folder)
{
    if (const auto made = makeFolder(folder); !made)
        return tl::unexpected(made.error());
    auto place = folder / fileFor(session);
    auto out = AtomicFile::create(place);
    if (!out)
        return tl::unexpected(out.error());
    RecordFile file(std::move(*out));
    if (auto written = writeAll(file, session).and_then([&] { return file.commit(); }); !written)
        return tl::unexpected(written.error());
    return place;
}

} // namespace frostline
