#pragma once

#include "controls/recipe_group.h"

class QCheckBox;
class QComboBox;
class QSpinBox;

namespace frostline {

class ElidedLabel;

/// How a run computes: what changes its time and the last bits of its numbers.
class ComputeGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit ComputeGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    void createFields();

    QComboBox* m_precision = nullptr;
    QSpinBox* m_threads = nullptr;
    QComboBox* m_format = nullptr;
    QCheckBox* m_halfFeatures = nullptr;
    ElidedLabel* m_instructions = nullptr; ///< Filled when it is first seen: to ask the machine takes time.
};

} // namespace frostline
