#pragma once

#include "controls/recipe_group.h"

class QCheckBox;
class QComboBox;
class QSpinBox;

namespace frostline {

class NumberEdit;

/// Whether a run, or a phase in its place, ends before all its epochs are done.
class EndGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit EndGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;

private:
    void createFields();

    Watched m_given;
    QCheckBox* m_on;
    QComboBox* m_monitor;
    QSpinBox* m_patience;
    NumberEdit* m_threshold;
    QComboBox* m_mode;
};

} // namespace frostline
