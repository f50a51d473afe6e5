#include "controls/model_group.h"

#include <algorithm>
#include <array>

#include <QCheckBox>
#include <QComboBox>

#include "controls/checked_edit.h"
#include "controls/elided_label.h"
#include "controls/list_text.h"
#include "controls/wheel_guard.h"

namespace frostline {

namespace {

using Pooling = std::optional<HeadRecipe::Pooling>;

constexpr std::array<Pooling, 4> kPoolings{Pooling(), HeadRecipe::Pooling::Average, HeadRecipe::Pooling::Max,
                                           HeadRecipe::Pooling::None};

struct ActivationName {
    HeadRecipe::Activation kind;
    const char* shown;
};

constexpr std::array<ActivationName, 6> kActivations{{
    {HeadRecipe::Activation::Relu, "ReLU"},
    {HeadRecipe::Activation::LeakyRelu, "Leaky ReLU"},
    {HeadRecipe::Activation::Gelu, "GELU"},
    {HeadRecipe::Activation::Silu, "SiLU"},
    {HeadRecipe::Activation::Hardswish, "Hardswish"},
    {HeadRecipe::Activation::Tanh, "Tanh"},
}};

constexpr double kHighestDropout = 0.99;

} // namespace

ModelGroup::ModelGroup(QWidget* parent)
    : RecipeGroup(parent),
      m_architecture(new ElidedLabel(this)),
      m_weights(new ElidedLabel(this)),
      m_newHead(new QCheckBox(tr("New head"), this)),
      m_pooling(new QComboBox(this)),
      m_activation(new QComboBox(this)),
      m_hidden(new CheckedEdit(widthsProblem, this)),
      m_dropout(new NumberEdit(0.0, kHighestDropout, this))
{
    m_pooling->addItems({tr("Automatic"), tr("Average"), tr("Maximum"), tr("None")});
    guardFromWheel(m_pooling);
    for (const auto& entry : kActivations)
        m_activation->addItem(QLatin1String(entry.shown));
    guardFromWheel(m_activation);
    m_hidden->setPlaceholderText(tr("none"));
    createFields();
    connect(m_newHead, &QCheckBox::clicked, this, [this] {
        updateUsable();
        Q_EMIT edited();
    });
    connect(m_pooling, &QComboBox::activated, this, &ModelGroup::edited);
    connect(m_activation, &QComboBox::activated, this, &ModelGroup::edited);
    connect(m_hidden, &CheckedEdit::textCommitted, this, [this] {
        updateUsable();
        Q_EMIT edited();
    });
    connect(m_dropout, &NumberEdit::valueCommitted, this, &ModelGroup::edited);
    updateUsable();
}

void ModelGroup::createFields()
{
    const auto withHead = [this] {
        return m_newHead->isChecked() ? QString() : tr("Only a new head has it; the network keeps its own");
    };
    addInformation(tr("Network"), m_architecture);
    addInformation(tr("Weights"), m_weights);
    addWideField(m_newHead, tr("The head"), tr("A new classifier in place of the network's own"),
                 WhileRunning::Fixed);
    addField(tr("Pooling"), m_pooling, tr("How feature maps become one value each"), WhileRunning::Fixed,
             withHead);
    addField(tr("Hidden"), m_hidden, tr("Widths of dense layers before the last, as in 128, 64"),
             WhileRunning::Fixed, withHead);
    addHint(m_hidden);
    addField(tr("Activation"), m_activation, tr("Between the hidden layers and after the last of them"),
             WhileRunning::Fixed, [this, withHead] {
                 const auto obstacle = withHead();
                 return !obstacle.isEmpty() || !m_hidden->committed().isEmpty()
                            ? obstacle
                            : tr("There are no hidden layers");
             });
    addField(tr("Dropout"), m_dropout, tr("Share of the hidden values dropped in a training step"),
             WhileRunning::Fixed, withHead);
    addHint(m_dropout);
}

void ModelGroup::setRecipe(const Recipe& recipe)
{
    const auto& model = recipe.model;
    const auto head = model.head.value_or(HeadRecipe());
    m_architecture->setFullText(QString::fromStdString(model.architecture));
    m_weights->setFullText(model.weights.empty() ? tr("from scratch")
                                                 : QString::fromStdString(model.weights));
    m_newHead->setChecked(model.head.has_value());
    const auto pooling = std::ranges::find(kPoolings, head.pooling);
    m_pooling->setCurrentIndex(static_cast<int>(pooling - kPoolings.begin()));
    m_hidden->setCommitted(widthsText(head.hidden));
    const auto activation = std::ranges::find(kActivations, head.activation, &ActivationName::kind);
    m_activation->setCurrentIndex(static_cast<int>(activation - kActivations.begin()));
    m_dropout->setValue(head.dropout);
    updateUsable();
}

void ModelGroup::store(Recipe& recipe) const
{
    if (!m_newHead->isChecked()) {
        recipe.model.head.reset();
        return;
    }
    auto head = recipe.model.head.value_or(HeadRecipe());
    head.pooling = kPoolings[static_cast<std::size_t>(m_pooling->currentIndex())];
    head.hidden = widthsOf(m_hidden->committed());
    head.activation = kActivations[static_cast<std::size_t>(m_activation->currentIndex())].kind;
    head.dropout = m_dropout->value();
    recipe.model.head = head;
}

} // namespace frostline
