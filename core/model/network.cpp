#include "model/network.h"

#include <ATen/CPUGeneratorImpl.h>

#include <chrono>

#include "base/random.h"
#include "model/layer_changes.h"

namespace frostline {

namespace {

constexpr double kOfLate = 0.2; ///< Share of the newest pass in what a stage is said to cost.

LayerInfo infoOf(const Network::Node& node)
{
    LayerInfo info;
    info.path = node.path;
    info.name = node.path.substr(node.path.rfind('.') + 1);
    info.parent = node.parent;
    info.stage = node.stage;
    info.kind = node.layer ? node.layer->kind() : "Sequential";
    info.isLeaf = node.layer && node.layer->children().empty();
    if (!node.layer)
        return info;
    info.isNormalisation = node.layer->isNormalisation();
    info.outputShape = node.layer->outputShape();
    for (const auto& parameter : node.layer->parameters()) {
        info.parameters += parameter.tensor.numel();
        ++info.parameterTensors;
        if (parameter.tensor.dim() >= 2)
            info.prunable += parameter.tensor.numel();
    }
    for (const auto& buffer : node.layer->buffers()) {
        if (!buffer.tensor.is_floating_point())
            continue;
        info.statisticValues += buffer.tensor.numel();
        ++info.statisticTensors;
    }
    return info;
}

/// A container's output is its last child's; what it holds is the sum over its leaves.
void sumContainers(LayerTable& table)
{
    for (auto i = table.size(); i-- > 0;) {
        const auto& layer = table[i];
        if (layer.parent < 0)
            continue;
        auto& parent = table[static_cast<std::size_t>(layer.parent)];
        parent.parameters += layer.parameters;
        parent.statisticValues += layer.statisticValues;
        parent.prunable += layer.prunable;
        parent.parameterTensors += layer.parameterTensors;
        parent.statisticTensors += layer.statisticTensors;
        if (parent.outputShape.empty())
            parent.outputShape = layer.outputShape;
    }
}

} // namespace

Network::Network(std::vector<Stage> stages, std::string whole, std::vector<Note> notes)
    : m_stages(std::move(stages)),
      m_whole(std::move(whole)),
      m_notes(std::move(notes))
{
    for (int i = 0; i < stageCount(); ++i) {
        const auto& stage = m_stages[static_cast<std::size_t>(i)];
        if (stage.path.empty()) {
            for (const auto& child : stage.layer->children())
                addTree(child.name, *child.layer, -1, i);
            continue;
        }
        addTree(stage.path, *stage.layer, groupFor(stage.path, i), i);
    }
    m_secondsPerRow.resize(m_stages.size());
}

int Network::addNode(const std::string& path, Layer* layer, int parent, int stage)
{
    m_nodes.push_back({path, layer, parent, stage});
    return static_cast<int>(m_nodes.size()) - 1;
}

/// The node of the container that `layer1.0` lies in, made where it is not there yet.
int Network::groupFor(const std::string& path, int stage)
{
    const auto dot = path.rfind('.');
    if (dot == std::string::npos)
        return -1;
    const auto group = path.substr(0, dot);
    for (auto i = m_nodes.size(); i-- > 0;) {
        if (m_nodes[i].path == group)
            return static_cast<int>(i);
    }
    return addNode(group, nullptr, groupFor(group, stage), stage);
}

void Network::addTree(const std::string& path, Layer& layer, int parent, int stage)
{
    layer.setPath(path);
    const int node = addNode(path, &layer, parent, stage);
    for (const auto& child : layer.children())
        addTree(path + "." + child.name, *child.layer, node, stage);
}

torch::Tensor Network::forward(const torch::Tensor& x, int first, int last)
{
    using Clock = std::chrono::steady_clock;
    auto y = x;
    auto before = Clock::now();
    for (int i = first; i < last; ++i) {
        const auto stage = static_cast<std::size_t>(i);
        y = m_stages[stage].layer->forward(y);
        const auto after = Clock::now();
        const double seconds =
            std::chrono::duration<double>(after - before).count() / static_cast<double>(x.size(0));
        auto& known = m_secondsPerRow[stage];
        known = known > 0.0 ? known + kOfLate * (seconds - known) : seconds;
        before = after;
    }
    return y;
}

void Network::initialise(std::uint64_t seed)
{
    for (const auto& node : m_nodes) {
        if (!node.layer)
            continue;
        auto generator =
            at::detail::createCPUGenerator(streamSeed(seed, Purpose::Initialise, hashOf(node.path)));
        node.layer->initialise(generator);
    }
}

void Network::to(torch::Device device)
{
    for (auto& entry : state())
        entry.tensor.set_data(entry.tensor.detach().to(device));
}

std::vector<NamedTensor> Network::state(int last) const
{
    std::vector<NamedTensor> all;
    for (const auto& node : m_nodes) {
        if (!node.layer || node.stage >= last)
            continue;
        for (const auto* list : {&node.layer->parameters(), &node.layer->buffers()}) {
            for (const auto& entry : *list)
                all.push_back({fullName(node.path, entry.name), entry.tensor});
        }
    }
    return all;
}

LayerTable Network::describe(const std::vector<std::int64_t>& inputShape)
{
    std::vector<std::int64_t> shape{1};
    shape.insert(shape.end(), inputShape.begin(), inputShape.end());
    const torch::NoGradGuard guard;
    for (const auto& stage : m_stages)
        stage.layer->setActive(false);
    for (const auto& node : m_nodes) {
        if (node.layer)
            node.layer->setActive(false);
    }
    forward(torch::zeros(shape));
    m_secondsPerRow.assign(m_stages.size(), 0.0); // A first pass of one row says nothing of the others.
    LayerTable table;
    for (const auto& node : m_nodes)
        table.push_back(infoOf(node));
    sumContainers(table);
    deriveStatistics(table);
    return table;
}

void Network::configure(const LayerTable& table, bool training)
{
    const int line = frostLine(table);
    for (int i = 0; i < stageCount(); ++i) // Some have no row.
        m_stages[static_cast<std::size_t>(i)].layer->setActive(training && i >= line);
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        auto* layer = m_nodes[i].layer;
        if (!layer)
            continue;
        const auto& info = table[i];
        layer->setActive(training &&
                         (layer->isNormalisation() ? info.statisticsUpdating : info.stage >= line));
        for (const auto& parameter : layer->parameters()) {
            parameter.tensor.requires_grad_(info.settings.trainable);
            // Dropped, not zeroed: a zero gradient would still feed weight decay and momentum.
            if (!info.settings.trainable)
                parameter.tensor.mutable_grad().reset();
        }
    }
}

void Network::seedDropout(std::uint64_t seed)
{
    for (const auto& stage : m_stages) // Some have no row.
        stage.layer->seed(seed);
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        if (m_nodes[i].layer)
            m_nodes[i].layer->seed(streamSeed(seed, Purpose::Dropout, i));
    }
}

} // namespace frostline
