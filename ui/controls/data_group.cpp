#include "controls/data_group.h"

#include <algorithm>
#include <limits>

#include <QComboBox>
#include <QSpinBox>

#include "controls/checked_edit.h"
#include "controls/elided_label.h"
#include "controls/list_text.h"
#include "controls/wheel_guard.h"

namespace frostline {

namespace {

constexpr double kMostSmoothing = 0.99;
constexpr std::int64_t kLargestSide = 4096;

QString namesProblem(const QString& text)
{
    return namesOf(text).size() == 1 ? DataGroup::tr("One class alone cannot be told from another")
                                     : QString();
}

QString sizeProblem(const QString& text)
{
    const auto sides = widthsOf(text);
    const bool areSides =
        std::ranges::all_of(sides, [](std::int64_t side) { return side >= 1 && side <= kLargestSide; });
    return sides.size() <= 2 && areSides
               ? QString()
               : DataGroup::tr("One side of a square, or height and width, from 1 to %1, as in 96, 128")
                     .arg(kLargestSide);
}

QString sizeText(const std::vector<std::int64_t>& size)
{
    return size.size() == 2 && size[0] == size[1] ? widthsText({size[0]}) : widthsText(size);
}

std::vector<std::int64_t> sizeOf(const QString& text)
{
    auto sides = widthsOf(text);
    if (sides.size() == 1)
        sides.push_back(sides.front());
    return sides;
}

QString textOf(Task task)
{
    switch (task) {
    case Task::Binary:
        return DataGroup::tr("One of two classes, by one logit");
    case Task::Reconstruction:
        return DataGroup::tr("The sample itself");
    case Task::Values:
        return DataGroup::tr("The numbers that go with a sample");
    case Task::Classes:
        break;
    }
    return DataGroup::tr("One of several classes");
}

QString textOf(LossKind kind)
{
    switch (kind) {
    case LossKind::BinaryCrossEntropy:
        return DataGroup::tr("Binary cross-entropy");
    case LossKind::Mse:
        return DataGroup::tr("Mean squared error");
    case LossKind::L1:
        return DataGroup::tr("Mean absolute error");
    case LossKind::CrossEntropy:
        break;
    }
    return DataGroup::tr("Cross-entropy");
}

std::vector<LossKind> lossesOf(Task task)
{
    switch (task) {
    case Task::Binary:
        return {LossKind::BinaryCrossEntropy};
    case Task::Reconstruction:
    case Task::Values:
        return {LossKind::Mse, LossKind::L1};
    case Task::Classes:
        break;
    }
    return {LossKind::CrossEntropy};
}

} // namespace

DataGroup::DataGroup(QWidget* parent)
    : RecipeGroup(parent),
      m_path(new ElidedLabel(this)),
      m_taskText(new ElidedLabel(this)),
      m_classes(new CheckedEdit(namesProblem, this)),
      m_perClass(new QSpinBox(this)),
      m_inputSize(new CheckedEdit(sizeProblem, this)),
      m_loss(new QComboBox(this)),
      m_smoothing(new NumberEdit(0.0, kMostSmoothing, this))
{
    m_classes->setPlaceholderText(tr("all"));
    m_perClass->setRange(0, std::numeric_limits<int>::max());
    m_perClass->setSpecialValueText(tr("all"));
    m_perClass->setKeyboardTracking(false);
    m_perClass->setAccessibleName(tr("Training samples for each class"));
    guardFromWheel(m_perClass);
    m_inputSize->setPlaceholderText(tr("as stored"));
    guardFromWheel(m_loss);
    createFields();
    connect(m_classes, &CheckedEdit::textCommitted, this, &DataGroup::edited);
    connect(m_perClass, &QSpinBox::valueChanged, this, &DataGroup::edited);
    connect(m_inputSize, &CheckedEdit::textCommitted, this, &DataGroup::edited);
    connect(m_loss, &QComboBox::activated, this, &DataGroup::edited);
    connect(m_smoothing, &NumberEdit::valueCommitted, this, &DataGroup::edited);
    updateUsable();
}

void DataGroup::createFields()
{
    const auto classesOnly = [this] {
        return hasAccuracy(m_task) ? QString() : tr("What is learned of these samples are not classes");
    };
    addInformation(tr("Folder"), m_path);
    addInformation(tr("Learns"), m_taskText);
    addField(tr("Classes"), m_classes, tr("Names in the order of labels, as in cat, dog; empty takes all"),
             WhileRunning::Fixed, classesOnly);
    addHint(m_classes);
    addField(tr("Samples"), m_perClass, tr("Training samples for each class"), WhileRunning::Fixed,
             classesOnly);
    addField(tr("Input size"), m_inputSize,
             tr("What images are resized to: one side of a square, or height and width; empty leaves them"),
             WhileRunning::Fixed, [this] { return m_isImages ? QString() : tr("Only images are resized"); });
    addHint(m_inputSize);
    addField(tr("Loss"), m_loss, tr("What training makes small"), WhileRunning::Fixed,
             [this] { return m_losses.size() > 1 ? QString() : tr("This task has only one loss"); });
    addField(tr("Smoothing"), m_smoothing, tr("Label smoothing: the share of a label given to all classes"),
             WhileRunning::Fixed, [this] {
                 return m_task == Task::Classes ? QString() : tr("Only cross-entropy smooths labels");
             });
    addHint(m_smoothing);
}

void DataGroup::fillLosses(const Recipe& recipe)
{
    m_losses = lossesOf(m_task);
    m_loss->clear();
    for (const auto kind : m_losses)
        m_loss->addItem(textOf(kind));
    const auto chosen = std::ranges::find(m_losses, lossKindOf(recipe.loss, m_task));
    m_loss->setCurrentIndex(static_cast<int>(chosen - m_losses.begin()));
}

void DataGroup::setRecipe(const Recipe& recipe)
{
    const QSignalBlocker blocker(this);
    m_task = recipe.data.task;
    m_isImages = recipe.data.source != "audio_folder" && recipe.data.source != "tensors";
    m_path->setFullText(QString::fromStdString(recipe.data.path));
    m_taskText->setFullText(textOf(m_task));
    m_classes->setCommitted(namesText(recipe.data.classes));
    m_perClass->setValue(static_cast<int>(recipe.data.trainLimit));
    m_inputSize->setCommitted(sizeText(recipe.data.inputSize));
    fillLosses(recipe);
    m_smoothing->setValue(recipe.loss.labelSmoothing);
    updateUsable();
}

void DataGroup::store(Recipe& recipe) const
{
    recipe.data.classes = namesOf(m_classes->committed());
    recipe.data.trainLimit = m_perClass->value();
    recipe.data.inputSize = sizeOf(m_inputSize->committed());
    const auto kind = m_losses.empty() ? LossKind::CrossEntropy
                                       : m_losses[static_cast<std::size_t>(m_loss->currentIndex())];
    // The task's own loss is written only where somebody asked for it by name.
    if (lossKindOf(recipe.loss, recipe.data.task) != kind)
        recipe.loss.kind = kind;
    recipe.loss.labelSmoothing = m_smoothing->value();
}

} // namespace frostline
