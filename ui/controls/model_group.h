#pragma once

#include "controls/recipe_group.h"

class QCheckBox;
class QComboBox;

namespace frostline {

class ElidedLabel;
class NumberEdit;

class ModelGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit ModelGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;

private:
    void createFields();

    ElidedLabel* m_architecture = nullptr;
    ElidedLabel* m_weights = nullptr;
    QCheckBox* m_newHead = nullptr;
    QComboBox* m_pooling = nullptr;
    QComboBox* m_activation = nullptr;
    CheckedEdit* m_hidden = nullptr;
    NumberEdit* m_dropout = nullptr;
};

} // namespace frostline
