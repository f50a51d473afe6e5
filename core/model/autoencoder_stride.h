#pragma once

namespace frostline {

/// The autoencoder halves height and width twice and doubles them again: what it gives back is as large as
/// what it got only where both are multiples of this.
inline constexpr int kAutoencoderStride = 4;

} // namespace frostline
