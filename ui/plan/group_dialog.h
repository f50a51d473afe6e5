#pragma once

#include <QDialog>

#include "training/recipe.h"

namespace frostline {

class RecipeGroup;

/// Some fields of a recipe in a window of their own: a schedule, an early end. GUI thread.
class GroupDialog : public QDialog {
    Q_OBJECT
public:
    /// Takes the group.
    GroupDialog(const QString& title, RecipeGroup* group, const Recipe& recipe, QWidget* parent);

    /// With what was edited.
    Recipe recipe() const;

private:
    void acceptIfRight();

    RecipeGroup* m_group;
    Recipe m_recipe;
};

} // namespace frostline
