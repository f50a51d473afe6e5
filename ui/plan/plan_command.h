#pragma once

#include <functional>

#include <QUndoCommand>

#include "training/recipe.h"

namespace frostline {

/// Another plan that can be taken back; what else was edited since stays. GUI thread.
class PlanCommand : public QUndoCommand {
public:
    /// Makes this plan of a recipe the one that counts. The flags say whether layers and optimizer go with
    /// it.
    using Execute = std::function<void(const Recipe&, bool withLayers, bool withOptimizer)>;

    PlanCommand(const QString& text, const Recipe& before, const Recipe& after, Execute execute)
        : QUndoCommand(text),
          m_before(before),
          m_after(after),
          m_execute(std::move(execute))
    {
    }

    void redo() override { run(m_after); }
    void undo() override { run(m_before); }

private:
    void run(const Recipe& recipe)
    {
        m_execute(recipe, m_before.layers != m_after.layers, m_before.optimizer != m_after.optimizer);
    }

    Recipe m_before;
    Recipe m_after;
    Execute m_execute;
};

} // namespace frostline
