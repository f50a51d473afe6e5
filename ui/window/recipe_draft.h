#pragma once

#include <vector>

#include <QString>

#include "model/layer_info.h"
#include "training/intervention.h"
#include "training/recipe.h"

namespace frostline {

/// The recipe that Start would run: a file's, with what was changed by hand since. Before a run, settings of
/// layers live in the table; recipe() turns them back into rules.
class RecipeDraft {
public:
    /// What has to be done anew after an edit.
    enum class Effect {
        Nothing,
        Plan,    ///< When what happens; a step costs the same.
        Cost,    ///< A step costs something else.
        Network, ///< Other data or another network: prepare again.
    };

    /// Starts from this recipe; the table is unknown until setTable(). `file` may be empty.
    void open(const Recipe& recipe, const QString& file);
    bool isOpen() const { return m_open; }
    const QString& file() const { return m_file; }

    void setTable(const LayerTable& table);
    const LayerTable& table() const { return m_table; }
    bool isTrainable() const { return totalsOf(m_table).trainable > 0; }

    /// Takes over everything but the layers' settings.
    Effect edit(const Recipe& edited);
    /// Applies settings of layers to the table; the first error, after which nothing more is applied.
    Status apply(const std::vector<Change>& changes);

    Recipe recipe() const;

private:
    Recipe m_recipe;
    LayerTable m_table;
    QString m_file;
    bool m_open = false;
};

/// The sparsity target that all prunable layers share; 0 where they differ.
double commonSparsityTarget(const LayerTable& table);

} // namespace frostline
