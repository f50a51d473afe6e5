#include "plots/plot_toolbar.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>

#include "theme/icons.h"

namespace frostline {

PlotToolbar::PlotToolbar(QWidget* parent) : QWidget(parent), m_layout(new QHBoxLayout(this))
{
    m_layout->setContentsMargins(8, 4, 8, 4);
    m_layout->setSpacing(4);
    addViewButtons();
    addAxisChoice();
    addSmoothing();
    m_layout->addStretch(1);
    addOutputButtons();
    updateIcons();
    setFitted(true);
    setHasData(false);
}

void PlotToolbar::addViewButtons()
{
    m_fit = addButton(QStringLiteral("fit"), tr("Fit"), tr("Show all of the run and follow it (0)"));
    connect(m_fit, &QToolButton::clicked, this, &PlotToolbar::fitRequested);
    auto* log = addToggle(QStringLiteral("log"), tr("Log"), tr("Logarithmic loss axis"), false);
    connect(log, &QToolButton::toggled, this, &PlotToolbar::logarithmicToggled);
    auto* outliers = addToggle(QStringLiteral("outliers"), tr("No outliers"),
                               tr("Ignore outliers when scaling: fit the 1st to the 99th percentile"), false);
    connect(outliers, &QToolButton::toggled, this, &PlotToolbar::outliersIgnored);
    auto* crosshair =
        addToggle(QStringLiteral("crosshair"), tr("Crosshair"),
                  tr("Values under the mouse; with the plots in focus, the arrow keys move it"), true);
    connect(crosshair, &QToolButton::toggled, this, &PlotToolbar::crosshairToggled);
    auto* legend = addToggle(QStringLiteral("marker"), tr("Legend"), tr("Show the legend"), true);
    connect(legend, &QToolButton::toggled, this, &PlotToolbar::legendToggled);
}

void PlotToolbar::addAxisChoice()
{
    m_axis = new QComboBox(this);
    m_axis->setObjectName(QStringLiteral("axis"));
    m_axis->setAccessibleName(tr("Horizontal axis"));
    m_axis->setToolTip(tr("What runs along the horizontal axis"));
    m_axis->addItem(tr("Step"), QVariant::fromValue(static_cast<int>(XAxis::Steps)));
    m_axis->addItem(tr("Epoch"), QVariant::fromValue(static_cast<int>(XAxis::Epochs)));
    m_axis->addItem(tr("Time"), QVariant::fromValue(static_cast<int>(XAxis::Time)));
    m_layout->addSpacing(6);
    m_layout->addWidget(m_axis);
    connect(m_axis, &QComboBox::currentIndexChanged, this,
            [this] { Q_EMIT axisChosen(static_cast<XAxis>(m_axis->currentData().toInt())); });
}

void PlotToolbar::addSmoothing()
{
    const QString help = tr("Exponential moving average of training loss and accuracy; 0 is off");
    auto* label = new QLabel(tr("S&moothing"), this);
    m_slider = new QSlider(Qt::Horizontal, this);
    m_slider->setObjectName(QStringLiteral("smoothingSlider"));
    m_slider->setAccessibleName(tr("Smoothing"));
    m_slider->setToolTip(help);
    m_slider->setRange(0, 99);
    m_slider->setMinimumWidth(60);
    m_slider->setMaximumWidth(140);
    m_weight = new QDoubleSpinBox(this);
    m_weight->setObjectName(QStringLiteral("smoothingWeight"));
    m_weight->setAccessibleName(tr("Smoothing weight"));
    m_weight->setToolTip(help);
    m_weight->setRange(0.0, 0.99);
    m_weight->setSingleStep(0.01);
    label->setBuddy(m_weight);
    m_layout->addSpacing(6);
    m_layout->addWidget(label);
    m_layout->addWidget(m_slider, 1);
    m_layout->addWidget(m_weight);
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) { setSmoothing(value / 100.0); });
    connect(m_weight, &QDoubleSpinBox::valueChanged, this, &PlotToolbar::setSmoothing);
}

void PlotToolbar::addOutputButtons()
{
    m_copy = addButton(QStringLiteral("copy"), tr("Copy"), tr("Copy the picture to the clipboard"));
    connect(m_copy, &QToolButton::clicked, this, &PlotToolbar::copyRequested);
    m_export = addButton(QStringLiteral("export"), tr("Export…"),
                         tr("Save as a picture (PNG, SVG, PDF) or as numbers (CSV)"));
    connect(m_export, &QToolButton::clicked, this, &PlotToolbar::exportRequested);
}

QToolButton* PlotToolbar::addButton(const QString& icon, const QString& text, const QString& help)
{
    auto* button = new QToolButton(this);
    button->setObjectName(icon);
    button->setText(text);
    button->setAccessibleName(text);
    button->setAccessibleDescription(help);
    button->setToolTip(help);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    m_layout->addWidget(button);
    m_buttons.push_back({button, icon});
    return button;
}

QToolButton* PlotToolbar::addToggle(const QString& icon, const QString& text, const QString& help, bool on)
{
    auto* button = addButton(icon, text, help);
    button->setCheckable(true);
    button->setChecked(on);
    return button;
}

void PlotToolbar::setSmoothing(double weight)
{
    const QSignalBlocker quietSlider(m_slider);
    const QSignalBlocker quietWeight(m_weight);
    m_slider->setValue(qRound(weight * 100.0));
    m_weight->setValue(weight);
    Q_EMIT smoothingChanged(weight);
}

void PlotToolbar::setFitted(bool fitted)
{
    m_fit->setEnabled(!fitted);
    m_fit->setToolTip(fitted ? tr("All of the run is in view") : tr("Show all of the run and follow it (0)"));
}

void PlotToolbar::setHasData(bool hasData)
{
    m_copy->setEnabled(hasData);
    m_export->setEnabled(hasData);
}

void PlotToolbar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        updateIcons();
}

void PlotToolbar::updateIcons()
{
    for (const auto& [button, name] : m_buttons) {
        const QIcon drawn = icon(name);
        button->setIcon(drawn);
        button->setToolButtonStyle(drawn.isNull() ? Qt::ToolButtonTextOnly : Qt::ToolButtonIconOnly);
    }
}

} // namespace frostline
