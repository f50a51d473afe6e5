#pragma once

#include <functional>
#include <vector>

#include <QUndoCommand>

#include "model/layer_info.h"
#include "training/intervention.h"

namespace frostline {

/// Changes of layer settings that can be taken back; carried out through a callback. GUI thread.
class LayerCommand : public QUndoCommand {
public:
    using Execute = std::function<void(const std::vector<Change>&)>;

    /// `before` is the table as it is without the changes.
    LayerCommand(const QString& text, const LayerTable& before, std::vector<Change> changes, Execute execute);
    /// With a learning rate that is set along with the layers, and the one that was set before.
    LayerCommand(const QString& text, const LayerTable& before, std::vector<Change> changes,
                 double rateBefore, double rate, Execute execute);

    void redo() override { m_execute(m_changes); }
    void undo() override { m_execute(m_inverse); }

private:
    std::vector<Change> m_changes;
    std::vector<Change> m_inverse;
    Execute m_execute;
};

} // namespace frostline
