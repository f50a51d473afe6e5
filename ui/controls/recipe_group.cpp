#include "controls/recipe_group.h"

#include <QFormLayout>
#include <QLabel>

#include "controls/checked_edit.h"

namespace frostline {

namespace {

/// The longest label makes the width of all, so that editors stand in one line across the groups.
int labelWidth(const QWidget& group)
{
    return group.fontMetrics().horizontalAdvance(RecipeGroup::tr("Weight decay")) + 4;
}

} // namespace

RecipeGroup::RecipeGroup(QWidget* parent) : QWidget(parent), m_form(new QFormLayout(this))
{
    m_form->setContentsMargins(18, 2, 4, 8);
    m_form->setVerticalSpacing(5);
    m_form->setHorizontalSpacing(8);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

void RecipeGroup::setAccess(RecipeAccess access)
{
    m_access = access;
    updateUsable();
}

QLabel* RecipeGroup::createLabel(const QString& text)
{
    auto* label = new QLabel(text, this);
    label->setMinimumWidth(labelWidth(*this));
    return label;
}

void RecipeGroup::addField(const QString& label, QWidget* editor, const QString& toolTip,
                           WhileRunning whileRunning, Irrelevance irrelevance)
{
    auto* labelWidget = createLabel(label);
    labelWidget->setBuddy(editor);
    if (editor->accessibleName().isEmpty())
        editor->setAccessibleName(label);
    m_form->addRow(labelWidget, editor);
    m_fields.push_back({editor, labelWidget, label, toolTip, whileRunning, std::move(irrelevance)});
}

void RecipeGroup::addWideField(QWidget* editor, const QString& name, const QString& toolTip,
                               WhileRunning whileRunning, Irrelevance irrelevance)
{
    if (editor->accessibleName().isEmpty())
        editor->setAccessibleName(name);
    addLine(editor);
    m_fields.push_back({editor, nullptr, name, toolTip, whileRunning, std::move(irrelevance)});
}

void RecipeGroup::addHint(CheckedEdit* edit)
{
    m_form->addRow(QString(), new HintLabel(edit, this));
}

void RecipeGroup::addNote(const QString& text)
{
    auto* note = new QLabel(text, this);
    note->setWordWrap(true);
    note->setForegroundRole(QPalette::PlaceholderText);
    addLine(note);
}

void RecipeGroup::addLine(QWidget* content)
{
    m_form->addRow(content);
}

void RecipeGroup::addInformation(const QString& label, QWidget* value)
{
    m_form->addRow(createLabel(label), value);
}

QString RecipeGroup::obstacleTo(const Field& field) const
{
    if (m_access == RecipeAccess::ReadOnly)
        return tr("A saved session cannot be changed");
    if (m_access == RecipeAccess::Running && field.whileRunning != WhileRunning::Live)
        return tr("%1 cannot change while the run goes on; stop it first").arg(field.name);
    if (m_access == RecipeAccess::Branch && field.whileRunning == WhileRunning::Fixed)
        return tr("%1 cannot change in a branch, whose earlier steps are its parent's; begin a new run with "
                  "the "
                  "session's recipe instead")
            .arg(field.name);
    return field.irrelevance ? field.irrelevance() : QString();
}

void RecipeGroup::hideIrrelevant()
{
    m_hidesIrrelevant = true;
    updateUsable();
}

void RecipeGroup::updateUsable()
{
    for (const auto& field : m_fields) {
        if (m_hidesIrrelevant)
            m_form->setRowVisible(field.editor, !field.irrelevance || field.irrelevance().isEmpty());
        const auto obstacle = obstacleTo(field);
        const auto toolTip = obstacle.isEmpty() ? field.toolTip : obstacle;
        field.editor->setEnabled(obstacle.isEmpty());
        field.editor->setToolTip(toolTip);
        if (field.label) {
            field.label->setEnabled(obstacle.isEmpty());
            field.label->setToolTip(toolTip);
        }
    }
}

} // namespace frostline
