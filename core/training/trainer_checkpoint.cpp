// Trainer: its whole state as a checkpoint, and back.

#include <algorithm>

#include "model/layer_changes.h"
#include "training/checkpoint.h"
#include "training/trainer.h"

namespace frostline {

namespace {

using TensorMap = std::map<std::string, torch::Tensor>;

constexpr const char* kFirst = "optimizer/first/";
constexpr const char* kSecond = "optimizer/second/";
constexpr const char* kBefore = "optimizer/before/";
constexpr const char* kHides = "pruning/hides/";
constexpr const char* kHidden = "pruning/hidden/";

void addCopy(std::vector<NamedTensor>& tensors, const std::string& name, const torch::Tensor& tensor)
{
    if (tensor.defined())
        tensors.push_back({name, tensor.detach().clone()});
}

/// Takes a tensor that must look like `like`; an undefined one where the checkpoint has none.
class Tensors {
public:
    explicit Tensors(const std::vector<NamedTensor>& tensors)
    {
        for (const auto& [name, tensor] : tensors)
            m_tensors[name] = tensor;
    }
    torch::Tensor take(const std::string& name, const torch::Tensor& like, torch::ScalarType type)
    {
        const auto found = m_tensors.extract(name);
        if (found.empty())
            return {};
        if (found.mapped().sizes() != like.sizes() || found.mapped().scalar_type() != type)
            m_problem = name + " has another shape or type than the network's";
        return found.mapped().to(like.device());
    }
    torch::Tensor takeFloats(const std::string& name, const torch::Tensor& like)
    {
        return take(name, like, like.scalar_type());
    }
    Status finish() const
    {
        if (!m_problem.empty())
            return badInput("the checkpoint does not fit: " + m_problem);
        if (!m_tensors.empty())
            return badInput("the checkpoint does not fit: the network has no " + m_tensors.begin()->first);
        return {};
    }
    void refuse(const std::string& problem) { m_problem = problem; }

private:
    TensorMap m_tensors;
    std::string m_problem;
};

Result<LayerTable> withSettings(LayerTable table, const CheckpointSettings& settings)
{
    auto given = settings.layers.begin();
    for (auto& layer : table) {
        if (!layer.isLeaf)
            continue;
        if (given == settings.layers.end() || given->path != layer.path)
            return badInput("the checkpoint does not fit: it has no settings of " + layer.path);
        layer.settings = given->settings;
        layer.gradientNorm = given->gradientNorm;
        ++given;
    }
    deriveStatistics(table);
    return table;
}

std::vector<Optimizer::Slot> withState(std::vector<Optimizer::Slot> slots,
                                       const std::vector<std::string>& names, Tensors& tensors,
                                       const std::map<std::string, std::int64_t>& updates)
{
    for (std::size_t i = 0; i < slots.size(); ++i) {
        auto& slot = slots[i];
        slot.first = tensors.takeFloats(kFirst + names[i], slot.parameter);
        slot.second = tensors.takeFloats(kSecond + names[i], slot.parameter);
        slot.before = tensors.takeFloats(kBefore + names[i], slot.parameter);
        slot.wasUpdated = slot.before.defined();
        const auto count = updates.find(names[i]);
        slot.updates = count == updates.end() ? 0 : count->second;
    }
    return slots;
}

} // namespace

std::vector<std::string> Trainer::slotNames() const
{
    std::vector<std::string> names;
    for (std::size_t row = 0; row < m_table.size(); ++row) {
        if (!m_table[row].isLeaf)
            continue;
        for (const auto& parameter : m_network->nodes()[row].layer->parameters())
            names.push_back(fullName(m_table[row].path, parameter.name));
    }
    return names;
}

/// Frozen layers are copied once: their copies are shared between checkpoints.
torch::Tensor Trainer::copyOf(std::size_t index, const torch::Tensor& tensor)
{
    if (m_copies[index].defined())
        return m_copies[index];
    auto copy = tensor.detach().clone();
    if (m_isSettled[m_rowOfState[index]])
        m_copies[index] = copy;
    return copy;
}

Checkpoint Trainer::checkpoint(Step step, std::size_t interventions)
{
    const torch::NoGradGuard guard;
    measure(Measure::Changing);
    Checkpoint checkpoint;
    auto& settings = checkpoint.settings;
    settings.step = step;
    settings.interventions = interventions;
    settings.optimizer = m_optimizer->options();
    settings.pruneFrozen = m_recipe.pruning.frozen;
    for (const auto& layer : m_table) {
        if (layer.isLeaf)
            settings.layers.push_back({layer.path, layer.settings, layer.gradientNorm});
    }
    for (const auto& [name, tensor] : m_network->state())
        checkpoint.tensors.push_back({name, copyOf(checkpoint.tensors.size(), tensor)});
    const auto names = slotNames();
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& slot = m_optimizer->slots()[i];
        addCopy(checkpoint.tensors, kFirst + names[i], slot.first);
        addCopy(checkpoint.tensors, kSecond + names[i], slot.second);
        if (slot.wasUpdated)
            addCopy(checkpoint.tensors, kBefore + names[i], slot.before);
        if (slot.updates > 0)
            settings.updates[names[i]] = slot.updates;
    }
    for (const auto& mask : m_pruner->masks()) {
        addCopy(checkpoint.tensors, kHides + m_table[mask.row].path, mask.hides);
        addCopy(checkpoint.tensors, kHidden + m_table[mask.row].path, mask.hidden);
    }
    return checkpoint;
}

Status Trainer::restore(const Checkpoint& checkpoint)
{
    auto table = withSettings(m_table, checkpoint.settings);
    if (!table)
        return tl::unexpected(table.error());
    const auto taken = takeOver(checkpoint, std::move(*table), checkpoint.settings.optimizer);
    if (!taken)
        return taken;
    m_recipe.pruning.frozen = checkpoint.settings.pruneFrozen;
    settingsChanged();
    showMasks();
    return {};
}

Status Trainer::goBackTo(const Checkpoint& checkpoint)
{
    auto copy = checkpoint; // What it holds becomes state that the next steps change.
    for (auto& [name, tensor] : copy.tensors)
        tensor = tensor.clone();
    const auto taken = takeOver(copy, m_table, m_optimizer->options());
    if (!taken)
        return taken;
    settingsChanged();
    masksChanged();
    return {};
}

/// Tensors and update counts. The state of an optimizer of another kind means nothing to this one.
Status Trainer::takeOver(const Checkpoint& checkpoint, LayerTable table, const OptimizerRecipe& options)
{
    const torch::NoGradGuard guard;
    Tensors tensors(checkpoint.tensors);
    std::vector<std::pair<torch::Tensor, torch::Tensor>> copies;
    for (const auto& [name, tensor] : m_network->state()) {
        copies.emplace_back(tensor, tensors.takeFloats(name, tensor));
        if (!copies.back().second.defined())
            return badInput("the checkpoint does not fit: it has no " + name);
    }
    auto slots = withState(m_optimizer->slots(), slotNames(), tensors, checkpoint.settings.updates);
    if (options.kind != checkpoint.settings.optimizer.kind) {
        for (auto& slot : slots) {
            slot.first.reset();
            slot.second.reset();
            slot.updates = 0;
        }
    }
    auto masks = m_pruner->masks();
    for (auto& mask : masks) {
        mask.hides = tensors.take(kHides + table[mask.row].path, mask.weight, torch::kBool);
        mask.hidden = tensors.takeFloats(kHidden + table[mask.row].path, mask.weight);
        if (mask.hides.defined() != mask.hidden.defined())
            tensors.refuse("only half of the mask of " + table[mask.row].path + " is there");
    }
    if (const auto fits = tensors.finish(); !fits)
        return fits;
    for (auto& [target, source] : copies)
        target.copy_(source);
    m_table = std::move(table);
    m_optimizer->restore(options, std::move(slots));
    m_pruner->setMasks(masks);
    m_hasGradients = false;
    return {};
}

} // namespace frostline
