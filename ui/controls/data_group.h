#pragma once

#include "controls/recipe_group.h"

class QComboBox;
class QSpinBox;

namespace frostline {

class ElidedLabel;
class NumberEdit;

class DataGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit DataGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;

private:
    void createFields();
    void fillLosses(const Recipe& recipe);

    Task m_task = Task::Classes;
    bool m_isImages = true;
    std::vector<LossKind> m_losses; ///< In the order of the combo box.
    ElidedLabel* m_path = nullptr;
    ElidedLabel* m_taskText = nullptr;
    CheckedEdit* m_classes = nullptr;
    QSpinBox* m_perClass = nullptr;
    CheckedEdit* m_inputSize = nullptr;
    QComboBox* m_loss = nullptr;
    NumberEdit* m_smoothing = nullptr;
};

} // namespace frostline
