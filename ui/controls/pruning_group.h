#pragma once

#include "controls/recipe_group.h"

class QCheckBox;
class QComboBox;

namespace frostline {

class SparsitySlider;

class PruningGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit PruningGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;
    void setTotals(const LayerTotals& totals);
    /// The target in force, shown where it is not the one that is set.
    void setInForce(double sparsityTarget);

private:
    void connectEditors();
    void showInForce();

    SparsitySlider* m_sparsity = nullptr;
    QLabel* m_inForceLabel = nullptr;
    QComboBox* m_scope = nullptr;
    QCheckBox* m_frozen = nullptr;
    double m_inForce = -1.0; ///< Below 0 while none is.
};

} // namespace frostline
