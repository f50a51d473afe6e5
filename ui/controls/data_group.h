#pragma once

#include "controls/recipe_group.h"

class QSpinBox;

namespace frostline {

class ElidedLabel;

class DataGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit DataGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;

private:
    ElidedLabel* m_path = nullptr;
    CheckedEdit* m_classes = nullptr;
    QSpinBox* m_imagesPerClass = nullptr;
};

} // namespace frostline
