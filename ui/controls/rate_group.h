#pragma once

#include "controls/recipe_group.h"

namespace frostline {

class LogSlider;

class RateGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit RateGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;
    /// As if it had been set by hand.
    void choose(double learningRate);
    /// The rate in force, shown where it is not the one that is set.
    void setInForce(double learningRate);

private:
    void showInForce();

    LogSlider* m_rate = nullptr;
    QLabel* m_inForceLabel = nullptr;
    double m_inForce = 0.0; ///< 0 while none is.
};

} // namespace frostline
