#include "data/augment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace frostline {

namespace {

constexpr double kNarrowest = 3.0 / 4.0; ///< Width by height of a crop.
constexpr double kWidest = 4.0 / 3.0;
constexpr int kTries = 10;
constexpr float kMost = 255.0f;

/// As torch turns floats into bytes: what stands after the point is dropped.
std::uint8_t byteOf(float value)
{
    return static_cast<std::uint8_t>(std::clamp(value, 0.0f, kMost));
}

std::uint8_t greyOf(std::uint8_t red, std::uint8_t green, std::uint8_t blue)
{
    return static_cast<std::uint8_t>(0.2989f * static_cast<float>(red) + 0.587f * static_cast<float>(green) +
                                     0.114f * static_cast<float>(blue));
}

/// Mixes every value with one that is the same everywhere.
void blend(std::span<std::uint8_t> pixels, double factor, float other)
{
    const auto own = static_cast<float>(factor);
    const float added = static_cast<float>(1.0 - factor) * other;
    std::array<std::uint8_t, 256> blended{};
    for (std::size_t value = 0; value < blended.size(); ++value)
        blended[value] = byteOf(own * static_cast<float>(value) + added);
    for (auto& pixel : pixels)
        pixel = blended[pixel];
}

double meanGrey(const ImageView& image)
{
    std::uint64_t sum = 0;
    std::size_t count = image.data.size();
    if (image.channels == 3) {
        const auto red = image.plane(0);
        const auto green = image.plane(1);
        const auto blue = image.plane(2);
        count = red.size();
        for (std::size_t i = 0; i < count; ++i)
            sum += greyOf(red[i], green[i], blue[i]);
    } else {
        sum = std::accumulate(image.data.begin(), image.data.end(), std::uint64_t{0});
    }
    return static_cast<double>(sum) / static_cast<double>(count);
}

struct Colour {
    float red;
    float green;
    float blue;
};

/// Hue of a colour that is not grey, 0 to 1; `range` is its largest value less its smallest.
float hueOf(const Colour& colour, float largest, float range)
{
    const float red = (largest - colour.red) / range;
    const float green = (largest - colour.green) / range;
    const float blue = (largest - colour.blue) / range;
    const float sixths = largest == colour.red     ? blue - green
                         : largest == colour.green ? 2.0f + red - blue
                                                   : 4.0f + green - red;
    return std::fmod(sixths / 6.0f + 1.0f, 1.0f);
}

Colour colourOf(float hue, float saturation, float value)
{
    const float sixths = std::floor(hue * 6.0f);
    const float rest = hue * 6.0f - sixths;
    const float p = std::clamp(value * (1.0f - saturation), 0.0f, 1.0f);
    const float q = std::clamp(value * (1.0f - saturation * rest), 0.0f, 1.0f);
    const float t = std::clamp(value * (1.0f - saturation * (1.0f - rest)), 0.0f, 1.0f);
    switch (static_cast<int>(sixths) % 6) {
    case 0:
        return {value, t, p};
    case 1:
        return {q, value, p};
    case 2:
        return {p, value, t};
    case 3:
        return {p, q, value};
    case 4:
        return {t, p, value};
    default:
        return {value, p, q};
    }
}

Colour turned(const Colour& colour, float turn)
{
    const float largest = std::max({colour.red, colour.green, colour.blue});
    const float range = largest - std::min({colour.red, colour.green, colour.blue});
    if (range == 0.0f)
        return colour;
    const float hue = hueOf(colour, largest, range) + turn;
    return colourOf(hue - std::floor(hue), range / largest, largest);
}

double factorOf(RandomStream& random, double strength)
{
    return random.between(std::max(0.0, 1.0 - strength), 1.0 + strength);
}

} // namespace

std::int64_t roundOf(const AugmentRecipe& augment, int epoch)
{
    if (augment.isNone())
        return 0;
    return augment.views > 0 ? (epoch - 1) % augment.views : epoch - 1;
}

CropBox randomCrop(RandomStream& random, int height, int width, double smallestShare)
{
    const double area = static_cast<double>(height) * width;
    for (int i = 0; i < kTries; ++i) {
        const double wanted = area * random.between(smallestShare, 1.0);
        const double aspect = std::exp(random.between(std::log(kNarrowest), std::log(kWidest)));
        const auto w = static_cast<int>(std::nearbyint(std::sqrt(wanted * aspect)));
        const auto h = static_cast<int>(std::nearbyint(std::sqrt(wanted / aspect)));
        if (w < 1 || w > width || h < 1 || h > height)
            continue;
        const auto top = static_cast<int>(random.upTo(height - h));
        return {top, static_cast<int>(random.upTo(width - w)), h, w};
    }
    const double aspect = static_cast<double>(width) / height;
    int w = width;
    int h = height;
    if (aspect < kNarrowest)
        h = static_cast<int>(std::nearbyint(width / kNarrowest));
    else if (aspect > kWidest)
        w = static_cast<int>(std::nearbyint(height * kWidest));
    return {(height - h) / 2, (width - w) / 2, h, w};
}

void shiftImage(const ImageView& image, int down, int right)
{
    if (down == 0 && right == 0)
        return;
    const int kept = std::max(0, image.width - std::abs(right));
    for (int channel = 0; channel < image.channels; ++channel) {
        for (int i = 0; i < image.height; ++i) {
            // Rows are moved in the order in which none is written before it is read.
            const int y = down > 0 ? image.height - 1 - i : i;
            const auto out = image.row(channel, y);
            const int from = y - down;
            if (from < 0 || from >= image.height || kept == 0) {
                std::ranges::fill(out, std::uint8_t{0});
                continue;
            }
            const auto in = image.row(channel, from);
            const auto size = static_cast<std::size_t>(kept);
            if (right > 0) {
                std::copy_backward(in.begin(), in.begin() + kept, out.end());
                std::ranges::fill(out.first(out.size() - size), std::uint8_t{0});
            } else {
                std::copy(in.end() - kept, in.end(), out.begin());
                std::ranges::fill(out.subspan(size), std::uint8_t{0});
            }
        }
    }
}

void flipImage(const ImageView& image)
{
    for (int channel = 0; channel < image.channels; ++channel) {
        for (int y = 0; y < image.height; ++y)
            std::ranges::reverse(image.row(channel, y));
    }
}

void adjustBrightness(const ImageView& image, double factor)
{
    blend(image.data, factor, 0.0f);
}

void adjustContrast(const ImageView& image, double factor)
{
    blend(image.data, factor, static_cast<float>(meanGrey(image)));
}

void adjustSaturation(const ImageView& image, double factor)
{
    if (image.channels != 3)
        return;
    const auto own = static_cast<float>(factor);
    const auto other = static_cast<float>(1.0 - factor);
    const auto red = image.plane(0);
    const auto green = image.plane(1);
    const auto blue = image.plane(2);
    for (std::size_t i = 0; i < red.size(); ++i) {
        const float added = other * static_cast<float>(greyOf(red[i], green[i], blue[i]));
        red[i] = byteOf(own * static_cast<float>(red[i]) + added);
        green[i] = byteOf(own * static_cast<float>(green[i]) + added);
        blue[i] = byteOf(own * static_cast<float>(blue[i]) + added);
    }
}

void adjustHue(const ImageView& image, double turn)
{
    if (image.channels != 3 || turn == 0.0)
        return;
    // Torch scales so that each byte has an equal share of 0 to 1.
    constexpr float kScale = 255.999f;
    const auto red = image.plane(0);
    const auto green = image.plane(1);
    const auto blue = image.plane(2);
    for (std::size_t i = 0; i < red.size(); ++i) {
        const auto colour = turned({static_cast<float>(red[i]) / kMost, static_cast<float>(green[i]) / kMost,
                                    static_cast<float>(blue[i]) / kMost},
                                   static_cast<float>(turn));
        red[i] = static_cast<std::uint8_t>(colour.red * kScale);
        green[i] = static_cast<std::uint8_t>(colour.green * kScale);
        blue[i] = static_cast<std::uint8_t>(colour.blue * kScale);
    }
}

void maskFrames(const PatchView& patch, int first, int count, float value)
{
    for (int channel = 0; channel < patch.channels; ++channel) {
        for (int y = first; y < first + count; ++y)
            std::ranges::fill(patch.row(channel, y), value);
    }
}

void maskFrequencies(const PatchView& patch, int first, int count, float value)
{
    for (int channel = 0; channel < patch.channels; ++channel) {
        for (int y = 0; y < patch.height; ++y) {
            const auto row = patch.row(channel, y);
            std::ranges::fill(row.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
                              value);
        }
    }
}

void augmentImage(const ImageView& image, const AugmentRecipe& augment, RandomStream& random)
{
    if (augment.shift > 0) {
        const auto down = static_cast<int>(random.upTo(2 * augment.shift) - augment.shift);
        shiftImage(image, down, static_cast<int>(random.upTo(2 * augment.shift) - augment.shift));
    }
    if (augment.flip > 0.0 && random.between(0.0, 1.0) < augment.flip)
        flipImage(image);
    if (augment.brightness > 0.0)
        adjustBrightness(image, factorOf(random, augment.brightness));
    if (augment.contrast > 0.0)
        adjustContrast(image, factorOf(random, augment.contrast));
    if (augment.saturation > 0.0)
        adjustSaturation(image, factorOf(random, augment.saturation));
    if (augment.hue > 0.0)
        adjustHue(image, random.between(-augment.hue, augment.hue));
}

void augmentPatch(const PatchView& patch, const AugmentRecipe& augment, RandomStream& random)
{
    const double sum = std::accumulate(patch.data.begin(), patch.data.end(), 0.0);
    const auto mean = static_cast<float>(sum / static_cast<double>(patch.data.size()));
    if (augment.timeMask > 0) {
        const auto count = static_cast<int>(random.upTo(augment.timeMask));
        maskFrames(patch, static_cast<int>(random.upTo(patch.height - count)), count, mean);
    }
    if (augment.frequencyMask > 0) {
        const auto count = static_cast<int>(random.upTo(augment.frequencyMask));
        maskFrequencies(patch, static_cast<int>(random.upTo(patch.width - count)), count, mean);
    }
}

} // namespace frostline
