#include "advice/advice_block.h"

#include <algorithm>

namespace frostline {

namespace {

/// What rows have in common that are frozen together.
int groupOf(const LayerTable& layers, int row, bool isWhole)
{
    if (!isWhole)
        return layerAt(layers, row).stage;
    while (layerAt(layers, row).parent >= 0)
        row = layerAt(layers, row).parent;
    return row;
}

bool isNormOnly(const LayerTable& layers, const AdviceBlock& block)
{
    return std::ranges::all_of(block.leaves, [&](int leaf) { return layerAt(layers, leaf).isNormalisation; });
}

/// The outermost row that holds nothing but this group: `layer1.0` and not the `conv1` in it.
int rootOf(const LayerTable& layers, int leaf, bool isWhole)
{
    int root = leaf;
    const int group = groupOf(layers, leaf, isWhole);
    for (int above = layerAt(layers, leaf).parent; above >= 0; above = layerAt(layers, above).parent) {
        const auto leaves = leavesUnder(layers, above);
        if (std::ranges::all_of(leaves, [&](int each) { return groupOf(layers, each, isWhole) == group; }))
            root = above;
    }
    return root;
}

/// A norm belongs to the convolution before it: they are frozen together. The head stays by itself.
void joinNorms(std::vector<AdviceBlock>& blocks, const LayerTable& layers)
{
    for (auto i = blocks.size(); i-- > 1;) {
        if (i + 1 == blocks.size() || !isNormOnly(layers, blocks[i]))
            continue;
        auto& before = blocks[i - 1];
        before.leaves.insert(before.leaves.end(), blocks[i].leaves.begin(), blocks[i].leaves.end());
        before.last = blocks[i].last;
        before.parameters += blocks[i].parameters;
        blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

} // namespace

std::vector<AdviceBlock> adviceBlocks(const LayerTable& layers)
{
    const bool isWhole = std::ranges::all_of(layers, [](const LayerInfo& layer) { return layer.stage == 0; });
    std::vector<AdviceBlock> blocks;
    int group = -1;
    for (int row = 0; row < std::ssize(layers); ++row) {
        const auto& layer = layerAt(layers, row);
        if (!layer.isLeaf)
            continue;
        const int own = groupOf(layers, row, isWhole);
        if (layer.hasParameters() && (blocks.empty() || own != group)) {
            const int root = rootOf(layers, row, isWhole);
            const auto leaves = leavesUnder(layers, root);
            blocks.push_back({layerAt(layers, root).path, leaves.empty() ? row : leaves.back(), {}, 0, 0.0});
            group = own;
        }
        if (!layer.hasParameters())
            continue;
        auto& block = blocks.back();
        block.leaves.push_back(row);
        block.last = std::max(block.last, row);
        block.parameters += layer.parameters;
    }
    joinNorms(blocks, layers);
    return blocks;
}

} // namespace frostline
