#include "layers/layer_commands.h"

#include "model/layer_diff.h"

namespace frostline {

LayerCommand::LayerCommand(const QString& text, const LayerTable& before, std::vector<Change> changes,
                           Execute execute)
    : QUndoCommand(text),
      m_changes(std::move(changes)),
      m_inverse(inverseOf(before, m_changes)),
      m_execute(std::move(execute))
{
}

LayerCommand::LayerCommand(const QString& text, const LayerTable& before, std::vector<Change> changes,
                           double rateBefore, double rate, Execute execute)
    : LayerCommand(text, before, std::move(changes), std::move(execute))
{
    m_changes.push_back({ChangeKind::LearningRate, {}, rate});
    m_inverse.push_back({ChangeKind::LearningRate, {}, rateBefore});
}

} // namespace frostline
