#pragma once

#include <cstdint>
#include <span>

#include <QImage>

#include "data/data_set.h"

namespace frostline {

/// An image's bytes, [C, H, W], as a picture: grey for one channel, colours for three.
QImage pictureOf(std::span<const std::uint8_t> bytes, int channels, int height, int width);

/// One sample of a set as a picture. Values are shown from their least, dark, to their most, light; a log-mel
/// patch with time to the right and low tones below. An image that cannot be read is an empty picture.
QImage pictureOf(const DataSet& set, std::int64_t index);

} // namespace frostline
