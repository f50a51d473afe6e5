#include "data/batch_feed.h"

#include <ATen/Parallel.h>

namespace frostline {

BatchFeed::BatchFeed(const ImageSet& images, const std::vector<double>& mean,
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

Batch BatchFeed::batch(std::span<const std::int64_t> indices) const
{
    const auto count = static_cast<std::int64_t>(indices.size());
    auto images = torch::empty({count, m_images->channels, m_images->height, m_images->width});
    auto labels = torch::empty({count}, torch::kLong);
    auto* target = images.data_ptr<float>();
    auto* label = labels.data_ptr<std::int64_t>();
    const auto plane = static_cast<std::size_t>(m_images->height * m_images->width);
    at::parallel_for(0, count, 16, [&](std::int64_t from, std::int64_t to) {
        for (auto n = from; n < to; ++n) {
            const auto index = indices[static_cast<std::size_t>(n)];
            const auto image = m_images->image(index);
            auto* out = target + static_cast<std::size_t>(n) * image.size();
            for (std::size_t channel = 0; channel < m_scale.size(); ++channel) {
                const float scale = m_scale[channel];
                const float shift = m_shift[channel];
                for (auto i = channel * plane; i < (channel + 1) * plane; ++i)
                    out[i] = static_cast<float>(image[i]) * scale + shift;
            }
            label[n] = m_images->labels[static_cast<std::size_t>(index)];
        }
    });
    return {images.to(m_device), labels.to(m_device)};
}

} // namespace frostline
