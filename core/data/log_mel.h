#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace frostline {

/// What YAMNet hears (Plakal and Ellis 2020): sound at 16 kHz as patches of 96 frames, one each 10 ms, in 64
/// bands, every 48 frames a new patch.
constexpr std::size_t kPatchFrames = 96;
constexpr std::size_t kPatchBands = 64;

/// How many patches so many samples give: one at least. As YAMNet does it, the end is filled up with silence
/// to whole patches: the first needs 15,600 samples, 0.975 s, each further one 7,680.
std::size_t patchCount(std::size_t samples);

/// [patchCount, 96, 64]: ln(mel + 0.001) of frames of 400 samples every 160 under a periodic Hann window, by
/// magnitudes of a Fourier transform of 512 points. Any thread may call it.
std::vector<float> logMelPatches(std::span<const float> samples);

/// Weights [257, 64] from frequencies to bands, triangles on the HTK mel scale from 125 to 7,500 Hz, as
/// TensorFlow's linear_to_mel_weight_matrix has them.
std::vector<float> melWeights();

} // namespace frostline
