#pragma once

#include "controls/recipe_group.h"

class QSpinBox;

namespace frostline {

class ElidedLabel;
struct SessionEnvironment;

class RunGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit RunGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;
    /// What it runs on.
    void setEnvironment(const SessionEnvironment& environment);

private:
    QSpinBox* m_batchSize = nullptr;
    QSpinBox* m_epochs = nullptr;
    CheckedEdit* m_seed = nullptr;
    ElidedLabel* m_device = nullptr;
    bool m_hasPhases = false;
};

} // namespace frostline
