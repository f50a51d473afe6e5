#include "training/frozen_prefix.h"

#include <algorithm>
#include <cstring>

#include <torch/version.h>

#include "base/json.h"
#include "base/sha256.h"

namespace frostline {

namespace {

constexpr std::int64_t kRowStep = 32; ///< Kernels treat multiples of it alike.
constexpr std::int64_t kMostRows = 256;

std::int64_t rowsFor(std::int64_t batchSize)
{
    return std::min(kMostRows, (batchSize + kRowStep - 1) / kRowStep * kRowStep);
}

/// Architecture and options: what the weights' names and shapes do not tell of a stage.
std::string modelText(const ModelRecipe& model)
{
    Recipe recipe;
    recipe.model.architecture = model.architecture;
    recipe.model.options = model.options;
    return jsonText(toJson(recipe).at("model"));
}

std::span<std::byte> bytesOf(const torch::Tensor& tensor, std::int64_t row)
{
    const auto count = tensor.nbytes() / static_cast<std::size_t>(tensor.size(0));
    return {static_cast<std::byte*>(tensor.data_ptr()) + static_cast<std::size_t>(row) * count, count};
}

/// [m, ...] to [rows, ...]; what is added is zero.
torch::Tensor padded(const torch::Tensor& x, std::int64_t rows, torch::MemoryFormat format)
{
    if (x.size(0) == rows)
        return x;
    auto shape = x.sizes().vec();
    shape[0] = rows;
    auto all = torch::zeros(shape, x.options()).contiguous(format);
    all.narrow(0, 0, x.size(0)).copy_(x);
    return all;
}

} // namespace

FrozenPrefix::FrozenPrefix(Network& network, const Feeds& feeds, const Recipe& recipe,
                           std::shared_ptr<FeatureCache> cache, LogSink log)
    : m_network(&network),
      m_feeds(feeds),
      m_precision(recipe.compute.precision),
      m_isHalf(recipe.compute.halfFeatures),
      m_model(modelText(recipe.model)),
      m_rows(rowsFor(recipe.batchSize)),
      m_cache(std::move(cache)),
      m_log(std::move(log))
{
}

void FrozenPrefix::setCompute(const ComputeSettings& compute)
{
    m_compute = compute;
    m_isStale = true;
}

void FrozenPrefix::layersChanged(int line)
{
    m_line = line;
    m_isStale = true;
    m_remark = m_network->whole();
}

torch::MemoryFormat FrozenPrefix::formatOf(std::int64_t dimensions) const
{
    return dimensions == 4 && m_compute.format == MemoryFormat::ChannelsLast
               ? torch::MemoryFormat::ChannelsLast
               : torch::MemoryFormat::Contiguous;
}

torch::Tensor FrozenPrefix::forward(Split split, std::span<const std::int64_t> samples, std::size_t count)
{
    const auto wanted = samples.first(count);
    const auto later = samples.subspan(count);
    m_hasComputed = false;
    if (m_isStale)
        refresh();
    if (!isKept(split))
        return compute(split, wanted, later.first(std::min(count, later.size())));
    const torch::NoGradGuard guard;
    torch::Tensor batch;
    const auto* store = storeFor(split);
    std::vector<Row> missing = store ? readRows(split, wanted, batch) : allOf(wanted);
    if (!missing.empty()) {
        const auto next = addLater(split, missing, later);
        fill(split, std::move(missing), batch, next);
    }
    if (auto* kept = storeFor(split))
        kept->prefetch(later.first(std::min(count, later.size())));
    batch = batch.to(m_compute.device);
    return m_isHalf ? batch.to(torch::kFloat) : batch;
}

/// Whether what is computed of a split now can be of use again.
bool FrozenPrefix::isKept(Split split) const
{
    return m_line > 0 && m_cache->isEnabled() && m_remark.empty() && !m_feeds[split]->samples().isEndless();
}

torch::Tensor FrozenPrefix::images(Split split, std::span<const std::int64_t> samples,
                                   std::span<const std::int64_t> next)
{
    const auto images = m_feeds[split]->images(samples);
    if (!next.empty())
        m_feeds[split]->announce(next);
    return images.contiguous(formatOf(images.dim()));
}

torch::Tensor FrozenPrefix::compute(Split split, std::span<const std::int64_t> samples,
                                    std::span<const std::int64_t> next)
{
    if (m_line == 0)
        return images(split, samples, next);
    const torch::NoGradGuard guard;
    const auto features = computeFrom(0, split, samples, next);
    return m_isHalf ? features.to(torch::kFloat) : features;
}

/// From what the stages below `line` gave on, in passes of a fixed number of rows.
torch::Tensor FrozenPrefix::computeFrom(int line, Split split, std::span<const std::int64_t> samples,
                                        std::span<const std::int64_t> next)
{
    m_hasComputed = true;
    const auto pass = [this](std::span<const std::int64_t> all) {
        return all.first(std::min(all.size(), static_cast<std::size_t>(m_rows)));
    };
    std::vector<torch::Tensor> parts;
    while (!samples.empty()) {
        const auto some = pass(samples);
        samples = samples.subspan(some.size());
        const auto ahead = pass(samples.empty() ? next : samples);
        int first = line;
        auto x = input(split, some, line, ahead);
        if (!x.defined()) { // The file that held it is damaged.
            first = 0;
            x = input(split, some, 0, ahead);
        }
        auto y = m_network->forward(padded(x, m_rows, formatOf(x.dim())), first, m_line);
        if (m_isHalf)
            y = y.to(torch::kHalf);
        parts.push_back(y.contiguous(formatOf(y.dim())).narrow(0, 0, static_cast<std::int64_t>(some.size())));
    }
    return parts.size() == 1 ? parts.front() : torch::cat(parts);
}

/// Input of stage `line`; undefined where it was kept and can no longer be read.
torch::Tensor FrozenPrefix::input(Split split, std::span<const std::int64_t> samples, int line,
                                  std::span<const std::int64_t> next)
{
    if (line == 0)
        return images(split, samples, next);
    auto& level = *m_cache->find(line);
    auto batch = emptyBatch(level, static_cast<std::int64_t>(samples.size()));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (!level.stores[split]->read(samples[i], bytesOf(batch, static_cast<std::int64_t>(i))))
            return {};
    }
    return batch.to(m_compute.device);
}

torch::Tensor FrozenPrefix::emptyBatch(const FeatureCache::Level& level, std::int64_t count) const
{
    std::vector<std::int64_t> shape{count};
    shape.insert(shape.end(), level.sampleShape.begin(), level.sampleShape.end());
    return torch::empty(shape, torch::TensorOptions(static_cast<torch::ScalarType>(level.elementType)),
                        formatOf(static_cast<std::int64_t>(shape.size())));
}

/// Brings the cache in line with the network: what follows from other weights, or from weights that are free
/// to move now, is dropped.
void FrozenPrefix::refresh()
{
    m_isStale = false;
    if (!m_cache->isEnabled())
        return;
    std::vector<int> stale;
    for (const auto& level : m_cache->levels()) {
        if (level.line > m_line || level.key != keyOf(level.line))
            stale.push_back(level.line);
    }
    for (const int line : stale)
        m_cache->drop(line);
    if (m_line > 0 && !m_cache->find(m_line)) {
        m_cache->add(m_line, keyOf(m_line));
        m_isChecked = false;
    }
}

/// Everything that the output of the stages below `line` follows from.
std::string FrozenPrefix::keyOf(int line)
{
    if (m_dataKey.empty()) {
        Sha256 data;
        for (const auto* feed : m_feeds)
            feed->addTo(data);
        m_dataKey = data.finish();
    }
    Sha256 sum;
    sum.add(m_dataKey).add(m_model).add(TORCH_VERSION).add(m_compute.device.str());
    for (const auto number :
         {static_cast<std::int64_t>(line), m_rows, static_cast<std::int64_t>(m_compute.threads),
          static_cast<std::int64_t>(m_compute.format), static_cast<std::int64_t>(m_precision),
          static_cast<std::int64_t>(m_isHalf)})
        sum.add(&number, sizeof number);
    for (const auto& [name, tensor] : m_network->state(line)) {
        const auto values = tensor.detach().cpu().contiguous();
        sum.add(name).add(values.data_ptr(), values.nbytes());
    }
    return sum.finish();
}

FeatureStore* FrozenPrefix::storeFor(Split split)
{
    auto* level = m_cache->find(m_line);
    if (!level || !level->stores[split])
        return nullptr;
    auto& store = level->stores[split];
    if (store->isLost()) {
        tell(store->name() + " was removed; what it held is computed again");
        store.reset();
    }
    return store.get();
}

std::vector<FrozenPrefix::Row> FrozenPrefix::allOf(std::span<const std::int64_t> samples)
{
    std::vector<Row> rows;
    for (const auto sample : samples)
        rows.push_back({sample, static_cast<std::int64_t>(rows.size())});
    return rows;
}

/// Gives back what is not there.
std::vector<FrozenPrefix::Row> FrozenPrefix::readRows(Split split, std::span<const std::int64_t> samples,
                                                      torch::Tensor& batch)
{
    std::vector<Row> missing;
    std::size_t damaged = 0;
    auto& level = *m_cache->find(m_line);
    auto& store = *level.stores[split];
    batch = emptyBatch(level, static_cast<std::int64_t>(samples.size()));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto place = static_cast<std::int64_t>(i);
        const bool wasThere = store.has(samples[i]);
        if (store.read(samples[i], bytesOf(batch, place)))
            continue;
        missing.push_back({samples[i], place});
        damaged += wasThere ? 1 : 0;
    }
    if (damaged > 0)
        tell(store.name() + " is damaged; " + std::to_string(damaged) +
             (damaged == 1 ? " sample is" : " samples are") + " computed again");
    return missing;
}

/// A pass costs the same however many of its rows are filled up: the rest is taken by samples to come.
/// Gives back whose images the pass after it will need, where it is of use to know that.
std::vector<std::int64_t> FrozenPrefix::addLater(Split split, std::vector<Row>& rows,
                                                 std::span<const std::int64_t> later)
{
    const auto perPass = static_cast<std::size_t>(m_rows);
    const auto perNext = m_feeds[split]->preparesAhead() ? perPass : 0;
    const auto* store = storeFor(split);
    std::vector<std::int64_t> next;
    for (const auto sample : later) {
        const bool isFull = rows.size() % perPass == 0;
        if (isFull && next.size() >= perNext)
            break;
        if (store && store->has(sample))
            continue;
        if (!isFull)
            rows.push_back({sample, kNotInBatch});
        else if (sourceOf(split, sample) == 0)
            next.push_back(sample);
    }
    return next;
}

/// The highest line from which this sample can go on: 0 is its image.
int FrozenPrefix::sourceOf(Split split, std::int64_t sample) const
{
    if (m_isHalf)
        return 0; // Rounded on the way, it would come out otherwise.
    int source = 0;
    for (const auto& level : m_cache->levels()) {
        const auto& store = level.stores[split];
        if (level.line < m_line && store && store->has(sample))
            source = level.line;
    }
    return source;
}

void FrozenPrefix::fill(Split split, std::vector<Row> rows, torch::Tensor& batch,
                        std::span<const std::int64_t> next)
{
    const auto count = std::ranges::count_if(rows, [](const Row& row) { return row.place != kNotInBatch; });
    const auto source = [&](const Row& row) { return sourceOf(split, row.sample); };
    std::ranges::stable_sort(rows, {}, source);
    for (auto from = rows.begin(); from != rows.end();) {
        const int line = source(*from);
        const auto to = std::find_if(from, rows.end(), [&](const Row& row) { return source(row) != line; });
        const std::span<const Row> some(from, to);
        std::vector<std::int64_t> samples;
        std::ranges::transform(some, std::back_inserter(samples), &Row::sample);
        const auto features = computeFrom(line, split, samples, next).cpu();
        if (!batch.defined()) {
            auto shape = features.sizes().vec();
            shape[0] = count;
            batch = torch::empty(shape, features.options(), formatOf(features.dim()));
        }
        for (std::size_t i = 0; i < some.size(); ++i) {
            if (some[i].place != kNotInBatch)
                std::ranges::copy(bytesOf(features, static_cast<std::int64_t>(i)),
                                  bytesOf(batch, some[i].place).begin());
        }
        keep(line, split, features, samples);
        from = to;
    }
}

void FrozenPrefix::keep(int source, Split split, const torch::Tensor& features,
                        std::span<const std::int64_t> samples)
{
    if (!m_remark.empty())
        return;
    if (!isIndependentOfPlace(source, split, features, samples))
        return giveUp("this machine computes a sample's features differently in another place of a batch");
    auto& level = *m_cache->find(m_line);
    if (!level.stores[split]) {
        level.sampleShape.assign(features.sizes().begin() + 1, features.sizes().end());
        level.elementType = static_cast<int>(features.scalar_type());
        const auto& prepared = m_feeds[split]->samples();
        const auto made = m_cache->makeStore(level, split, prepared.size() * prepared.rounds(),
                                             static_cast<std::int64_t>(bytesOf(features, 0).size()));
        if (!made)
            return giveUp(made.error().message);
    }
    auto& store = *m_cache->find(m_line)->stores[split];
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (const auto kept = store.write(samples[i], bytesOf(features, static_cast<std::int64_t>(i))); !kept)
            return giveUp(kept.error().message);
    }
}

/// Tried out once for each frost line, in the opposite order: what is kept has to be what would be computed.
bool FrozenPrefix::isIndependentOfPlace(int source, Split split, const torch::Tensor& features,
                                        std::span<const std::int64_t> samples)
{
    const auto count = std::min(static_cast<std::int64_t>(samples.size()), m_rows);
    if (m_isChecked || count < 2)
        return true;
    m_isChecked = true;
    std::vector<std::int64_t> reversed(samples.begin(), samples.begin() + count);
    std::ranges::reverse(reversed);
    const auto again = computeFrom(source, split, reversed, {}).cpu();
    return torch::equal(again.flip(0), features.narrow(0, 0, count));
}

void FrozenPrefix::giveUp(const std::string& why)
{
    m_remark = why;
    m_cache->drop(m_line);
    tell("What lies below the frost line is computed for each batch: " + why);
}

void FrozenPrefix::tell(const std::string& what) const
{
    if (m_log)
        m_log(LogLevel::Warning, what);
}

FeatureReport FrozenPrefix::report() const
{
    FeatureReport report;
    const auto& train = m_feeds[FeatureCache::Train]->samples();
    report.line = m_line;
    report.remark = m_remark;
    if (m_cache->isEnabled() && m_remark.empty() && train.isEndless())
        report.remark = "training samples are augmented anew in each epoch; ask for fixed views to keep them";
    report.isEnabled = m_cache->isEnabled() && report.remark.empty();
    report.views = train.rounds();
    for (const auto* feed : m_feeds)
        report.samples += feed->size() * feed->samples().rounds();
    report.memoryBytes = m_cache->memoryBytes();
    report.fileBytes = m_cache->fileBytes();
    const auto* level = m_cache->find(m_line);
    for (int split = 0; level && split < FeatureCache::SplitCount; ++split) {
        if (const auto& store = level->stores[static_cast<std::size_t>(split)]) {
            report.cachedSamples += store->rowsThere();
            report.sampleBytes = store->rowBytes();
        }
    }
    return report;
}

} // namespace frostline
