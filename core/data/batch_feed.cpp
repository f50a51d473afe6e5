#include "data/batch_feed.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "base/sha256.h"

namespace frostline {

namespace {

constexpr std::int64_t kGrain = 16; ///< Samples that are worth a thread.

} // namespace

BatchFeed::BatchFeed(const SamplePreparer& samples, const std::vector<double>& mean,
                     const std::vector<double>& deviation, torch::Device device)
    : m_samples(samples),
      m_device(device)
{
    const double one = samples.areImages() ? 255.0 : 1.0;
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(samples.channels()); ++channel) {
        const auto i = mean.size() == 1 ? 0 : channel;
        m_scale.push_back(static_cast<float>(1.0 / (one * deviation[i])));
        m_shift.push_back(static_cast<float>(-mean[i] / deviation[i]));
    }
    if (samples.areImages() && !samples.isPlain())
        m_ahead = std::make_unique<BatchPreparer>(samples);
}

/// Memory from which a GPU copies while the processor goes on.
torch::TensorOptions BatchFeed::pinned() const
{
    return torch::TensorOptions().pinned_memory(m_device.is_cuda());
}

torch::Tensor BatchFeed::images(std::span<const std::int64_t> samples) const
{
    const auto count = static_cast<std::int64_t>(samples.size());
    auto images =
        torch::empty({count, m_samples.channels(), m_samples.height(), m_samples.width()}, pinned());
    if (m_samples.areImages())
        fillImages(samples, images.data_ptr<float>());
    else
        fillValues(samples, images.data_ptr<float>());
    return images.to(m_device, true);
}

/// One sample; `out` may be where it lies.
template <class Value>
void BatchFeed::normalise(const Value* values, float* out) const
{
    const auto plane = m_samples.sampleSize() / m_scale.size();
    for (std::size_t channel = 0; channel < m_scale.size(); ++channel) {
        const float scale = m_scale[channel];
        const float shift = m_shift[channel];
        for (auto i = channel * plane; i < (channel + 1) * plane; ++i)
            out[i] = static_cast<float>(values[i]) * scale + shift;
    }
}

void BatchFeed::fillImages(std::span<const std::int64_t> samples, float* out) const
{
    const auto size = m_samples.sampleSize();
    const auto prepared = m_ahead ? m_ahead->take(samples) : nullptr;
    at::parallel_for(
        0, static_cast<std::int64_t>(samples.size()), kGrain, [&](std::int64_t from, std::int64_t to) {
            for (auto n = static_cast<std::size_t>(from); n < static_cast<std::size_t>(to); ++n) {
                const auto* image = prepared ? prepared.get() + n * size
                                             : m_samples.set().image(m_samples.indexOf(samples[n])).data();
                normalise(image, out + n * size);
            }
        });
}

void BatchFeed::fillValues(std::span<const std::int64_t> samples, float* out) const
{
    const auto size = m_samples.sampleSize();
    at::parallel_for(
        0, static_cast<std::int64_t>(samples.size()), kGrain, [&](std::int64_t from, std::int64_t to) {
            for (auto n = static_cast<std::size_t>(from); n < static_cast<std::size_t>(to); ++n) {
                auto* place = out + n * size;
                m_samples.values(samples[n], {place, size});
                normalise(place, place);
            }
        });
}

void BatchFeed::announce(std::span<const std::int64_t> samples) const
{
    if (m_ahead)
        m_ahead->announce(samples);
}

torch::Tensor BatchFeed::labels(std::span<const std::int64_t> samples) const
{
    auto labels = torch::empty({static_cast<std::int64_t>(samples.size())}, pinned().dtype(torch::kLong));
    std::ranges::transform(samples, labels.data_ptr<std::int64_t>(), [this](std::int64_t sample) {
        return m_samples.set().labels[static_cast<std::size_t>(m_samples.indexOf(sample))];
    });
    return labels.to(m_device, true);
}

torch::Tensor BatchFeed::targets(std::span<const std::int64_t> samples) const
{
    const auto& set = m_samples.set();
    auto shape = set.targetShape;
    shape.insert(shape.begin(), static_cast<std::int64_t>(samples.size()));
    auto targets = torch::empty(shape, pinned());
    const auto width = static_cast<std::int64_t>(set.targets.size()) / set.size();
    auto* out = targets.data_ptr<float>();
    for (const auto sample : samples)
        out = std::copy_n(set.targets.begin() + m_samples.indexOf(sample) * width, width, out);
    return targets.to(m_device, true);
}

void BatchFeed::addTo(Sha256& sum) const
{
    m_samples.addTo(sum);
    sum.add(m_scale.data(), m_scale.size() * sizeof(float))
        .add(m_shift.data(), m_shift.size() * sizeof(float));
}

} // namespace frostline
