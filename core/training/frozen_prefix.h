#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/log.h"
#include "data/batch_feed.h"
#include "model/network.h"
#include "training/compute_recipe.h"
#include "training/cost.h"
#include "training/feature_cache.h"
#include "training/recipe.h"

namespace frostline {

/// How a trainer computes; what its last bits depend on beside recipe and seed.
struct ComputeSettings {
    torch::Device device = torch::kCPU;
    int threads = 1;
    MemoryFormat format = MemoryFormat::Contiguous;
};

/// The stages below the frost line. They run without recording, always on the same number of rows, filled up
/// with zeros: the last bit of some kernels depends on that number, and a sample's features must not depend
/// on the batch that it happens to be in. So what is kept of them equals what would be computed, to the byte.
/// Belongs to the thread that trains.
class FrozenPrefix {
public:
    using Split = FeatureCache::Split;
    using Feeds = std::array<const BatchFeed*, FeatureCache::SplitCount>;

    FrozenPrefix(Network& network, const Feeds& feeds, const Recipe& recipe,
                 std::shared_ptr<FeatureCache> cache, LogSink log);

    void setCompute(const ComputeSettings& compute);
    /// To be called where the frost line, or weights below it, may have changed.
    void layersChanged(int line);

    int line() const { return m_line; }
    /// Input of the stage at the frost line for the first `count` samples, [count, ...]. What is missing of
    /// the others may be computed along with them.
    torch::Tensor forward(Split split, std::span<const std::int64_t> samples, std::size_t count);
    /// The same, computed now, with nothing kept. `next` is what will be asked for after it.
    torch::Tensor compute(Split split, std::span<const std::int64_t> samples,
                          std::span<const std::int64_t> next = {});

    /// Whether the last forward() had to compute something.
    bool hasComputed() const { return m_hasComputed; }
    FeatureReport report() const;

private:
    static constexpr std::int64_t kNotInBatch = -1;
    struct Row {
        std::int64_t sample;
        std::int64_t place; ///< In the batch, or kNotInBatch where it is computed to be kept.
    };

    torch::Tensor images(Split split, std::span<const std::int64_t> samples,
                         std::span<const std::int64_t> next);
    torch::Tensor input(Split split, std::span<const std::int64_t> samples, int line,
                        std::span<const std::int64_t> next);
    torch::Tensor computeFrom(int line, Split split, std::span<const std::int64_t> samples,
                              std::span<const std::int64_t> next);
    torch::Tensor emptyBatch(const FeatureCache::Level& level, std::int64_t count) const;
    torch::MemoryFormat formatOf(std::int64_t dimensions) const;

    bool isKept(Split split) const;
    void refresh();
    std::string keyOf(int line);
    FeatureStore* storeFor(Split split);
    static std::vector<Row> allOf(std::span<const std::int64_t> samples);
    std::vector<Row> readRows(Split split, std::span<const std::int64_t> samples, torch::Tensor& batch);
    std::vector<std::int64_t> addLater(Split split, std::vector<Row>& rows,
                                       std::span<const std::int64_t> later);
    int sourceOf(Split split, std::int64_t sample) const;
    void fill(Split split, std::vector<Row> rows, torch::Tensor& batch, std::span<const std::int64_t> next);
    void keep(int source, Split split, const torch::Tensor& features, std::span<const std::int64_t> samples);
    bool isIndependentOfPlace(int source, Split split, const torch::Tensor& features,
                              std::span<const std::int64_t> samples);
    void giveUp(const std::string& why);
    void tell(const std::string& what) const;

    Network* m_network;
    Feeds m_feeds;
    Precision m_precision;
    bool m_isHalf;
    std::string m_model; ///< What the recipe says of it.
    std::int64_t m_rows; ///< That every pass has.
    ComputeSettings m_compute;
    std::shared_ptr<FeatureCache> m_cache;
    LogSink m_log;
    int m_line = 0;
    bool m_isStale = true; ///< The cache has to be compared with the network.
    bool m_hasComputed = false;
    bool m_isChecked = false; ///< That a sample's features do not depend on its place.
    std::string m_dataKey;
    std::string m_remark; ///< Why nothing is kept at this line.
};

} // namespace frostline
