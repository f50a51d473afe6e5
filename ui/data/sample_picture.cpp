#include "data/sample_picture.h"

#include <algorithm>
#include <vector>

#include <QTransform>

namespace frostline {

namespace {

QImage greyPicture(std::span<const std::uint8_t> bytes, int height, int width)
{
    return QImage(bytes.data(), width, height, width, QImage::Format_Grayscale8).copy();
}

QImage colourPicture(std::span<const std::uint8_t> bytes, int height, int width)
{
    const auto plane = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    QImage picture(width, height, QImage::Format_RGB888);
    std::size_t place = 0;
    for (int y = 0; y < height; ++y) {
        auto* out = picture.scanLine(y);
        for (int x = 0; x < width; ++x, ++place) {
            for (std::size_t channel = 0; channel < 3; ++channel)
                *out++ = bytes[channel * plane + place];
        }
    }
    return picture;
}

/// Values as bytes, the least 0 and the most 255.
std::vector<std::uint8_t> bytesOf(std::span<const float> values)
{
    const auto [least, most] = std::ranges::minmax(values);
    const float scale = most > least ? 255.0F / (most - least) : 0.0F;
    std::vector<std::uint8_t> bytes(values.size());
    std::ranges::transform(values, bytes.begin(), [least = least, scale](float value) {
        return static_cast<std::uint8_t>((value - least) * scale + 0.5F);
    });
    return bytes;
}

/// Rows are frames, columns bands: turned so that time runs to the right.
QImage spectrogram(const QImage& patch)
{
    return patch.transformed(QTransform().rotate(-90.0));
}

QImage valuesPicture(const DataSet& set, std::int64_t index)
{
    if (set.sampleSize() == 0)
        return {};
    const auto picture = pictureOf(bytesOf(set.valuesOf(index)), set.channels, set.height, set.width);
    return set.clips.empty() ? picture : spectrogram(picture);
}

} // namespace

QImage pictureOf(std::span<const std::uint8_t> bytes, int channels, int height, int width)
{
    return channels == 3 ? colourPicture(bytes, height, width) : greyPicture(bytes, height, width);
}

QImage pictureOf(const DataSet& set, std::int64_t index)
{
    if (!set.values.empty())
        return valuesPicture(set, index);
    if (!set.stream)
        return pictureOf(set.image(index), set.channels, set.height, set.width);
    std::vector<std::uint8_t> bytes(set.sampleSize());
    if (!set.stream->read(index, bytes))
        return {};
    return pictureOf(bytes, set.channels, set.height, set.width);
}

} // namespace frostline
