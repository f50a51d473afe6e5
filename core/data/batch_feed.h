#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <torch/types.h>

#include "data/data_set.h"

namespace frostline {

class Sha256;

/// Gathers images by index and normalises them on the way. The set must outlive the feed.
class BatchFeed {
public:
    /// (value / 255 - mean) / deviation; one value for all channels, or one for each.
    BatchFeed(const DataSet& images, const std::vector<double>& mean, const std::vector<double>& deviation,
              torch::Device device);

    /// [N, C, H, W], float, normalised.
    torch::Tensor images(std::span<const std::int64_t> indices) const;
    /// [N], 64-bit.
    torch::Tensor labels(std::span<const std::int64_t> indices) const;
    /// All that images() follows from.
    void addTo(Sha256& sum) const;
    std::int64_t size() const { return m_images->size(); }

private:
    torch::TensorOptions pinned() const;

    const DataSet* m_images;
    std::vector<float> m_scale; ///< For each channel.
    std::vector<float> m_shift;
    torch::Device m_device;
};

} // namespace frostline
