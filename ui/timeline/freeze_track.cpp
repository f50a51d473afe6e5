#include "timeline/freeze_track.h"

#include <algorithm>

namespace frostline {

namespace {

bool hasRow(const LayerInfo& layer)
{
    return layer.isLeaf && layer.hasParameters();
}

FreezeState stateOf(const LayerInfo& layer)
{
    if (layer.settings.trainable)
        return FreezeState::Trainable;
    return layer.statisticsUpdating ? FreezeState::StatisticsOnly : FreezeState::Frozen;
}

/// Several changes may come before one step: only what they leave counts.
void enterState(std::vector<FreezeSpan>& spans, FreezeState state, Step step)
{
    if (!spans.empty() && spans.back().from >= step)
        spans.pop_back();
    if (!spans.empty() && spans.back().state == state)
        return;
    if (!spans.empty())
        spans.back().to = step;
    spans.push_back({step, step, state});
}

} // namespace

void FreezeTrack::show(const Session& session)
{
    m_layers = freezeHistory(session);
    m_interventions = session.interventions;
    m_steps = 0;
    setSteps(session.steps.empty() ? 0 : session.steps.back().step + 1);
}

void FreezeTrack::begin(const LayerTable& table)
{
    if (!hasLayersOf(table)) {
        m_layers.clear();
        for (const auto& layer : table) {
            if (hasRow(layer))
                m_layers.push_back({layer.path, {}});
        }
    }
    enter(table, m_layers.empty() || m_layers.front().spans.empty() ? 0 : m_steps);
    setSteps(m_steps);
}

void FreezeTrack::apply(const Intervention& intervention, const LayerTable& after)
{
    m_interventions.push_back(intervention);
    if (!hasLayersOf(after))
        return;
    enter(after, intervention.step);
    setSteps(std::max(m_steps, intervention.step));
}

void FreezeTrack::setSteps(Step done)
{
    m_steps = done;
    for (auto& layer : m_layers) {
        if (!layer.spans.empty())
            layer.spans.back().to = std::max(done, layer.spans.back().from);
    }
}

std::optional<FreezeSpan> FreezeTrack::spanAt(std::size_t layer, Step step) const
{
    const auto& spans = m_layers[layer].spans;
    const auto next = std::ranges::upper_bound(spans, step, {}, &FreezeSpan::from);
    if (next == spans.begin() || step > m_steps)
        return std::nullopt;
    return *std::prev(next);
}

bool FreezeTrack::hasLayersOf(const LayerTable& table) const
{
    auto row = m_layers.begin();
    for (const auto& layer : table) {
        if (!hasRow(layer))
            continue;
        if (row == m_layers.end() || row->path != layer.path)
            return false;
        ++row;
    }
    return row == m_layers.end() && !m_layers.empty();
}

void FreezeTrack::enter(const LayerTable& table, Step step)
{
    auto row = m_layers.begin();
    for (const auto& layer : table) {
        if (hasRow(layer))
            enterState((row++)->spans, stateOf(layer), step);
    }
}

} // namespace frostline
