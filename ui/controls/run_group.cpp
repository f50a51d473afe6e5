#include "controls/run_group.h"

#include <QSpinBox>

#include "controls/checked_edit.h"
#include "controls/elided_label.h"
#include "controls/environment_text.h"
#include "controls/wheel_guard.h"

namespace frostline {

namespace {

constexpr int kMost = 1'000'000;

QSpinBox* countBox(QWidget* parent)
{
    auto* box = new QSpinBox(parent);
    box->setRange(1, kMost);
    box->setKeyboardTracking(false);
    guardFromWheel(box);
    return box;
}

QString seedProblem(const QString& text)
{
    bool isWhole = false;
    text.toULongLong(&isWhole);
    return isWhole ? QString() : RunGroup::tr("A whole number from 0 on");
}

} // namespace

RunGroup::RunGroup(QWidget* parent)
    : RecipeGroup(parent),
      m_batchSize(countBox(this)),
      m_epochs(countBox(this)),
      m_seed(new CheckedEdit(seedProblem, this)),
      m_device(new ElidedLabel(this))
{
    addField(tr("Batch size"), m_batchSize, tr("Images in one step"), WhileRunning::Fixed);
    addField(
        tr("Epochs"), m_epochs, tr("How often all training images are seen"), WhileRunning::Locked,
        [this] { return m_hasPhases ? tr("Its phases have epochs of their own, under Plan") : QString(); });
    addField(tr("Seed"), m_seed, tr("The same seed gives the same run, to the bit"), WhileRunning::Fixed);
    addHint(m_seed);
    addInformation(tr("Device"), m_device);
    connect(m_batchSize, &QSpinBox::valueChanged, this, &RunGroup::edited);
    connect(m_epochs, &QSpinBox::valueChanged, this, &RunGroup::edited);
    connect(m_seed, &CheckedEdit::textCommitted, this, &RunGroup::edited);
    updateUsable();
}

void RunGroup::setRecipe(const Recipe& recipe)
{
    const QSignalBlocker blocker(this);
    m_batchSize->setValue(static_cast<int>(recipe.batchSize));
    m_epochs->setValue(recipe.epochs);
    m_hasPhases = !recipe.phases.empty();
    m_seed->setCommitted(QString::number(recipe.seed));
    updateUsable();
}

void RunGroup::store(Recipe& recipe) const
{
    recipe.batchSize = m_batchSize->value();
    if (!m_hasPhases)
        recipe.epochs = m_epochs->value();
    recipe.seed = m_seed->committed().toULongLong();
}

void RunGroup::setEnvironment(const SessionEnvironment& environment)
{
    m_device->setFullText(environmentText(environment));
}

} // namespace frostline
