#include "data/sound.h"

#include <samplerate.h>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>

namespace frostline {

namespace fs = std::filesystem;

namespace {

constexpr int kMostChannels = 64;
constexpr int kLowestRate = 1000;
constexpr int kHighestRate = 384000;
constexpr std::int64_t kMostSeconds = 3600;
constexpr std::size_t kBlock = 1 << 14; ///< Frames read at once.

using SoundFile = std::unique_ptr<SNDFILE, decltype(&sf_close)>;
using ResamplerState = std::unique_ptr<SRC_STATE, decltype(&src_delete)>;

std::uint32_t littleEndian(std::string_view bytes)
{
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

/// What the first bytes tell. libsndfile takes a cut WAV for a shorter one, and knows many formats that
/// nobody should have to trust.
Status checkHeader(const fs::path& file)
{
    std::error_code code;
    if (!fs::is_regular_file(file, code))
        return failure(ErrorCode::FileSystem, "cannot read " + file.string() + ": there is no such file");
    const auto bytes = fs::file_size(file, code);
    std::array<char, 12> head{};
    std::ifstream stream(file, std::ios::binary);
    if (!stream.is_open())
        return failure(ErrorCode::FileSystem, "cannot read " + file.string() + ": it cannot be opened");
    if (bytes == 0)
        return badInput(file.string() + ": is empty; expected a WAV, FLAC or Ogg file");
    stream.read(head.data(), head.size());
    const std::string_view text(head.data(), static_cast<std::size_t>(stream.gcount()));
    const bool isRiff = text.starts_with("RIFF") && text.ends_with("WAVE");
    if (!isRiff && !text.starts_with("RF64") && !text.starts_with("fLaC") && !text.starts_with("OggS"))
        return badInput(file.string() + ": is not a WAV, FLAC or Ogg file");
    // Programs that write into a pipe cannot know the length, and put the highest number there, or none;
    // others count the eight bytes before it too.
    const std::uint64_t promised = isRiff ? littleEndian(text.substr(4)) : 0;
    if (promised != 0xffffffff && promised > bytes)
        return badInput(file.string() + ": is cut short: its header promises " +
                        std::to_string(promised + 8) + " bytes, the file has " + std::to_string(bytes));
    return {};
}

/// libsndfile keeps why a file was not opened in one place for all threads.
Result<SoundFile> openSound(const fs::path& file, SF_INFO& info)
{
    static std::mutex mutex;
    const std::scoped_lock lock(mutex);
    SoundFile sound(sf_open(file.c_str(), SFM_READ, &info), &sf_close);
    if (!sound)
        return badInput(file.string() + ": is damaged, or of a kind that cannot be read (" +
                        sf_strerror(nullptr) + ")");
    return sound;
}

Status checkLength(std::int64_t frames, int rate, const fs::path& file)
{
    if (frames / rate >= kMostSeconds)
        return badInput(file.string() + ": is longer than " + std::to_string(kMostSeconds / 60) +
                        " minutes; cut it into shorter files");
    return {};
}

Status checkFormat(const SF_INFO& info, const fs::path& file)
{
    if (info.channels < 1 || info.channels > kMostChannels)
        return badInput(file.string() + ": has " + std::to_string(info.channels) +
                        " channels; expected 1 to " + std::to_string(kMostChannels));
    if (info.samplerate < kLowestRate || info.samplerate > kHighestRate)
        return badInput(file.string() + ": has " + std::to_string(info.samplerate) +
                        " samples a second; expected " + std::to_string(kLowestRate) + " to " +
                        std::to_string(kHighestRate));
    if (info.frames < SF_COUNT_MAX)
        return checkLength(info.frames, info.samplerate, file);
    return {};
}

/// Brings blocks of one rate to 16 kHz.
class Resampler {
public:
    explicit Resampler(int rate)
        : m_ratio(static_cast<double>(kSoundRate) / rate),
          m_state(rate == kSoundRate ? nullptr : src_new(SRC_SINC_MEDIUM_QUALITY, 1, nullptr), &src_delete)
    {
    }
    /// Adds to `samples`; false where libsamplerate could not. The last block may be empty.
    bool add(std::span<const float> block, bool isLast, std::vector<float>& samples)
    {
        if (m_ratio == 1.0) {
            samples.insert(samples.end(), block.begin(), block.end());
            return true;
        }
        SRC_DATA data{};
        data.src_ratio = m_ratio;
        data.end_of_input = isLast ? 1 : 0;
        std::array<float, kBlock> out{};
        do {
            data.data_in = block.data();
            data.input_frames = static_cast<long>(block.size());
            data.data_out = out.data();
            data.output_frames = static_cast<long>(out.size());
            if (!m_state || src_process(m_state.get(), &data) != 0)
                return false;
            samples.insert(samples.end(), out.data(), out.data() + data.output_frames_gen);
            block = block.subspan(static_cast<std::size_t>(data.input_frames_used));
        } while (!block.empty() || data.output_frames_gen == static_cast<long>(out.size()));
        return true;
    }

private:
    double m_ratio;
    ResamplerState m_state;
};

/// The mean of the channels of each frame, into the beginning of `frames`.
std::span<const float> mixed(std::span<float> frames, std::size_t channels)
{
    const auto count = frames.size() / channels;
    for (std::size_t i = 0; i < count; ++i) {
        float sum = 0.0f;
        for (std::size_t channel = 0; channel < channels; ++channel)
            sum += frames[i * channels + channel];
        frames[i] = sum / static_cast<float>(channels);
    }
    return frames.first(count);
}

bool isFinite(std::span<const float> values)
{
    return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

/// All that is wrong once reading has ended; `read` frames came of those promised.
Status checkEnd(SNDFILE* sound, const SF_INFO& info, std::int64_t read, const fs::path& file)
{
    if (sf_error(sound) != SF_ERR_NO_ERROR)
        return badInput(file.string() + ": is damaged (" + sf_strerror(sound) + ")");
    if (read == 0)
        return badInput(file.string() + ": has no samples in it");
    if (info.frames < SF_COUNT_MAX && read < info.frames)
        return badInput(file.string() + ": is cut short or damaged: " + std::to_string(read) + " of " +
                        std::to_string(info.frames) + " samples could be read");
    return {};
}

} // namespace

Result<std::vector<float>> readSound(const fs::path& file)
{
    if (const auto checked = checkHeader(file); !checked)
        return tl::unexpected(checked.error());
    SF_INFO info{};
    const auto sound = openSound(file, info);
    if (!sound)
        return tl::unexpected(sound.error());
    if (const auto checked = checkFormat(info, file); !checked)
        return tl::unexpected(checked.error());
    const auto channels = static_cast<std::size_t>(info.channels);
    std::vector<float> block(kBlock * channels);
    std::vector<float> samples;
    Resampler resampler(info.samplerate);
    std::int64_t read = 0;
    for (bool isLast = false; !isLast;) {
        const auto got = sf_readf_float(sound->get(), block.data(), static_cast<sf_count_t>(kBlock));
        isLast = got <= 0;
        read += isLast ? 0 : got;
        const auto frames = std::span(block).first(isLast ? 0 : static_cast<std::size_t>(got) * channels);
        if (const auto checked = checkLength(read, info.samplerate, file); !checked)
            return tl::unexpected(checked.error());
        const auto known = samples.size();
        if (!resampler.add(mixed(frames, channels), isLast, samples))
            return failure(ErrorCode::RunFailed, file.string() + ": cannot be resampled");
        // Here, for finite samples too may add up to what is not.
        if (!isFinite(std::span(samples).subspan(known)))
            return badInput(file.string() + ": has samples that are not finite numbers, or too large");
    }
    if (const auto checked = checkEnd(sound->get(), info, read, file); !checked)
        return tl::unexpected(checked.error());
    return samples;
}

} // namespace frostline
