#include "data/log_mel.h"

#include <fftw3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>

#include "data/sound.h"

namespace frostline {

namespace {

constexpr std::size_t kFrame = 400;
constexpr std::size_t kFrameHop = 160;
constexpr std::size_t kPatchHop = 48;
constexpr std::size_t kTransform = 512;
constexpr std::size_t kFrequencies = kTransform / 2 + 1;
constexpr double kLowest = 125.0;
constexpr double kHighest = 7500.0;
constexpr double kOffset = 0.001;
constexpr std::size_t kFirstPatch =
    (kPatchFrames - 1) * kFrameHop + kFrame; ///< Samples that one patch takes.

struct FftwFree {
    void operator()(void* memory) const { fftw_free(memory); }
};
using Samples = std::unique_ptr<double[], FftwFree>;
using Spectrum = std::unique_ptr<fftw_complex[], FftwFree>;

Samples newSamples()
{
    return Samples(fftw_alloc_real(kTransform));
}

Spectrum newSpectrum()
{
    return Spectrum(fftw_alloc_complex(kFrequencies));
}

double mel(double hertz)
{
    return 1127.0 * std::log(1.0 + hertz / 700.0);
}

std::array<double, kFrame> hannWindow()
{
    std::array<double, kFrame> window{};
    for (std::size_t i = 0; i < kFrame; ++i)
        window[i] = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(i) / double{kFrame});
    return window;
}

/// The frequencies that a band is made of.
struct Band {
    std::size_t first = 0;
    std::vector<float> weights;
};

std::vector<Band> bandsOf(const std::vector<float>& weights)
{
    std::vector<Band> bands(kPatchBands);
    for (std::size_t b = 0; b < kPatchBands; ++b) {
        for (std::size_t f = 0; f < kFrequencies; ++f) {
            const auto weight = weights[f * kPatchBands + b];
            if (weight == 0.0f)
                continue;
            if (bands[b].weights.empty())
                bands[b].first = f;
            bands[b].weights.push_back(weight);
        }
    }
    return bands;
}

/// What all transforms share. Doubles: beside a loud tone the rounding of floats is heard in quiet bands. A
/// plan may run in many threads at once; making it may not, and is done once.
struct Tables {
    std::array<double, kFrame> window = hannWindow();
    std::vector<Band> bands = bandsOf(melWeights());
    fftw_plan plan = fftw_plan_dft_r2c_1d(int{kTransform}, newSamples().get(), newSpectrum().get(),
                                          FFTW_ESTIMATE | FFTW_DESTROY_INPUT);
};

const Tables& tables()
{
    static const Tables shared;
    return shared;
}

/// The bands of one spectrum.
void writeBands(const fftw_complex* spectrum, std::span<float> bands)
{
    std::array<double, kFrequencies> magnitudes{};
    for (std::size_t f = 0; f < kFrequencies; ++f)
        magnitudes[f] = std::hypot(spectrum[f][0], spectrum[f][1]);
    for (std::size_t b = 0; b < kPatchBands; ++b) {
        const auto& band = tables().bands[b];
        double sum = 0.0;
        for (std::size_t i = 0; i < band.weights.size(); ++i)
            sum += double{band.weights[i]} * magnitudes[band.first + i];
        bands[b] = static_cast<float>(std::log(sum + kOffset));
    }
}

/// [frames, 64]; silence follows the samples.
std::vector<float> spectrogram(std::span<const float> samples, std::size_t frames)
{
    std::vector<float> rows(frames * kPatchBands);
    const auto in = newSamples();
    const auto out = newSpectrum();
    for (std::size_t frame = 0; frame < frames; ++frame) {
        const auto begin = std::min(frame * kFrameHop, samples.size());
        const auto heard = samples.subspan(begin, std::min(kFrame, samples.size() - begin));
        std::fill_n(in.get(), kTransform, 0.0);
        std::ranges::transform(heard, tables().window, in.get(), std::multiplies<>());
        fftw_execute_dft_r2c(tables().plan, in.get(), out.get());
        writeBands(out.get(), std::span(rows).subspan(frame * kPatchBands, kPatchBands));
    }
    return rows;
}

} // namespace

std::size_t patchCount(std::size_t samples)
{
    constexpr auto kHop = kPatchHop * kFrameHop;
    return samples <= kFirstPatch ? 1 : 1 + (samples - kFirstPatch + kHop - 1) / kHop;
}

std::vector<float> logMelPatches(std::span<const float> samples)
{
    const auto count = patchCount(samples.size());
    const auto rows = spectrogram(samples, (count - 1) * kPatchHop + kPatchFrames);
    std::vector<float> patches;
    patches.reserve(count * kPatchFrames * kPatchBands);
    for (std::size_t patch = 0; patch < count; ++patch) {
        const auto part =
            std::span(rows).subspan(patch * kPatchHop * kPatchBands, kPatchFrames * kPatchBands);
        patches.insert(patches.end(), part.begin(), part.end());
    }
    return patches;
}

std::vector<float> melWeights()
{
    const double low = mel(kLowest);
    const double step = (mel(kHighest) - low) / double{kPatchBands + 1};
    std::vector<float> weights(kFrequencies * kPatchBands);
    for (std::size_t f = 1; f < kFrequencies; ++f) { // The constant part is in no band.
        const double at = mel(static_cast<double>(f) * kSoundRate / double{kTransform});
        for (std::size_t b = 0; b < kPatchBands; ++b) {
            const double rise = (at - low) / step - static_cast<double>(b);
            weights[f * kPatchBands + b] = static_cast<float>(std::max(0.0, std::min(rise, 2.0 - rise)));
        }
    }
    return weights;
}

} // namespace frostline
