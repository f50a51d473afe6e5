#include "window/recipe_draft.h"

#include <algorithm>
#include <optional>

#include "model/layer_changes.h"

namespace frostline {

namespace {

/// Whether they say the same but for phases, schedule and ends.
bool differOnlyInPlan(Recipe first, const Recipe& second)
{
    first.schedule = second.schedule;
    first.earlyStopping = second.earlyStopping;
    first.checkpoints = second.checkpoints;
    if (!first.phases.empty() || !second.phases.empty())
        first.epochs = second.epochs;
    first.phases = second.phases;
    return first == second;
}

} // namespace

void RecipeDraft::open(const Recipe& recipe, const QString& file)
{
    m_recipe = recipe;
    m_file = file;
    m_table.clear();
    m_open = true;
}

void RecipeDraft::setTable(const LayerTable& table)
{
    m_table = table;
}

RecipeDraft::Effect RecipeDraft::edit(const Recipe& edited)
{
    Recipe next = edited;
    next.layers = m_recipe.layers;
    next.folder = m_recipe.folder;
    if (next == m_recipe)
        return Effect::Nothing;
    if (differOnlyInPlan(m_recipe, next)) {
        m_recipe = next;
        return Effect::Plan;
    }
    const bool otherArchitecture = next.model.architecture != m_recipe.model.architecture;
    const bool otherSource = next.model != m_recipe.model || next.data != m_recipe.data ||
                             next.seed != m_recipe.seed || next.compute != m_recipe.compute;
    const bool otherSparsity = next.pruning.sparsity != m_recipe.pruning.sparsity;
    if (otherArchitecture) {
        // The rules name layers that the new network need not have.
        m_table.clear();
        next.layers.clear();
    }
    m_recipe = next;
    if (otherSparsity && !m_table.empty())
        static_cast<void>(applyChange(m_table, {ChangeKind::Sparsity, "*", next.pruning.sparsity}));
    return otherSource ? Effect::Network : Effect::Cost;
}

Status RecipeDraft::apply(const std::vector<Change>& changes)
{
    for (const auto& change : changes) {
        if (const auto applied = applyChange(m_table, change); !applied)
            return tl::unexpected(applied.error());
    }
    return {};
}

Recipe RecipeDraft::recipe() const
{
    Recipe recipe = m_recipe;
    if (m_table.empty())
        return recipe;
    recipe.layers = rulesFor(m_table);
    // A rule is only written for what differs from the default, so the default must not be another one.
    recipe.pruning.sparsity = commonSparsityTarget(m_table);
    return recipe;
}

double commonSparsityTarget(const LayerTable& table)
{
    std::optional<double> common;
    for (const auto& layer : table) {
        if (!layer.isLeaf || layer.prunable == 0)
            continue;
        if (common && *common != layer.settings.sparsityTarget)
            return 0.0;
        common = layer.settings.sparsityTarget;
    }
    return common.value_or(0.0);
}

} // namespace frostline
