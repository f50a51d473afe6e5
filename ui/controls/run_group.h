#pragma once

#include "controls/recipe_group.h"

class QSpinBox;

namespace frostline {

class ElidedLabel;

class RunGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit RunGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;
    /// What it runs on, as the run's environment has it.
    void setDevice(const QString& device, int threads);

private:
    QSpinBox* m_batchSize = nullptr;
    QSpinBox* m_epochs = nullptr;
    CheckedEdit* m_seed = nullptr;
    ElidedLabel* m_device = nullptr;
};

} // namespace frostline
