#include "advice/network_probe.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "advice/advice.h"
#include "base/random.h"
#include "data/batch_feed.h"
#include "model/architectures/architecture.h"
#include "model/layer_changes.h"
#include "training/autocast.h"
#include "training/optimizer.h"

namespace frostline {

namespace {

constexpr std::size_t kChunk = 64;           ///< Samples of one pass.
constexpr std::int64_t kMostFeatures = 8192; ///< Of one sample; larger maps are averaged.
constexpr std::int64_t kInputSide = 32;
constexpr int kBatches = 4;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

using Samples = std::span<const std::int64_t>;

/// Gradients and statistics as they are now, put back at the end, and the layers set as they were.
class Restorer {
public:
    Restorer(Network& network, const LayerTable& table) : m_network(network), m_table(table)
    {
        for (const auto& node : network.nodes()) {
            if (!node.layer)
                continue;
            for (const auto& parameter : node.layer->parameters())
                m_gradients.emplace_back(parameter.tensor, parameter.tensor.grad());
            for (const auto& buffer : node.layer->buffers())
                m_statistics.emplace_back(buffer.tensor, buffer.tensor.clone());
        }
        dropGradients();
    }
    ~Restorer()
    {
        const torch::NoGradGuard guard;
        for (const auto& [tensor, copy] : m_statistics)
            torch::Tensor(tensor).copy_(copy);
        m_network.configure(m_table, true);
        for (const auto& [tensor, gradient] : m_gradients)
            tensor.mutable_grad() = gradient;
    }
    Restorer(const Restorer&) = delete;
    Restorer& operator=(const Restorer&) = delete;

    void dropGradients() const
    {
        for (const auto& entry : m_gradients)
            entry.first.mutable_grad().reset();
    }

private:
    using Pair = std::pair<torch::Tensor, torch::Tensor>;
    Network& m_network;
    const LayerTable& m_table;
    std::vector<Pair> m_gradients;
    std::vector<Pair> m_statistics;
};

/// [N, F] in double precision.
torch::Tensor flattened(torch::Tensor maps)
{
    if (maps.dim() == 4 && maps[0].numel() > kMostFeatures)
        maps = torch::adaptive_avg_pool2d(maps, {1, 1});
    return maps.flatten(1).to(torch::kCPU, torch::kDouble);
}

torch::Tensor shrunk(const torch::Tensor& images)
{
    if (images.dim() != 4)
        return images.flatten(1).to(torch::kCPU, torch::kDouble);
    return torch::adaptive_avg_pool2d(
               images, {std::min(images.size(2), kInputSide), std::min(images.size(3), kInputSide)})
        .flatten(1)
        .to(torch::kCPU, torch::kDouble);
}

LayerTable allTrainable(LayerTable table)
{
    for (auto& layer : table)
        layer.settings.trainable = true;
    deriveStatistics(table);
    return table;
}

class NetworkProbe {
public:
    NetworkProbe(const ProbeScene& scene, const ProbeProgress& progress, const std::stop_token& stop)
        : m_scene(scene),
          m_progress(progress),
          m_stop(stop),
          m_feed(SamplePreparer(scene.train, scene.recipe.data.inputSize), scene.recipe.data.mean,
                 scene.recipe.data.deviation, scene.device),
          m_samples(probeSamples(scene.train, scene.recipe.seed, probeSize(scene.table)))
    {
        const auto count = std::ssize(m_samples);
        m_probe.rows = std::min(scene.recipe.batchSize, count / 2);
        if (m_probe.rows > 1) // A norm has nothing to take the mean of in a batch of one.
            m_probe.batches = static_cast<int>(std::min<std::int64_t>(kBatches, count / m_probe.rows));
    }

    Result<AdviceProbe> run()
    {
        m_probe.unmeasured = obstacle();
        const bool isMeasured = m_probe.unmeasured == Unmeasured::No;
        m_all =
            m_probe.batches + (isMeasured ? static_cast<int>((m_samples.size() + kChunk - 1) / kChunk) : 0);
        const Restorer restorer(m_scene.network, m_scene.table);
        if (isMeasured) {
            if (const auto measured = measureFeatures(); !measured)
                return tl::unexpected(measured.error());
        }
        measureRatios(restorer);
        m_probe.isStopped = m_stop.stop_requested();
        return std::move(m_probe);
    }

private:
    Unmeasured obstacle() const
    {
        if (!startsFromWeights(m_scene.recipe.model))
            return Unmeasured::NoWeights;
        if (!hasAccuracy(m_scene.objective.task()))
            return Unmeasured::NoClasses;
        if (m_scene.network.stageCount() < 2 || !m_scene.network.whole().empty())
            return Unmeasured::OnePiece;
        return m_samples.empty() ? Unmeasured::TooFew : Unmeasured::No;
    }

    /// The same network as if nothing had been learned before.
    Result<std::unique_ptr<Network>> randomNetwork() const
    {
        const auto& samples = m_feed.samples();
        const InputShape input{samples.channels(), samples.height(), samples.width()};
        const OutputSpec outputs{m_scene.objective.outputs(), m_scene.objective.isImage()};
        auto network = buildNetwork(m_scene.recipe.model, input, outputs,
                                    streamSeed(m_scene.recipe.seed, Purpose::Initialise, hashOf("advice")));
        if (network)
            (*network)->to(m_scene.device);
        return network;
    }

    Status measureFeatures()
    {
        const auto random = randomNetwork();
        if (!random)
            return tl::unexpected(random.error());
        const torch::NoGradGuard guard;
        const Autocast autocast(m_scene.recipe.compute.precision, m_scene.device);
        m_scene.network.configure(m_scene.table, false);
        (*random)->configure(m_scene.table, false);
        std::vector<torch::Tensor> features;
        std::vector<torch::Tensor> randoms;
        std::vector<torch::Tensor> inputs;
        const int head = m_scene.network.stageCount() - 1;
        for (auto rest = Samples(m_samples); !rest.empty() && !m_stop.stop_requested();) {
            const auto chunk = rest.first(std::min(kChunk, rest.size()));
            const auto images = m_feed.images(chunk);
            inputs.push_back(shrunk(images));
            features.push_back(flattened(m_scene.network.forward(images, 0, head)));
            randoms.push_back(flattened((*random)->forward(images, 0, head)));
            rest = rest.subspan(chunk.size());
            tell();
        }
        if (m_stop.stop_requested())
            return {};
        const auto labels = labelsOf(m_samples);
        m_probe.scores = FeatureScores{std::ssize(m_samples), classesOf(labels),
                                       nearestMeanAccuracy(torch::cat(features), labels),
                                       nearestMeanAccuracy(torch::cat(randoms), labels),
                                       nearestMeanAccuracy(torch::cat(inputs), labels)};
        return {};
    }

    std::vector<std::int64_t> labelsOf(Samples samples) const
    {
        std::vector<std::int64_t> labels;
        for (const auto sample : samples)
            labels.push_back(m_scene.train.labels[static_cast<std::size_t>(sample)]);
        return labels;
    }

    static std::int64_t classesOf(std::vector<std::int64_t> labels)
    {
        std::ranges::sort(labels);
        return std::unique(labels.begin(), labels.end()) - labels.begin();
    }

    void measureRatios(const Restorer& restorer)
    {
        const auto blocks = adviceBlocks(m_scene.table);
        m_probe.ratios.assign(blocks.size(), 0.0);
        m_scene.network.configure(allTrainable(m_scene.table), true);
        for (int batch = 0; batch < m_probe.batches && !m_stop.stop_requested(); ++batch) {
            restorer.dropGradients();
            pass(Samples(m_samples).subspan(static_cast<std::size_t>(batch * m_probe.rows),
                                            static_cast<std::size_t>(m_probe.rows)),
                 static_cast<std::uint64_t>(batch));
            for (std::size_t i = 0; i < blocks.size(); ++i)
                m_probe.ratios[i] += ratioOf(blocks[i]) / m_probe.batches;
            tell();
        }
        for (auto& ratio : m_probe.ratios)
            ratio = std::isfinite(ratio) ? ratio : 0.0;
    }

    /// Forward and backward, as a step of training does, up to the gradients.
    void pass(Samples samples, std::uint64_t batch)
    {
        auto& network = m_scene.network;
        network.seedDropout(streamSeed(m_scene.recipe.seed, Purpose::Dropout, batch));
        torch::Tensor outputs;
        torch::Tensor targets;
        {
            const Autocast autocast(m_scene.recipe.compute.precision, m_scene.device);
            const auto images = m_feed.images(samples);
            targets = m_scene.objective.targets(m_feed, samples, images);
            outputs = network.forward(images).to(torch::kFloat);
        }
        m_scene.objective.loss(outputs, targets).backward();
    }

    double ratioOf(const AdviceBlock& block) const
    {
        double gradients = 0.0;
        double weights = 0.0;
        for (const int leaf : block.leaves) {
            for (const auto& parameter :
                 m_scene.network.nodes()[static_cast<std::size_t>(leaf)].layer->parameters()) {
                weights += squaredNorm(parameter.tensor.detach());
                if (parameter.tensor.grad().defined())
                    gradients += squaredNorm(parameter.tensor.grad());
            }
        }
        return weights > 0.0 ? std::sqrt(gradients / weights) : 0.0;
    }

    void tell()
    {
        ++m_done;
        if (m_progress)
            m_progress(m_done, m_all);
    }

    ProbeScene m_scene;
    const ProbeProgress& m_progress;
    std::stop_token m_stop;
    BatchFeed m_feed;
    std::vector<std::int64_t> m_samples;
    AdviceProbe m_probe;
    int m_done = 0;
    int m_all = 0;
};

} // namespace

Result<AdviceProbe> probeNetwork(const ProbeScene& scene, const ProbeProgress& progress,
                                 const std::stop_token& stop)
{
    return NetworkProbe(scene, progress, stop).run();
}

double nearestMeanAccuracy(const torch::Tensor& features, const std::vector<std::int64_t>& labels)
{
    std::map<std::int64_t, std::int64_t> places; // Of each class, by its label.
    for (const auto label : labels)
        places.emplace(label, std::ssize(places));
    const auto rows = std::ssize(labels);
    const auto classes = std::ssize(places);
    auto own = torch::zeros({rows, classes}, torch::kDouble);
    auto* cells = own.data_ptr<double>();
    for (std::int64_t row = 0; row < rows; ++row)
        cells[row * classes + places[labels[static_cast<std::size_t>(row)]]] = 1.0;
    const auto counts = own.sum(0);
    const auto means = own.t().mm(features.to(torch::kDouble)) / counts.unsqueeze(1);
    auto distances = torch::cdist(features.to(torch::kDouble), means, 2.0, 2); // 2: not through products.
    // Left out of its own class, a sample is n / (n - 1) times as far from the mean.
    distances = distances * (1.0 + own * (1.0 / (counts - 1.0)).unsqueeze(0));
    const auto nearest = distances.argmin(1);
    return own.gather(1, nearest.unsqueeze(1)).sum().item<double>() / static_cast<double>(rows);
}

} // namespace frostline
