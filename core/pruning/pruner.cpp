#include "pruning/pruner.h"

#include <cmath>
#include <limits>
#include <map>

namespace frostline {

namespace {

/// The positions of the `count` largest scores, given back as one flag tensor for each score tensor.
std::vector<torch::Tensor> selectLargest(const std::vector<torch::Tensor>& scores, std::int64_t count)
{
    const auto all = torch::cat(scores);
    const auto chosen = std::get<1>(all.topk(count, 0, true, false));
    const auto flags =
        torch::zeros(all.sizes(), all.options().dtype(torch::kBool)).index_fill_(0, chosen, true);
    std::vector<std::int64_t> sizes;
    for (const auto& score : scores)
        sizes.push_back(score.numel());
    return flags.split_with_sizes(sizes);
}

} // namespace

Pruner::Pruner(const Network& network, const LayerTable& table)
{
    for (std::size_t row = 0; row < table.size(); ++row) {
        if (!table[row].isLeaf || table[row].prunable == 0)
            continue;
        for (const auto& parameter : network.nodes()[row].layer->parameters()) {
            if (parameter.tensor.dim() >= 2)
                m_entries.push_back({row, parameter.tensor, {}, {}, 0});
        }
    }
}

void Pruner::apply(const LayerTable& table, PruningScope scope, bool frozenToo)
{
    const torch::NoGradGuard guard;
    std::map<std::pair<double, std::size_t>, std::vector<Entry*>> groups;
    for (auto& entry : m_entries) {
        const auto& settings = table[entry.row].settings;
        if (settings.trainable || frozenToo)
            groups[{settings.sparsityTarget, scope == PruningScope::Global ? 0 : entry.row}].push_back(
                &entry);
    }
    for (const auto& [key, group] : groups) {
        std::int64_t weights = 0;
        for (const auto* entry : group)
            weights += entry->weight.numel();
        bringTo(group, std::llround(key.first * static_cast<double>(weights)));
    }
}

void Pruner::bringTo(std::span<Entry* const> group, std::int64_t target)
{
    std::int64_t hidden = 0;
    for (const auto* entry : group)
        hidden += entry->count;
    if (target > hidden)
        hideSmallest(group, target - hidden);
    else if (target < hidden)
        restoreLargest(group, hidden - target);
}

void Pruner::hideSmallest(std::span<Entry* const> group, std::int64_t count)
{
    std::vector<torch::Tensor> scores;
    for (auto* entry : group) {
        if (!entry->hides.defined()) {
            entry->hides = torch::zeros_like(entry->weight, torch::kBool);
            entry->hidden = torch::zeros_like(entry->weight);
        }
        constexpr double kNever = -std::numeric_limits<double>::infinity();
        scores.push_back(entry->weight.detach().abs().neg_().masked_fill_(entry->hides, kNever).flatten());
    }
    const auto flags = selectLargest(scores, count);
    for (std::size_t i = 0; i < group.size(); ++i) {
        auto& entry = *group[i];
        const auto chosen = flags[i].view_as(entry.weight);
        entry.hidden = torch::where(chosen, entry.weight.detach(), entry.hidden);
        entry.hides.logical_or_(chosen);
        entry.weight.masked_fill_(chosen, 0.0);
        entry.count += chosen.sum().item<std::int64_t>();
    }
}

void Pruner::restoreLargest(std::span<Entry* const> group, std::int64_t count)
{
    std::vector<torch::Tensor> scores;
    for (const auto* entry : group) {
        scores.push_back(entry->hides.defined()
                             ? entry->hidden.abs().masked_fill_(entry->hides.logical_not(), -1.0).flatten()
                             : torch::full({entry->weight.numel()}, -1.0, entry->weight.options()));
    }
    const auto flags = selectLargest(scores, count);
    for (std::size_t i = 0; i < group.size(); ++i) {
        auto& entry = *group[i];
        if (!entry.hides.defined())
            continue;
        const auto chosen = flags[i].view_as(entry.weight);
        entry.weight.copy_(torch::where(chosen, entry.hidden, entry.weight.detach()));
        entry.hidden.masked_fill_(chosen, 0.0);
        entry.hides.logical_and_(chosen.logical_not());
        entry.count -= chosen.sum().item<std::int64_t>();
        if (entry.count == 0) {
            entry.hides.reset();
            entry.hidden.reset();
        }
    }
}

std::vector<Pruner::Mask> Pruner::masks() const
{
    std::vector<Mask> masks;
    for (const auto& entry : m_entries)
        masks.push_back({entry.row, entry.weight, entry.hides, entry.hidden});
    return masks;
}

void Pruner::setMasks(const std::vector<Mask>& masks)
{
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        m_entries[i].hides = masks[i].hides;
        m_entries[i].hidden = masks[i].hidden;
        m_entries[i].count = masks[i].hides.defined() ? masks[i].hides.sum().item<std::int64_t>() : 0;
    }
}

const Pruner::Entry* Pruner::find(std::size_t row) const
{
    for (const auto& entry : m_entries) {
        if (entry.row == row)
            return &entry;
    }
    return nullptr;
}

torch::Tensor Pruner::maskOf(std::size_t row) const
{
    const auto* entry = find(row);
    return entry && entry->hides.defined() ? entry->hides.logical_not().to(torch::kByte).contiguous()
                                           : torch::Tensor();
}

double Pruner::sparsityOf(std::size_t row) const
{
    const auto* entry = find(row);
    return entry ? static_cast<double>(entry->count) / static_cast<double>(entry->weight.numel()) : 0.0;
}

double Pruner::sparsity() const
{
    std::int64_t weights = 0;
    std::int64_t hidden = 0;
    for (const auto& entry : m_entries) {
        weights += entry.weight.numel();
        hidden += entry.count;
    }
    return weights > 0 ? static_cast<double>(hidden) / static_cast<double>(weights) : 0.0;
}

} // namespace frostline
