#include "controls/pruning_group.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>

#include "controls/sparsity_slider.h"
#include "controls/wheel_guard.h"
#include "layers/layer_text.h"

namespace frostline {

PruningGroup::PruningGroup(QWidget* parent)
    : RecipeGroup(parent),
      m_sparsity(new SparsitySlider(this)),
      m_inForceLabel(new QLabel(this)),
      m_scope(new QComboBox(this)),
      m_frozen(new QCheckBox(tr("Also prune frozen layers"), this))
{
    m_scope->addItem(tr("Each layer alike"));
    m_scope->addItem(tr("Whole network"));
    guardFromWheel(m_scope);
    m_inForceLabel->setObjectName(QStringLiteral("sparsityInForce"));
    addWideField(m_sparsity, tr("Sparsity"),
                 tr("Share of the weights that are hidden; back to 0 % brings them back"),
                 WhileRunning::Live);
    addLine(m_inForceLabel);
    addField(tr("Scope"), m_scope,
             tr("Whether the smallest weights are looked for in each layer or among all layers together"),
             WhileRunning::Fixed);
    addWideField(m_frozen, tr("Also prune frozen layers"),
                 tr("Without it, what is frozen keeps all its weights"), WhileRunning::Live);
    addNote(tr("Masks make weights zero; they do not make the network faster or smaller by themselves."));
    connectEditors();
    showInForce();
    updateUsable();
}

void PruningGroup::connectEditors()
{
    connect(m_sparsity, &SparsitySlider::valueChanged, this, &PruningGroup::showInForce);
    connect(m_sparsity, &SparsitySlider::valueCommitted, this, [this](double fraction) {
        Q_EMIT changeMade({ChangeKind::Sparsity, "*", fraction});
    });
    connect(m_scope, &QComboBox::activated, this, &PruningGroup::edited);
    connect(m_frozen, &QCheckBox::toggled, m_sparsity, &SparsitySlider::setFrozenIncluded);
    connect(m_frozen, &QCheckBox::clicked, this, [this](bool on) {
        Q_EMIT changeMade({ChangeKind::PruneFrozen, {}, on});
    });
}

void PruningGroup::setRecipe(const Recipe& recipe)
{
    m_sparsity->setValue(recipe.pruning.sparsity);
    m_scope->setCurrentIndex(recipe.pruning.scope == PruningScope::Global ? 1 : 0);
    m_frozen->setChecked(recipe.pruning.frozen);
    m_inForce = -1.0;
    showInForce();
}

void PruningGroup::store(Recipe& recipe) const
{
    recipe.pruning.sparsity = m_sparsity->value();
    recipe.pruning.scope = m_scope->currentIndex() == 1 ? PruningScope::Global : PruningScope::Layer;
    recipe.pruning.frozen = m_frozen->isChecked();
}

void PruningGroup::setTotals(const LayerTotals& totals)
{
    m_sparsity->setTotals(totals);
}

void PruningGroup::setInForce(double sparsityTarget)
{
    m_inForce = sparsityTarget;
    showInForce();
}

void PruningGroup::showInForce()
{
    m_inForceLabel->setVisible(m_inForce >= 0.0 && m_inForce != m_sparsity->value());
    m_inForceLabel->setText(tr("in force now: %1").arg(percentText(m_inForce)));
}

} // namespace frostline
