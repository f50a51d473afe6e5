#include "plan/end_group.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSpinBox>

#include "controls/checked_edit.h"
#include "controls/wheel_guard.h"
#include "plan/plan_text.h"

namespace frostline {

EndGroup::EndGroup(QWidget* parent)
    : RecipeGroup(parent),
      m_on(new QCheckBox(tr("Ends before all epochs are done"), this)),
      m_monitor(new QComboBox(this)),
      m_patience(new QSpinBox(this)),
      m_threshold(new NumberEdit(0.0, 1e9, this)),
      m_mode(new QComboBox(this))
{
    m_on->setObjectName(QStringLiteral("endsEarly"));
    m_monitor->addItems(monitorNames());
    m_mode->addItems({tr("absolute"), tr("relative to the best")});
    m_patience->setRange(1, 1'000'000);
    guardFromWheel(m_monitor);
    guardFromWheel(m_patience);
    guardFromWheel(m_mode);
    createFields();
    connect(m_on, &QCheckBox::toggled, this, [this] {
        updateUsable();
        Q_EMIT edited();
    });
    connect(m_monitor, &QComboBox::activated, this, &EndGroup::edited);
    connect(m_mode, &QComboBox::activated, this, &EndGroup::edited);
    connect(m_patience, &QSpinBox::valueChanged, this, &EndGroup::edited);
    connect(m_threshold, &NumberEdit::valueCommitted, this, &EndGroup::edited);
    setRecipe(Recipe());
}

void EndGroup::createFields()
{
    const auto ifOn = [this] { return m_on->isChecked() ? QString() : tr("It does not end early"); };
    addWideField(m_on, m_on->text(), tr("When the watched figure has not got better for some epochs"),
                 WhileRunning::Locked);
    addField(tr("Watches"), m_monitor, tr("Which figure has to get better"), WhileRunning::Locked, ifOn);
    addField(tr("Patience"), m_patience, tr("Epochs without getting better after which it ends"),
             WhileRunning::Locked, ifOn);
    addField(tr("Threshold"), m_threshold, tr("What counts as better"), WhileRunning::Locked, ifOn);
    addHint(m_threshold);
    addField(tr("Counted"), m_mode, tr("What the threshold is compared with"), WhileRunning::Locked, ifOn);
}

void EndGroup::setRecipe(const Recipe& recipe)
{
    const QSignalBlocker blocker(this);
    const auto end = recipe.earlyStopping.value_or(EndRecipe());
    m_given = end.watched;
    m_on->setChecked(recipe.earlyStopping.has_value());
    m_monitor->setCurrentIndex(static_cast<int>(end.watched.monitor));
    m_patience->setValue(end.patience);
    m_threshold->setValue(end.threshold);
    m_mode->setCurrentIndex(end.isThresholdRelative ? 1 : 0);
    updateUsable();
}

void EndGroup::store(Recipe& recipe) const
{
    recipe.earlyStopping.reset();
    if (!m_on->isChecked())
        return;
    EndRecipe end;
    const auto monitor = static_cast<Monitor>(m_monitor->currentIndex());
    end.watched = monitor == m_given.monitor ? m_given : Watched{monitor, {}};
    end.patience = m_patience->value();
    end.threshold = m_threshold->value();
    end.isThresholdRelative = m_mode->currentIndex() == 1;
    recipe.earlyStopping = end;
}

} // namespace frostline
