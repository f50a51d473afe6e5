#pragma once

#include <cstdint>
#include <span>

#include "base/random.h"
#include "training/data_recipe.h"

namespace frostline {

/// One sample, [C, H, W], in somebody else's memory.
template <class Value>
struct SampleView {
    std::span<Value> data;
    int channels;
    int height;
    int width;

    std::span<Value> plane(int channel) const
    {
        const auto size = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
        return data.subspan(static_cast<std::size_t>(channel) * size, size);
    }
    std::span<Value> row(int channel, int y) const
    {
        const auto size = static_cast<std::size_t>(width);
        return plane(channel).subspan(static_cast<std::size_t>(y) * size, size);
    }
};
using ImageView = SampleView<std::uint8_t>;
using PatchView = SampleView<float>;

/// Which variant of every sample an epoch, counted from 1, trains on: 0 without augmentation, one of the
/// fixed views, or one of its own.
std::int64_t roundOf(const AugmentRecipe& augment, int epoch);

struct CropBox {
    int top;
    int left;
    int height;
    int width;

    bool operator==(const CropBox&) const = default;
};

/// Where torchvision's RandomResizedCrop would cut an image: a share of its area from `smallestShare` to 1,
/// width by height from 3/4 to 4/3. After ten that do not fit, the largest in the middle that does.
CropBox randomCrop(RandomStream& random, int height, int width, double smallestShare);

/// Moves an image; what comes in from the border is 0.
void shiftImage(const ImageView& image, int down, int right);
void flipImage(const ImageView& image);

// Colours, by torchvision's formulas for bytes. A factor of 1, or a turn of 0, changes nothing.
void adjustBrightness(const ImageView& image, double factor);
/// Towards the mean of the image as grey.
void adjustContrast(const ImageView& image, double factor);
/// Towards grey. Images of three channels only; others stay as they are.
void adjustSaturation(const ImageView& image, double factor);
/// By a share of the circle, -0.5 to 0.5. Images of three channels only; others stay as they are.
void adjustHue(const ImageView& image, double turn);

/// Frames are rows, frequencies are columns.
void maskFrames(const PatchView& patch, int first, int count, float value);
void maskFrequencies(const PatchView& patch, int first, int count, float value);

/// What the recipe asks for after a crop, in this order: shift, flip, brightness, contrast, saturation, hue.
void augmentImage(const ImageView& image, const AugmentRecipe& augment, RandomStream& random);
/// A band of frames and one of frequencies, filled with the patch's mean (SpecAugment, Park et al. 2019).
void augmentPatch(const PatchView& patch, const AugmentRecipe& augment, RandomStream& random);

} // namespace frostline
