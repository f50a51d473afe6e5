#include "controls/rate_group.h"

#include <algorithm>

#include <QLabel>
#include <QLocale>

#include "controls/log_slider.h"
#include "controls/number_text.h"

namespace frostline {

namespace {

constexpr int kDigits = 3;

bool isScheduled(const Recipe& recipe)
{
    return recipe.schedule != ScheduleRecipe() ||
           std::ranges::any_of(recipe.phases, [](const auto& phase) { return phase.schedule.has_value(); });
}

} // namespace

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
    m_isScheduled = isScheduled(recipe);
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

void RateGroup::setInForce(double base, double learningRate)
{
    m_base = base;
    m_inForce = learningRate;
    showInForce();
}

void RateGroup::setPlan(const Recipe& recipe)
{
    m_isScheduled = isScheduled(recipe);
    follow(recipe.optimizer.learningRate);
}

void RateGroup::follow(double learningRate)
{
    m_rate->setValue(learningRate);
    showInForce();
}

void RateGroup::showInForce()
{
    m_inForceLabel->setVisible(m_inForce > 0.0 && (m_isScheduled || m_inForce != m_rate->value()));
    const auto rate = QLocale().toString(m_inForce, 'g', kDigits);
    if (m_inForce == m_base || m_base <= 0.0)
        m_inForceLabel->setText(tr("in force now: %1").arg(numberText(m_inForce)));
    else
        m_inForceLabel->setText(
            tr("in force now: %1 = %2 × %3")
                .arg(rate, numberText(m_base), QLocale().toString(m_inForce / m_base, 'g', kDigits)));
}

} // namespace frostline
