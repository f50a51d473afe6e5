#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace frostline {

/// Labelled images as bytes, all of one size. Torch-free; immutable once built, so threads may share it.
struct ImageSet {
    int channels = 1;
    int height = 0;
    int width = 0;
    std::vector<std::uint8_t> pixels; ///< [N, C, H, W]
    std::vector<std::int64_t> labels; ///< [N], each below classNames.size()
    std::vector<std::string> classNames;

    std::int64_t size() const { return static_cast<std::int64_t>(labels.size()); }
    std::size_t imageBytes() const { return static_cast<std::size_t>(channels * height * width); }
    std::span<const std::uint8_t> image(std::int64_t index) const
    {
        return std::span(pixels).subspan(static_cast<std::size_t>(index) * imageBytes(), imageBytes());
    }
    /// How many images each class has.
    std::vector<std::int64_t> classCounts() const;
};

/// The splits of a recipe's data. `test` may be empty where the source has none.
struct ImageSplits {
    ImageSet train;
    ImageSet validation;
    ImageSet test;
};

} // namespace frostline
