#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"

namespace frostline {

/// Images that are read when they are asked for, all of one size. Any thread may call it.
class ImageStream {
public:
    virtual ~ImageStream() = default;
    /// Pixels [C, H, W] of one image. An error names its file.
    virtual Status read(std::int64_t index, std::span<std::uint8_t> pixels) const = 0;
    /// The file that an image is read from; empty where there is none.
    virtual std::filesystem::path file(std::int64_t index) const = 0;
    /// The images at `indices`, in that order.
    virtual std::shared_ptr<const ImageStream> subset(const std::vector<std::int64_t>& indices) const = 0;
};

/// Samples of one shape and what is to be learned of them. Torch-free; immutable once built, so threads may
/// share it. The samples are in one of `pixels`, `values` and `stream`; the other two are empty.
struct DataSet {
    int channels = 1;
    int height = 0;
    int width = 0;
    std::vector<std::uint8_t> pixels;          ///< [N, C, H, W]: images.
    std::vector<float> values;                 ///< [N, C, H, W]: log-mel patches, tensors.
    std::shared_ptr<const ImageStream> stream; ///< Images that do not fit into memory.
    /// [N], each below classNames.size(). Data without classes have one, called `all`.
    std::vector<std::int64_t> labels;
    std::vector<std::string> classNames;
    std::vector<float> targets;            ///< [N, targetShape...]: for Task::Values; empty otherwise.
    std::vector<std::int64_t> targetShape; ///< Of one sample.
    std::vector<std::string> origins;      ///< [N], the file of each sample; empty where it has none.
    std::vector<std::int64_t> clips;       ///< [N], the recording that a patch is part of; empty otherwise.

    std::int64_t size() const { return static_cast<std::int64_t>(labels.size()); }
    /// Values of one sample.
    std::size_t sampleSize() const { return static_cast<std::size_t>(channels * height * width); }
    /// An image held in memory.
    std::span<const std::uint8_t> image(std::int64_t index) const
    {
        return std::span(pixels).subspan(static_cast<std::size_t>(index) * sampleSize(), sampleSize());
    }
    std::span<const float> valuesOf(std::int64_t index) const
    {
        return std::span(values).subspan(static_cast<std::size_t>(index) * sampleSize(), sampleSize());
    }
    /// How many samples each class has.
    std::vector<std::int64_t> classCounts() const;
};

/// The samples at `indices`, in that order.
DataSet subset(const DataSet& set, const std::vector<std::int64_t>& indices);

/// The splits of a recipe's data. `test` may be empty where the source has none.
struct DataSplits {
    DataSet train;
    DataSet validation;
    DataSet test;
};

} // namespace frostline
