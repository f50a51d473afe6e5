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
    /// The rate in force, `base` times what the schedule makes of it; shown where it is not the one that is
    /// set.
    void setInForce(double base, double learningRate);
    /// Another plan for the same recipe.
    void setPlan(const Recipe& recipe);
    /// Sets another rate, not by hand: the double click still brings back the recipe's.
    void follow(double learningRate);

private:
    void showInForce();

    LogSlider* m_rate = nullptr;
    QLabel* m_inForceLabel = nullptr;
    double m_base = 0.0;
    double m_inForce = 0.0;     ///< 0 while none is.
    bool m_isScheduled = false; ///< The label stays, that the panel does not jump at each step.
};

} // namespace frostline
