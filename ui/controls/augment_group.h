#pragma once

#include "controls/recipe_group.h"

class QSpinBox;

namespace frostline {

class NumberEdit;

/// Random changes to training samples: of images, or of sounds' patches, as the recipe's data are.
class AugmentGroup : public RecipeGroup {
    Q_OBJECT
public:
    explicit AugmentGroup(QWidget* parent = nullptr);

    void setRecipe(const Recipe& recipe) override;
    void store(Recipe& recipe) const override;

private:
    void addShare(const QString& label, double AugmentRecipe::*value, double highest, const QString& toolTip);
    QSpinBox* addCount(const QString& label, int highest, const QString& unit, const QString& toolTip,
                       Irrelevance irrelevance);
    QString notOfImages() const;
    void createFields();
    void connectEditors();
    AugmentRecipe shown() const;

    struct Share {
        NumberEdit* edit;
        double AugmentRecipe::*value;
    };
    std::vector<Share> m_shares;
    CheckedEdit* m_crop = nullptr;
    QSpinBox* m_shift = nullptr;
    QSpinBox* m_timeMask = nullptr;
    QSpinBox* m_frequencyMask = nullptr;
    QSpinBox* m_views = nullptr;
    bool m_isSound = false;
    bool m_isValues = false;
};

} // namespace frostline
