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

} // namespace frostline
