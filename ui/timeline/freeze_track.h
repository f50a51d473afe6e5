#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "session/freeze_history.h"

namespace frostline {

/// What was trainable when, as far as a run has come, or as a session kept it. Plain data, one thread.
class FreezeTrack {
public:
    void clear() { *this = {}; }
    /// All of a saved session.
    void show(const Session& session);
    /// The table in force from the steps reached on. What is known of the same layers before that stays.
    void begin(const LayerTable& table);
    /// `after` is the table with the change.
    void apply(const Intervention& intervention, const LayerTable& after);
    void setSteps(Step done);

    /// The last span of each ends at the steps done.
    const std::vector<LayerHistory>& layers() const { return m_layers; }
    const std::vector<Intervention>& interventions() const { return m_interventions; }
    Step steps() const { return m_steps; }
    /// Nothing where the layer has no such step; the last step's span holds the end too.
    std::optional<FreezeSpan> spanAt(std::size_t layer, Step step) const;

private:
    bool hasLayersOf(const LayerTable& table) const;
    void enter(const LayerTable& table, Step step);

    std::vector<LayerHistory> m_layers;
    std::vector<Intervention> m_interventions;
    Step m_steps = 0;
};

} // namespace frostline
