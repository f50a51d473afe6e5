#include "plan/group_dialog.h"

#include <QDialogButtonBox>
#include <QVBoxLayout>

#include "controls/checked_edit.h"
#include "controls/recipe_group.h"

namespace frostline {

namespace {

constexpr int kWidth = 340;

} // namespace

GroupDialog::GroupDialog(const QString& title, RecipeGroup* group, const Recipe& recipe, QWidget* parent)
    : QDialog(parent),
      m_group(group),
      m_recipe(recipe)
{
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    m_group->setParent(this);
    m_group->setRecipe(recipe);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &GroupDialog::acceptIfRight);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_group);
    layout->addStretch();
    layout->addWidget(buttons);
    setMinimumWidth(kWidth);
}

Recipe GroupDialog::recipe() const
{
    auto edited = m_recipe;
    m_group->store(edited);
    return edited;
}

void GroupDialog::acceptIfRight()
{
    for (auto* edit : findChildren<CheckedEdit*>()) {
        if (edit->isEnabled() && !edit->problem().isEmpty()) {
            edit->setFocus(); // Its hint says why.
            return;
        }
    }
    accept();
}

} // namespace frostline
