#include "controls/rate_group.h"

#include <QLabel>

#include "controls/log_slider.h"
#include "controls/number_text.h"

namespace frostline {

RateGroup::RateGroup(QWidget* parent)
    : RecipeGroup(parent),
      m_rate(new LogSlider(tr("Learning rate"), this)),
      m_inForceLabel(new QLabel(this))
{
    addWideField(m_rate, tr("Learning rate"),
                 tr("1e-6 to 10 on a log scale; a double click brings back the recipe's"),
                 WhileRunning::Live);
    m_inForceLabel->setObjectName(QStringLiteral("rateInForce"));
    addLine(m_inForceLabel);
    connect(m_rate, &LogSlider::valueChanged, this, &RateGroup::showInForce);
    connect(m_rate, &LogSlider::valueCommitted, this, [this](double rate) {
        Q_EMIT changeMade({ChangeKind::LearningRate, {}, rate});
    });
    showInForce();
    updateUsable();
}

void RateGroup::setRecipe(const Recipe& recipe)
{
    m_rate->setValue(recipe.optimizer.learningRate);
    m_rate->setResetValue(recipe.optimizer.learningRate);
    m_inForce = 0.0;
    showInForce();
}

void RateGroup::store(Recipe& recipe) const
{
    recipe.optimizer.learningRate = m_rate->value();
}

void RateGroup::choose(double learningRate)
{
    m_rate->setValue(learningRate);
    showInForce();
    Q_EMIT changeMade({ChangeKind::LearningRate, {}, learningRate});
}

void RateGroup::setInForce(double learningRate)
{
    m_inForce = learningRate;
    showInForce();
}

void RateGroup::showInForce()
{
    m_inForceLabel->setVisible(m_inForce > 0.0 && m_inForce != m_rate->value());
    m_inForceLabel->setText(tr("in force now: %1").arg(numberText(m_inForce)));
}

} // namespace frostline
