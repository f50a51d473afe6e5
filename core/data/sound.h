#pragma once

#include <filesystem>
#include <vector>

#include "base/error.h"

namespace frostline {

constexpr int kSoundRate = 16000; ///< Samples each second, after reading.

/// A WAV, FLAC or Ogg file as mono at 16 kHz, in -1..1: the mean of its channels, resampled by
/// libsamplerate's medium sinc (121 dB, 90 % of the band). Any thread may call it. Files of more than an
/// hour, of more than 64 channels, cut ones and those with no samples in them are errors that name the file.
Result<std::vector<float>> readSound(const std::filesystem::path& file);

} // namespace frostline
