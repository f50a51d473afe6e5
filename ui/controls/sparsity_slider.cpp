#include "controls/sparsity_slider.h"

#include <cmath>

#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QSignalBlocker>
#include <QSlider>

#include "controls/quiet_commit.h"
#include "controls/wheel_guard.h"

namespace frostline {

namespace {

constexpr int kHighestPerMille = 999;

} // namespace

SparsitySlider::SparsitySlider(QWidget* parent)
    : QWidget(parent),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_spin(new QDoubleSpinBox(this)),
      m_weights(new QLabel(this)),
      m_commit(new QuietCommit(this))
{
    m_slider->setAccessibleName(tr("Sparsity"));
    m_slider->setRange(0, kHighestPerMille);
    m_slider->setSingleStep(10);
    m_slider->setPageStep(100);
    m_spin->setAccessibleName(tr("Sparsity in per cent"));
    m_spin->setRange(0.0, kHighestPerMille / 10.0);
    m_spin->setDecimals(1);
    m_spin->setSuffix(tr(" %"));
    m_spin->setKeyboardTracking(false);
    m_weights->setWordWrap(true);
    guardFromWheel(m_slider);
    guardFromWheel(m_spin);
    setFocusProxy(m_spin);
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setVerticalSpacing(2);
    layout->addWidget(m_slider, 0, 0);
    layout->addWidget(m_spin, 0, 1);
    layout->addWidget(m_weights, 1, 0, 1, 2);
    connect(m_slider, &QSlider::valueChanged, this, &SparsitySlider::takeFromSlider);
    connect(m_slider, &QSlider::sliderReleased, m_commit, &QuietCommit::commit);
    connect(m_spin, &QDoubleSpinBox::valueChanged, this, &SparsitySlider::takeFromSpinBox);
    connect(m_spin, &QDoubleSpinBox::editingFinished, m_commit, &QuietCommit::commit);
    connect(m_commit, &QuietCommit::committed, this, &SparsitySlider::valueCommitted);
    setValue(0.0);
}

void SparsitySlider::setValue(double fraction)
{
    m_value = fraction;
    m_commit->reset(fraction);
    showEverywhere(fraction);
}

void SparsitySlider::setTotals(const LayerTotals& totals)
{
    m_totals = totals;
    m_weights->setText(weightsText());
}

void SparsitySlider::setFrozenIncluded(bool included)
{
    m_frozenIncluded = included;
    m_weights->setText(weightsText());
}

QString SparsitySlider::weightsText() const
{
    // Frozen layers keep their weights unless they are pruned too.
    const auto reached = m_frozenIncluded ? m_totals.prunable : m_totals.prunableTrainable;
    const auto hidden = std::llround(m_value * static_cast<double>(reached));
    const QLocale locale;
    const auto text =
        tr("hides %1 of %2 weights")
            .arg(locale.toString(hidden), locale.toString(static_cast<qlonglong>(m_totals.prunable)));
    return m_totals.masked > 0
               ? tr("%1; %2 hidden now").arg(text, locale.toString(static_cast<qlonglong>(m_totals.masked)))
               : text;
}

void SparsitySlider::takeFromSlider(int perMille)
{
    take(perMille / 1000.0, m_slider->isSliderDown());
}

void SparsitySlider::takeFromSpinBox(double percent)
{
    take(std::round(10.0 * percent) / 1000.0, false);
}

void SparsitySlider::take(double fraction, bool isHeld)
{
    const bool isOther = std::exchange(m_value, fraction) != fraction;
    showEverywhere(fraction);
    m_commit->change(fraction, isHeld);
    if (isOther)
        Q_EMIT valueChanged(fraction);
}

void SparsitySlider::showEverywhere(double fraction)
{
    const QSignalBlocker sliderBlocker(m_slider);
    const QSignalBlocker spinBlocker(m_spin);
    m_slider->setValue(static_cast<int>(std::lround(1000.0 * fraction)));
    m_spin->setValue(100.0 * fraction);
    m_weights->setText(weightsText());
}

} // namespace frostline
