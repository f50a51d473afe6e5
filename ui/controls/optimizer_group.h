#pragma once

#include "controls/recipe_group.h"

class QCheckBox;
class QComboBox;

namespace frostline {

class NumberEdit;

class OptimizerGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit OptimizerGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;

private:
    void createFields();
    void connectEditors();
    NumberEdit* addNumber(const QString& label, const QString& toolTip, double highest,
                          WhileRunning whileRunning, Irrelevance irrelevance = {});
    OptimizerKind kind() const;
    void takeKind();

    QComboBox* m_kind = nullptr;
    NumberEdit* m_weightDecay = nullptr;
    NumberEdit* m_momentum = nullptr;
    QCheckBox* m_nesterov = nullptr;
    NumberEdit* m_beta1 = nullptr;
    NumberEdit* m_beta2 = nullptr;
    NumberEdit* m_epsilon = nullptr;
    NumberEdit* m_clipNorm = nullptr;
};

} // namespace frostline
