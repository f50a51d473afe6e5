#include "data/batch_feed.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "base/sha256.h"

namespace frostline {

namespace {

constexpr std::int64_t kGrain = 16; ///< Images that are worth a thread.

} // namespace

BatchFeed::BatchFeed(const DataSet& images, const std::vector<double>& mean,
                     const std::vector<double>& deviation, torch::Device device)
    : m_images(&images),
      m_device(device)
{
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(images.channels); ++channel) {
        const auto i = mean.size() == 1 ? 0 : channel;
        m_scale.push_back(static_cast<float>(1.0 / (255.0 * deviation[i])));
        m_shift.push_back(static_cast<float>(-mean[i] / deviation[i]));
    }
}

/// Memory from which a GPU copies while the processor goes on.
torch::TensorOptions BatchFeed::pinned() const
{
    return torch::TensorOptions().pinned_memory(m_device.is_cuda());
}

torch::Tensor BatchFeed::images(std::span<const std::int64_t> indices) const
{
    const auto count = static_cast<std::int64_t>(indices.size());
    auto images = torch::empty({count, m_images->channels, m_images->height, m_images->width}, pinned());
    auto* target = images.data_ptr<float>();
    const auto plane = static_cast<std::size_t>(m_images->height * m_images->width);
    at::parallel_for(0, count, kGrain, [&](std::int64_t from, std::int64_t to) {
        for (auto n = from; n < to; ++n) {
            const auto image = m_images->image(indices[static_cast<std::size_t>(n)]);
            auto* out = target + static_cast<std::size_t>(n) * image.size();
            for (std::size_t channel = 0; channel < m_scale.size(); ++channel) {
                const float scale = m_scale[channel];
                const float shift = m_shift[channel];
                for (auto i = channel * plane; i < (channel + 1) * plane; ++i)
                    out[i] = static_cast<float>(image[i]) * scale + shift;
            }
        }
    });
    return images.to(m_device, true);
}

torch::Tensor BatchFeed::labels(std::span<const std::int64_t> indices) const
{
    auto labels = torch::empty({static_cast<std::int64_t>(indices.size())}, pinned().dtype(torch::kLong));
    std::ranges::transform(indices, labels.data_ptr<std::int64_t>(), [this](std::int64_t index) {
        return m_images->labels[static_cast<std::size_t>(index)];
    });
    return labels.to(m_device, true);
}

void BatchFeed::addTo(Sha256& sum) const
{
    const std::int64_t shape[] = {m_images->size(), m_images->channels, m_images->height, m_images->width};
    sum.add(shape, sizeof shape).add(m_images->pixels.data(), m_images->pixels.size());
    sum.add(m_scale.data(), m_scale.size() * sizeof(float))
        .add(m_shift.data(), m_shift.size() * sizeof(float));
}

} // namespace frostline
