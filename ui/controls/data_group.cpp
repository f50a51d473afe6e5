#include "controls/data_group.h"

#include <limits>

#include <QSpinBox>

#include "controls/checked_edit.h"
#include "controls/elided_label.h"
#include "controls/list_text.h"
#include "controls/wheel_guard.h"

namespace frostline {

namespace {

QString namesProblem(const QString& text)
{
    return namesOf(text).size() == 1 ? DataGroup::tr("One class alone cannot be told from another")
                                     : QString();
}

} // namespace

DataGroup::DataGroup(QWidget* parent)
    : RecipeGroup(parent),
      m_path(new ElidedLabel(this)),
      m_classes(new CheckedEdit(namesProblem, this)),
      m_imagesPerClass(new QSpinBox(this))
{
    m_classes->setPlaceholderText(tr("all"));
    m_imagesPerClass->setRange(0, std::numeric_limits<int>::max());
    m_imagesPerClass->setSpecialValueText(tr("all"));
    m_imagesPerClass->setKeyboardTracking(false);
    m_imagesPerClass->setAccessibleName(tr("Training images for each class"));
    guardFromWheel(m_imagesPerClass);
    addInformation(tr("Folder"), m_path);
    addField(tr("Classes"), m_classes, tr("Names in the order of labels, as in cat, dog; empty takes all"),
             WhileRunning::Fixed);
    addHint(m_classes);
    addField(tr("Images"), m_imagesPerClass, tr("Training images for each class"), WhileRunning::Fixed);
    connect(m_classes, &CheckedEdit::textCommitted, this, &DataGroup::edited);
    connect(m_imagesPerClass, &QSpinBox::valueChanged, this, &DataGroup::edited);
    updateUsable();
}

void DataGroup::setRecipe(const Recipe& recipe)
{
    const QSignalBlocker blocker(this);
    m_path->setFullText(QString::fromStdString(recipe.data.path));
    m_classes->setCommitted(namesText(recipe.data.classes));
    m_imagesPerClass->setValue(static_cast<int>(recipe.data.trainLimit));
}

void DataGroup::store(Recipe& recipe) const
{
    recipe.data.classes = namesOf(m_classes->committed());
    recipe.data.trainLimit = m_imagesPerClass->value();
}

} // namespace frostline
