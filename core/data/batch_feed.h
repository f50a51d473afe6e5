#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <torch/types.h>

#include "data/batch_preparer.h"
#include "data/prepare.h"

namespace frostline {

class Sha256;

/// Gathers samples by their ids, which SamplePreparer explains, and normalises them on the way. The set must
/// outlive the feed. Belongs to the thread that trains.
class BatchFeed {
public:
    /// (value - mean) / deviation, where bytes of images count as value / 255; one value for all channels, or
    /// one for each.
    BatchFeed(const SamplePreparer& samples, const std::vector<double>& mean,
              const std::vector<double>& deviation, torch::Device device);

    const SamplePreparer& samples() const { return m_samples; }
    std::int64_t size() const { return m_samples.size(); }

    /// [N, C, H, W], float, normalised. Throws what kept an image from being read.
    torch::Tensor images(std::span<const std::int64_t> samples) const;
    /// [N], 64-bit.
    torch::Tensor labels(std::span<const std::int64_t> samples) const;
    /// What goes with the samples, [N, ...], float. Only of sets that have targets.
    torch::Tensor targets(std::span<const std::int64_t> samples) const;

    /// Whether announce() is of use: images take time to prepare.
    bool preparesAhead() const { return m_ahead != nullptr; }
    /// What images() will be asked for next. It is prepared in the background.
    void announce(std::span<const std::int64_t> samples) const;

    /// All that images() follows from.
    void addTo(Sha256& sum) const;

private:
    torch::TensorOptions pinned() const;
    void fillImages(std::span<const std::int64_t> samples, float* out) const;
    void fillValues(std::span<const std::int64_t> samples, float* out) const;
    template <class Value>
    void normalise(const Value* values, float* out) const;

    SamplePreparer m_samples;
    std::vector<float> m_scale; ///< For each channel.
    std::vector<float> m_shift;
    torch::Device m_device;
    std::unique_ptr<BatchPreparer> m_ahead; ///< Where images are not given as they lie in memory.
};

} // namespace frostline
