#include "session/freeze_history.h"

#include <algorithm>
#include <unordered_map>

#include "model/layer_changes.h"
#include "training/starting_layers.h"

namespace frostline {

namespace {

bool hasHistory(const LayerInfo& layer)
{
    return layer.isLeaf && layer.hasParameters();
}

bool changesFreezing(const Change& change)
{
    return change.kind == ChangeKind::Trainable || change.kind == ChangeKind::Statistics;
}

FreezeState stateOf(const LayerInfo& layer)
{
    if (layer.settings.trainable)
        return FreezeState::Trainable;
    return layer.statisticsUpdating ? FreezeState::StatisticsOnly : FreezeState::Frozen;
}

/// Several changes may come before one step: only what they leave counts.
void enter(std::vector<FreezeSpan>& spans, FreezeState state, Step step)
{
    if (!spans.empty() && spans.back().from == step)
        spans.pop_back();
    if (!spans.empty() && spans.back().state == state)
        return;
    spans.push_back({step, step, state});
}

void enterAll(std::vector<LayerHistory>& history, const LayerTable& table, Step step)
{
    auto row = history.begin();
    for (const auto& layer : table) {
        if (hasHistory(layer))
            enter((row++)->spans, stateOf(layer), step);
    }
}

/// Puts the end of each span where the next begins.
void close(std::vector<FreezeSpan>& spans, Step steps)
{
    for (std::size_t i = 0; i < spans.size(); ++i)
        spans[i].to = i + 1 < spans.size() ? spans[i + 1].from : steps;
}

Step stepsOf(const Session& session)
{
    return session.steps.empty() ? 0 : session.steps.back().step + 1;
}

void compareRows(const LayerHistory& first, const LayerHistory& second, std::vector<FreezeDifference>& found)
{
    auto mine = first.spans.begin();
    auto theirs = second.spans.begin();
    while (mine != first.spans.end() && theirs != second.spans.end()) {
        const Step from = std::max(mine->from, theirs->from);
        const Step to = std::min(mine->to, theirs->to);
        if (mine->state != theirs->state && from < to)
            found.push_back({first.path, from, to, mine->state, theirs->state});
        const Step mineTo = mine->to;
        if (mineTo <= theirs->to)
            ++mine;
        if (theirs->to <= mineTo)
            ++theirs;
    }
}

} // namespace

std::vector<LayerHistory> freezeHistory(const LayerTable& start, std::span<const Intervention> interventions,
                                        Step steps)
{
    auto table = start;
    deriveStatistics(table);
    std::vector<LayerHistory> history;
    for (const auto& layer : table) {
        if (hasHistory(layer))
            history.push_back({layer.path, {}});
    }
    if (steps <= 0)
        return history;
    enterAll(history, table, 0);
    for (const auto& intervention : interventions) {
        if (intervention.step < steps && changesFreezing(intervention.change) &&
            applyChange(table, intervention.change))
            enterAll(history, table, intervention.step);
    }
    for (auto& row : history)
        close(row.spans, steps);
    return history;
}

std::vector<LayerHistory> freezeHistory(const Session& session)
{
    return freezeHistory(startingLayers(session.layers, session.recipe), session.interventions,
                         stepsOf(session));
}

std::vector<FreezeDifference> freezeDifferences(const std::vector<LayerHistory>& first,
                                                const std::vector<LayerHistory>& second)
{
    std::unordered_map<std::string_view, const LayerHistory*> rows;
    for (const auto& row : second)
        rows.emplace(row.path, &row);
    std::vector<FreezeDifference> found;
    for (const auto& row : first) {
        if (const auto twin = rows.find(row.path); twin != rows.end())
            compareRows(row, *twin->second, found);
    }
    return found;
}

double meanTrainableShare(const Session& session)
{
    const auto start = startingLayers(session.layers, session.recipe);
    const auto steps = stepsOf(session);
    if (steps == 0)
        return totalsOf(start).trainableFraction();
    const auto history = freezeHistory(start, session.interventions, steps);
    double trained = 0.0;
    double all = 0.0;
    auto row = history.begin();
    for (const auto& layer : start) {
        if (!hasHistory(layer))
            continue;
        const auto parameters = static_cast<double>(layer.parameters);
        all += parameters * static_cast<double>(steps);
        for (const auto& span : (row++)->spans) {
            if (span.state == FreezeState::Trainable)
                trained += parameters * static_cast<double>(span.to - span.from);
        }
    }
    return all > 0.0 ? trained / all : 0.0;
}

} // namespace frostline
