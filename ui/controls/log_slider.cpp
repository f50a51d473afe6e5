#include "controls/log_slider.h"

#include <algorithm>
#include <cmath>

#include <QEvent>
#include <QGridLayout>
#include <QSignalBlocker>
#include <QSlider>

#include "controls/checked_edit.h"
#include "controls/quiet_commit.h"
#include "controls/wheel_guard.h"

namespace frostline {

namespace {

constexpr int kLowestDecade = -6;
constexpr int kHighestDecade = 1;
constexpr int kStepsPerDecade = 20;
constexpr int kPositions = (kHighestDecade - kLowestDecade) * kStepsPerDecade;
constexpr double kLowest = 1e-6;
constexpr double kHighest = 10.0;

/// Two significant digits tell all steps of a decade apart and read well.
double valueAt(int position)
{
    const double exact = std::pow(10.0, kLowestDecade + static_cast<double>(position) / kStepsPerDecade);
    return QString::number(exact, 'e', 1).toDouble();
}

int positionOf(double value)
{
    const double decades = std::log10(std::clamp(value, kLowest, kHighest)) - kLowestDecade;
    return static_cast<int>(std::lround(decades * kStepsPerDecade));
}

} // namespace

LogSlider::LogSlider(const QString& accessibleName, QWidget* parent)
    : QWidget(parent),
      m_slider(new QSlider(Qt::Horizontal, this)),
      m_edit(new NumberEdit(kLowest, kHighest, this)),
      m_hint(new HintLabel(m_edit, this)),
      m_commit(new QuietCommit(this))
{
    m_slider->setAccessibleName(accessibleName);
    m_slider->setRange(0, kPositions);
    m_slider->setPageStep(kStepsPerDecade / 2);
    m_slider->setTickPosition(QSlider::TicksBelow);
    m_slider->setTickInterval(kStepsPerDecade);
    m_slider->installEventFilter(this);
    guardFromWheel(m_slider);
    m_edit->setAccessibleName(accessibleName);
    m_edit->setFixedWidth(fontMetrics().horizontalAdvance(u'0') * 9);
    setFocusProxy(m_edit);
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setVerticalSpacing(2);
    layout->addWidget(m_slider, 0, 0);
    layout->addWidget(m_edit, 0, 1);
    layout->addWidget(m_hint, 1, 0, 1, 2);
    connect(m_slider, &QSlider::valueChanged, this, &LogSlider::takeFromSlider);
    connect(m_slider, &QSlider::sliderReleased, m_commit, &QuietCommit::commit);
    connect(m_edit, &NumberEdit::valueCommitted, this, &LogSlider::takeFromEdit);
    connect(m_commit, &QuietCommit::committed, this, &LogSlider::valueCommitted);
}

void LogSlider::setValue(double value)
{
    m_value = value;
    m_commit->reset(value);
    m_edit->setValue(value);
    showOnSlider(value);
}

bool LogSlider::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_slider || event->type() != QEvent::MouseButtonDblClick)
        return QWidget::eventFilter(watched, event);
    showOnSlider(m_resetValue);
    m_edit->setValue(m_resetValue);
    take(m_resetValue, true);
    m_commit->commit();
    return true;
}

void LogSlider::takeFromSlider(int position)
{
    const double value = valueAt(position);
    m_edit->setValue(value);
    take(value, m_slider->isSliderDown());
}

void LogSlider::takeFromEdit(double value)
{
    showOnSlider(value);
    take(value, true);
    m_commit->commit();
}

void LogSlider::take(double value, bool isHeld)
{
    m_commit->change(value, isHeld);
    if (std::exchange(m_value, value) != value)
        Q_EMIT valueChanged(value);
}

void LogSlider::showOnSlider(double value)
{
    const QSignalBlocker blocker(m_slider);
    m_slider->setValue(positionOf(value));
}

} // namespace frostline
